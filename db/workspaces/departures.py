"""That a workspace removed us, and what vendors still honour of it."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, delete, select

from db.installations import Installation
from db.store.session import Session
from db.store.types import Encrypted, UtcDateTime


class Departure(SQLModel, table=True):
    """A workspace, or an organisation, that removed us; gone once nothing of it is left."""

    __tablename__ = "departures"

    workspace_id: str = Field(primary_key=True)
    left_at: datetime = Field(sa_type=UtcDateTime)


class EndingGrant(SQLModel, table=True):
    """What a vendor honours until it is told otherwise; nothing says whose it was."""

    __tablename__ = "ending_grants"

    id: str = Field(default_factory=lambda: uuid4().hex, primary_key=True)
    vendor: str
    secret: bytes = Field(sa_type=Encrypted)
    since: datetime = Field(sa_type=UtcDateTime)


async def depart(session: Session, workspace_id: str, left_at: datetime) -> bool:
    """Write down that it left; False when that is known."""
    values = insert(Departure).values(workspace_id=workspace_id, left_at=left_at)
    written = values.on_conflict_do_nothing().returning(col(Departure.workspace_id))
    return (await session.execute(written)).scalar_one_or_none() is not None


async def departed(session: Session, workspace_id: str) -> Departure | None:
    """When it left, the row held until the transaction ends: nobody installs meanwhile."""
    query = select(Departure).where(Departure.workspace_id == workspace_id)
    return (await session.exec(query.with_for_update())).first()


async def is_back(session: Session, workspace_id: str) -> None:
    """It installed us again, or nothing of it is left."""
    await session.execute(delete(Departure).where(col(Departure.workspace_id) == workspace_id))


async def is_installed(session: Session, workspace_id: str) -> bool:
    """Whether this workspace or organisation has an installation of its own."""
    whole = (col(Installation.enterprise_id) == workspace_id) & (col(Installation.team_id) == "")
    own = col(Installation.team_id) == workspace_id
    return (await session.exec(select(Installation).where(own | whole))).first() is not None


async def grant(session: Session, grant_id: str, *, lock: bool = False) -> EndingGrant | None:
    """Global: one that ends (the id comes from our own queue)."""
    query = select(EndingGrant).where(EndingGrant.id == grant_id)
    return (await session.exec(query.with_for_update() if lock else query)).one_or_none()
