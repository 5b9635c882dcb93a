"""Meetings that arrived: one row for each member and recording, with what was told of it."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, select

from db.store.session import Session
from db.store.types import UtcDateTime


class ArrivalRow(SQLModel, table=True):
    """A recording that became ready, as one member's news.

    `reason` is a word for why nothing is told, or why it is asked. `intent_at` is when a card was
    last about to be posted: with no `card_ts` it may be there all the same. `looks` counts looks at
    a transcript that was not there, `again_at` is the next. `reminded_at` is set before reminding.
    """

    __tablename__ = "arrivals"
    __table_args__ = (
        UniqueConstraint("workspace_id", "member_id", "recording_id"),
        Index(
            "arrivals_unused_idx",
            "told_at",
            postgresql_where=text("reminded_at IS NULL AND followup_id != ''"),
        ),
    )

    id: str = Field(default_factory=lambda: uuid4().hex, primary_key=True)
    workspace_id: str
    member_id: str
    recording_id: int = Field(sa_type=BigInteger)
    source: str
    state: str = "new"
    reason: str = Field(default="", sa_type=Text)
    operation_id: str = ""
    run: int = 1
    followup_id: str = ""
    looks: int = 0
    again_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    card_channel: str = ""
    card_ts: str = ""
    intent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


async def add(session: Session, workspace_id: str, row: ArrivalRow) -> bool:
    """Insert it; False when this member has that recording already."""
    if row.workspace_id != workspace_id:
        raise ValueError("an arrival of another workspace")
    query = insert(ArrivalRow).values(**row.model_dump()).on_conflict_do_nothing()
    written = await session.execute(query.returning(col(ArrivalRow.id)))
    return written.scalar_one_or_none() is not None


async def of_recording(
    session: Session, workspace_id: str, member_id: str, recording_id: int, *, lock: bool = False
) -> ArrivalRow | None:
    """The member's arrival of this recording; `lock` holds its row."""
    query = select(ArrivalRow).where(
        ArrivalRow.workspace_id == workspace_id,
        ArrivalRow.member_id == member_id,
        ArrivalRow.recording_id == recording_id,
    )
    if lock:
        query = query.with_for_update()
    return (await session.exec(query)).one_or_none()


async def known(
    session: Session, workspace_id: str, member_id: str, recording_ids: list[int]
) -> dict[int, ArrivalRow]:
    """Those of these recordings that have arrived for the member, by recording id."""
    query = select(ArrivalRow).where(
        ArrivalRow.workspace_id == workspace_id,
        ArrivalRow.member_id == member_id,
        col(ArrivalRow.recording_id).in_(recording_ids),
    )
    return {row.recording_id: row for row in (await session.exec(query)).all()}


async def find(
    session: Session, workspace_id: str, member_id: str, arrival_id: str, *, lock: bool = False
) -> ArrivalRow | None:
    """The arrival if it is this member's; `lock` holds its row until the transaction ends."""
    query = select(ArrivalRow).where(
        ArrivalRow.id == arrival_id,
        ArrivalRow.workspace_id == workspace_id,
        ArrivalRow.member_id == member_id,
    )
    if lock:
        query = query.with_for_update()
    return (await session.exec(query)).one_or_none()


async def find_job(session: Session, arrival_id: str, *, lock: bool = False) -> ArrivalRow | None:
    """Global: the arrival a job was started for (the id comes from our own queue)."""
    return await session.get(ArrivalRow, arrival_id, with_for_update=lock or None)


async def unused(session: Session, told_before: datetime, limit: int) -> list[str]:
    """Global: arrivals with a follow-up, told of before then, of which nobody was reminded."""
    query = select(ArrivalRow.id).where(
        ArrivalRow.followup_id != "",
        col(ArrivalRow.reminded_at).is_(None),
        col(ArrivalRow.told_at) <= told_before,
    )
    return list((await session.exec(query.order_by(col(ArrivalRow.told_at)).limit(limit))).all())
