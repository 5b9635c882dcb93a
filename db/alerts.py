"""Alerts: what may be wrong, by cause and subject, and what the ops channel was told of it."""

from datetime import datetime

from sqlalchemy import Text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, delete, or_, select

from db.store.session import Session
from db.store.types import UtcDateTime

FIRING, WELL = "firing", "well"


class AlertRow(SQLModel, table=True):
    """One trouble. `count` is how often it was raised since its message was posted, `times` how
    often it came anew meanwhile.

    `told` is what the channel heard last, "" for nothing yet; `drawn` what its message shows.
    `posted_at` and `well_told_at` are when the message and the last recovery were posted,
    `mailed_at` when an e-mail left instead. Whoever tells holds the row until `held_until`.
    """

    __tablename__ = "alerts"

    cause: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    detail: str = Field(default="", sa_type=Text)
    state: str = FIRING
    count: int = 0
    times: int = 0
    began_at: datetime = Field(sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    told: str = ""
    drawn: str = ""
    drawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    workspace_id: str = ""
    channel_id: str = ""
    message_ts: str = ""
    posted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    well_told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    mailed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    held_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def locked(session: Session, cause: str, subject: str, now: datetime) -> AlertRow:
    """Global: the row, made well when there was none, and locked until the transaction ends."""
    new = AlertRow(cause=cause, subject=subject, state=WELL, began_at=now, last_at=now)
    await session.execute(insert(AlertRow).values(**new.model_dump()).on_conflict_do_nothing())
    query = select(AlertRow).where(AlertRow.cause == cause, AlertRow.subject == subject)
    fresh = {"populate_existing": True}
    return (await session.exec(query.with_for_update(), execution_options=fresh)).one()


async def find(session: Session, cause: str, subject: str) -> AlertRow | None:
    """Global: one alert."""
    query = select(AlertRow).where(AlertRow.cause == cause, AlertRow.subject == subject)
    return (await session.exec(query)).one_or_none()


async def lively(session: Session) -> list[AlertRow]:
    """Global: those that fire, and those whose end was not told; the oldest first."""
    query = select(AlertRow).where(or_(AlertRow.state == FIRING, AlertRow.told == FIRING))
    return list((await session.exec(query.order_by(col(AlertRow.began_at)))).all())


async def hold(session: Session, cause: str, subject: str, now: datetime, until: datetime) -> bool:
    """Global: whether it is ours to tell until then; nobody else does meanwhile."""
    ours = (
        update(AlertRow)
        .where(
            col(AlertRow.cause) == cause,
            col(AlertRow.subject) == subject,
            or_(col(AlertRow.held_until).is_(None), col(AlertRow.held_until) < now),
        )
        .values(held_until=until)
        .returning(col(AlertRow.cause))
    )
    return (await session.execute(ours)).scalar_one_or_none() is not None


async def forget(session: Session, before: datetime) -> None:
    """Global: delete those that are well, told, and quiet since then."""
    over = delete(AlertRow).where(
        col(AlertRow.state) == WELL, col(AlertRow.told) != FIRING, col(AlertRow.last_at) < before
    )
    await session.execute(over)
