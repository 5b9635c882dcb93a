"""How far a workspace's index was read from its CRM, and which process reads on."""

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, delete, select

from db.store.session import Session
from db.store.types import JsonText, UtcDateTime


class CrmIndexRow(SQLModel, table=True):
    """The state of one workspace's index.

    `epoch` grows when another CRM is connected: a worker of an old one changes nothing. `cursors`
    is a JSON object by kind; `seen` numbers full passes, `full` says that one is under way.
    `leased_to` is the job that reads, until `leased_until`; nothing is asked before `not_before`.
    """

    __tablename__ = "crm_indexes"

    workspace_id: str = Field(primary_key=True)
    vendor: str
    epoch: int = 1
    seen: int = 1
    full: bool = True
    kind: str = "account"
    cursors: str = Field(default="{}", sa_type=JsonText)
    done: int = 0
    total: int = 0
    problem: str = Field(default="", sa_type=Text)
    filled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    refreshed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    full_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    not_before: datetime | None = Field(default=None, sa_type=UtcDateTime)
    leased_to: str = ""
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CrmMappingRow(SQLModel, table=True):
    """Which account people chose for a domain; `account_id` "": none of the CRM's."""

    __tablename__ = "crm_mappings"

    workspace_id: str = Field(primary_key=True)
    domain: str = Field(primary_key=True)
    account_id: str
    account_name: str = Field(sa_type=Text)
    chosen_by: str
    chosen_at: datetime = Field(sa_type=UtcDateTime)


async def find(session: Session, workspace_id: str, *, lock: bool = False) -> CrmIndexRow | None:
    """The workspace's state; `lock` holds its row until the transaction ends."""
    query = select(CrmIndexRow).where(CrmIndexRow.workspace_id == workspace_id)
    if lock:
        query = query.with_for_update()
    return (await session.exec(query)).one_or_none()


async def all_workspaces(session: Session) -> list[str]:
    """Global: every workspace that has an index."""
    return list((await session.exec(select(CrmIndexRow.workspace_id))).all())


async def mapping(session: Session, workspace_id: str, domain: str) -> CrmMappingRow | None:
    """What was chosen for the domain."""
    return await session.get(CrmMappingRow, (workspace_id, domain))


async def choose(session: Session, workspace_id: str, chosen: CrmMappingRow) -> None:
    """Keep a choice; of two at one moment the later counts."""
    if chosen.workspace_id != workspace_id:
        raise ValueError("a choice of another workspace")
    values = chosen.model_dump()
    fresh = {name: values[name] for name in values if name not in ("workspace_id", "domain")}
    row = insert(CrmMappingRow).values(**values)
    await session.execute(
        row.on_conflict_do_update(index_elements=["workspace_id", "domain"], set_=fresh)
    )


async def forget_mapping(session: Session, workspace_id: str, domain: str) -> None:
    """Drop what was chosen for the domain."""
    statement = delete(CrmMappingRow).where(
        col(CrmMappingRow.workspace_id) == workspace_id, col(CrmMappingRow.domain) == domain
    )
    await session.execute(statement)


async def mappings(session: Session, workspace_id: str, *, limit: int) -> list[CrmMappingRow]:
    """What was chosen in the workspace, newest first."""
    query = select(CrmMappingRow).where(CrmMappingRow.workspace_id == workspace_id)
    newest = (col(CrmMappingRow.chosen_at).desc(), col(CrmMappingRow.domain))
    return list((await session.exec(query.order_by(*newest).limit(limit))).all())


async def forget(session: Session, workspace_id: str) -> None:
    """Drop a workspace's state and its choices: they name accounts of a CRM it has no more."""
    row = await find(session, workspace_id)
    if row is not None:
        await session.delete(row)
        await session.flush()
    choices = delete(CrmMappingRow).where(col(CrmMappingRow.workspace_id) == workspace_id)
    await session.execute(choices)
