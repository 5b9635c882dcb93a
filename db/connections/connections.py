"""What a member has connected (Fathom, Google, Crono): one sealed secret each, and its health."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, SQLModel, col, delete, select

from db.store.session import Session
from db.store.types import Encrypted, UtcDateTime

CONNECTED = "connected"
DISCONNECTED = "disconnected"


class Connection(SQLModel, table=True):
    """A member's way into a vendor, or (member "") the whole workspace's into its CRM.

    `secret` is a sealed text in the service's own form.
    """

    __tablename__ = "connections"
    __table_args__ = (UniqueConstraint("workspace_id", "member_id", "vendor"),)

    id: str = Field(default_factory=lambda: uuid4().hex, primary_key=True)
    workspace_id: str
    member_id: str
    vendor: str
    status: str = CONNECTED
    account: str = ""
    secret: bytes = Field(sa_type=Encrypted)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    renewing_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    connected_at: datetime = Field(sa_type=UtcDateTime)


async def find(
    session: Session, workspace_id: str, member_id: str, vendor: str, *, lock: bool = False
) -> Connection | None:
    """The member's connection to `vendor`; `lock` holds its row until the transaction ends."""
    query = select(Connection).where(
        Connection.workspace_id == workspace_id,
        Connection.member_id == member_id,
        Connection.vendor == vendor,
    )
    if lock:
        query = query.with_for_update()
    return (await session.exec(query)).one_or_none()


async def shared(
    session: Session, workspace_id: str, member_id: str, vendor: str, account: str
) -> bool:
    """Whether another member of the workspace has connected the same account."""
    query = select(Connection.id).where(
        Connection.workspace_id == workspace_id,
        Connection.member_id != member_id,
        Connection.vendor == vendor,
        Connection.account == account,
        Connection.status == CONNECTED,
    )
    return (await session.exec(query.limit(1))).first() is not None


async def elsewhere(session: Session, workspace_id: str, vendor: str, account: str) -> bool:
    """Whether the same account is connected in another workspace than this one."""
    query = select(Connection.id).where(
        Connection.workspace_id != workspace_id,
        Connection.vendor == vendor,
        Connection.account == account,
        Connection.account != "",
    )
    return (await session.exec(query.limit(1))).first() is not None


async def of_workspace(session: Session, workspace_id: str, vendor: str) -> list[Connection]:
    """Everybody's connections of the workspace to this vendor."""
    query = select(Connection).where(
        Connection.workspace_id == workspace_id, Connection.vendor == vendor
    )
    return list((await session.exec(query)).all())


async def counts(session: Session, workspace_id: str, vendor: str) -> tuple[int, int]:
    """How many members are connected to the vendor, and how many were until it refused them."""
    query = (
        select(Connection.status, func.count())
        .where(
            Connection.workspace_id == workspace_id,
            Connection.member_id != "",
            Connection.vendor == vendor,
        )
        .group_by(Connection.status)
    )
    found = dict((await session.exec(query)).all())
    return found.get(CONNECTED, 0), found.get(DISCONNECTED, 0)


async def of_member(session: Session, workspace_id: str, member_id: str) -> list[Connection]:
    """Everything the member has connected, by vendor name."""
    query = select(Connection).where(
        Connection.workspace_id == workspace_id, Connection.member_id == member_id
    )
    return sorted((await session.exec(query)).all(), key=lambda row: row.vendor)


async def of_member_and_all(
    session: Session, workspace_id: str, member_id: str
) -> list[Connection]:
    """What the member has connected, and what the whole workspace has."""
    query = select(Connection).where(
        Connection.workspace_id == workspace_id,
        (col(Connection.member_id) == member_id) | (col(Connection.member_id) == ""),
    )
    return sorted((await session.exec(query)).all(), key=lambda row: row.vendor)


async def of_everybody(session: Session, vendors: Sequence[str]) -> list[Connection]:
    """Global: what whole workspaces have connected of these vendors."""
    query = select(Connection).where(
        Connection.member_id == "", col(Connection.vendor).in_(vendors)
    )
    return list((await session.exec(query)).all())


async def forget(session: Session, workspace_id: str, vendors: Sequence[str]) -> None:
    """Delete everybody's connections of the workspace to these vendors."""
    statement = delete(Connection).where(
        col(Connection.workspace_id) == workspace_id, col(Connection.vendor).in_(vendors)
    )
    await session.execute(statement)
