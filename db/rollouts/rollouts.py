"""Rollouts: what shall be done to whom, what a person wants of it now, and who agreed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import BigInteger, Identity, Index, Text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, select

from db.store.session import Session
from db.store.types import JsonText, UtcDateTime

CHECKING, REFUSED, REHEARSED, PROPOSED, WITHDRAWN = (
    "checking",
    "refused",
    "rehearsed",
    "proposed",
    "withdrawn",
)
OPEN, DONE, ABORTED, ROLLED_BACK = "open", "done", "aborted", "rolled_back"
RUN, PAUSE, HALT, ABORT = "run", "pause", "halt", "abort"
UP, DOWN = "up", "down"


class RolloutRow(SQLModel, table=True):
    """One rollout.

    `control` is what is wanted now, read before each tenant; `hold` stops it at the end of a wave.
    `tenants` names the chosen ones (JSON; [] for all), `options` how it goes. `wanted`: somebody
    said *Start*; `leave_rest`: finish without those out of reach; `halt_told`: the ops channel
    heard of the halt. `reopened` counts the operations begun for it after its first.
    `watch_until` is set while the tenants of `wave` are watched. `breaches` say why it halted
    (JSON), `accepted` which of them no longer halt it.
    """

    __tablename__ = "rollouts"
    __table_args__ = (Index("ix_rollouts_created_at", "created_at", "id"),)

    id: str = Field(default_factory=lambda: f"ro_{uuid4().hex[:12]}", primary_key=True)
    version: str = Field(index=True)
    hash: str
    up_sql: str = Field(sa_type=Text)
    down_sql: str = Field(default="", sa_type=Text)
    strategy: str
    canary: str = ""
    tenants: str = Field(default="[]", sa_type=JsonText)
    options: str = Field(default="{}", sa_type=JsonText)
    state: str = Field(default=CHECKING, index=True)
    direction: str = UP
    control: str = RUN
    hold: bool = False
    wanted: bool = False
    dry_run: bool = False
    needs_approval: bool = False
    can_roll_back: bool = False
    destroys_on_way_back: bool = False
    leave_rest: bool = False
    halt_told: bool = False
    wave: int = 1
    waves: int = 0
    watch_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    breaches: str = Field(default="[]", sa_type=JsonText)
    accepted: str = Field(default="[]", sa_type=JsonText)
    operation_id: str = ""
    reopened: int = 0
    operator_kind: str
    operator_id: str
    operator_name: str = ""
    language: str = "en"
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RolloutReviewRow(SQLModel, table=True):
    """What was found in its SQL and on copies (JSON), and the schemas that are expected (JSON)."""

    __tablename__ = "rollout_reviews"

    rollout_id: str = Field(primary_key=True, foreign_key="rollouts.id", ondelete="CASCADE")
    review: str = Field(sa_type=JsonText)
    expected: str = Field(default="{}", sa_type=JsonText)


class RolloutApprovalRow(SQLModel, table=True):
    """Somebody agreed to SQL of this hash, and to no other."""

    __tablename__ = "rollout_approvals"

    rollout_id: str = Field(primary_key=True, foreign_key="rollouts.id", ondelete="CASCADE")
    hash: str = Field(primary_key=True)
    operator_kind: str
    operator_id: str
    operator_name: str = ""
    at: datetime = Field(sa_type=UtcDateTime)


class RolloutEventRow(SQLModel, table=True):
    """What happened to a rollout, told to people: `code` and its facts (JSON)."""

    __tablename__ = "rollout_events"

    id: int | None = Field(
        default=None, primary_key=True, sa_type=BigInteger, sa_column_args=(Identity(),)
    )
    rollout_id: str = Field(foreign_key="rollouts.id", ondelete="CASCADE", index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    code: str
    who: str = ""
    facts: str = Field(default="{}", sa_type=JsonText)


async def find(session: Session, rollout_id: str, *, lock: bool = False) -> RolloutRow | None:
    """Global: the rollout; `lock` holds its row until the transaction ends."""
    query = select(RolloutRow).where(RolloutRow.id == rollout_id)
    query = query.execution_options(populate_existing=True)
    return (await session.exec(query.with_for_update() if lock else query)).one_or_none()


async def page(
    session: Session, *, after: RolloutRow | None = None, limit: int = 50
) -> list[RolloutRow]:
    """Global: rollouts, the newest first, older than `after`."""
    query = select(RolloutRow).order_by(
        col(RolloutRow.created_at).desc(), col(RolloutRow.id).desc()
    )
    if after is not None:
        older = (col(RolloutRow.created_at) < after.created_at) | (
            (col(RolloutRow.created_at) == after.created_at) & (col(RolloutRow.id) < after.id)
        )
        query = query.where(older)
    return list((await session.exec(query.limit(limit))).all())


async def open_ones(session: Session) -> list[RolloutRow]:
    """Global: rollouts on their way, whether they run, wait or stand still; the oldest first."""
    query = select(RolloutRow).where(RolloutRow.state == OPEN)
    return list((await session.exec(query.order_by(col(RolloutRow.created_at)))).all())


async def of_version(session: Session, version: str) -> list[RolloutRow]:
    """Global: the rollouts of this version, the newest first."""
    query = select(RolloutRow).where(RolloutRow.version == version)
    return list((await session.exec(query.order_by(col(RolloutRow.created_at).desc()))).all())


async def review(session: Session, rollout_id: str) -> RolloutReviewRow | None:
    """Global: what was found, None while it is being looked at."""
    return await session.get(RolloutReviewRow, rollout_id)


async def keep_review(session: Session, row: RolloutReviewRow) -> None:
    """Global: write what was found, over what a try before a crash wrote."""
    values = row.model_dump()
    written = insert(RolloutReviewRow).values(**values)
    await session.execute(written.on_conflict_do_update(index_elements=["rollout_id"], set_=values))


async def approve(session: Session, row: RolloutApprovalRow) -> None:
    """Global: note that somebody agreed; the first stays."""
    written = insert(RolloutApprovalRow).values(**row.model_dump()).on_conflict_do_nothing()
    await session.execute(written)


async def approval(session: Session, rollout_id: str, sql_hash: str) -> RolloutApprovalRow | None:
    """Global: who agreed to just this SQL."""
    return await session.get(RolloutApprovalRow, (rollout_id, sql_hash))


async def approvals(
    session: Session, rollout_ids: Iterable[str]
) -> dict[tuple[str, str], RolloutApprovalRow]:
    """Global: who agreed to which SQL (rollout, hash) of these rollouts."""
    wanted = col(RolloutApprovalRow.rollout_id).in_(list(rollout_ids))
    found = (await session.exec(select(RolloutApprovalRow).where(wanted))).all()
    return {(one.rollout_id, one.hash): one for one in found}


async def events(session: Session, rollout_id: str, limit: int = 20) -> Sequence[RolloutEventRow]:
    """Global: what happened last, the newest first."""
    query = select(RolloutEventRow).where(RolloutEventRow.rollout_id == rollout_id)
    return (await session.exec(query.order_by(col(RolloutEventRow.id).desc()).limit(limit))).all()
