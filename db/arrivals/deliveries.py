"""Deliveries of Fathom's webhooks, sealed as they came until they are read; each id once."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, delete, update

from db.store.session import Session
from db.store.types import Encrypted, UtcDateTime


class FathomDeliveryRow(SQLModel, table=True):
    """One delivery; `id` is that of the connection and the delivery's own, a repeat has it too.

    `body` is what was said in a meeting: it goes once it was read.
    """

    __tablename__ = "fathom_deliveries"

    id: str = Field(primary_key=True)
    workspace_id: str
    member_id: str
    body: bytes | None = Field(default=None, sa_type=Encrypted)
    received_at: datetime = Field(sa_type=UtcDateTime, index=True)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def store(session: Session, workspace_id: str, row: FathomDeliveryRow) -> bool:
    """Keep a new delivery; False when it is here already."""
    if row.workspace_id != workspace_id:
        raise ValueError("a delivery of another workspace")
    # Read one by one: a dump would turn what is sealed into plain bytes, which are refused.
    values = {name: getattr(row, name) for name in FathomDeliveryRow.model_fields}
    query = insert(FathomDeliveryRow).values(values).on_conflict_do_nothing()
    written = await session.execute(query.returning(col(FathomDeliveryRow.id)))
    return written.scalar_one_or_none() is not None


async def find(session: Session, delivery_id: str) -> FathomDeliveryRow | None:
    """Global: the delivery a job was started for (the id comes from our own queue)."""
    return await session.get(FathomDeliveryRow, delivery_id)


async def empty(session: Session, delivery_id: str, now: datetime) -> None:
    """Global by delivery id (from our own queue): it was read, its words go."""
    mine = col(FathomDeliveryRow.id) == delivery_id
    await session.exec(update(FathomDeliveryRow).where(mine).values(body=None, read_at=now))


async def purge(session: Session, before: datetime) -> None:
    """Global: drop every delivery that came before the given time."""
    await session.exec(delete(FathomDeliveryRow).where(col(FathomDeliveryRow.received_at) < before))
