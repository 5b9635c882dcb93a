"""Durable operations: what runs for whom, which run of it is the newest, and its steps."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Index, Text, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, func, select

from db.store.session import Session
from db.store.types import UtcDateTime

RUNNING = "running"
DONE = "done"
FAILED = "failed"
CANCELLED = "cancelled"

STEP_WAITING = "waiting"
STEP_RUNNING = "running"
STEP_RETRYING = "retrying"
STEP_DONE = "done"
STEP_SKIPPED = "skipped"
STEP_MISSED = "missed"
STEP_FAILED = "failed"


class OperationRow(SQLModel, table=True):
    """One operation; `run` is the fence: what belongs to an older run changes nothing any more.

    `leg` counts the jobs of a run: one that would have to wait ends, and a delayed one goes on.
    `dedupe` makes starting it twice one operation. `workspace_id` and `channel_id` say where its
    card is, "" for nowhere; `done` of `total` is its bar, 0 of 0 for none.
    """

    __tablename__ = "operations"
    __table_args__ = (Index("ix_operations_subject", "kind", "subject_id"),)

    id: str = Field(default_factory=lambda: f"op_{uuid4().hex}", primary_key=True)
    kind: str
    subject_id: str
    dedupe: str = Field(unique=True)
    title: str = Field(sa_type=Text)
    actor_kind: str
    actor_id: str
    actor_name: str = ""
    language: str = "en"
    state: str = Field(default=RUNNING, index=True)
    run: int = 1
    leg: int = 1
    problem: str = Field(default="", sa_type=Text)
    reference: str = ""
    # The vendor whose connection the problem lacks, or "".
    missing: str = ""
    done: int = 0
    total: int = 0
    workspace_id: str = ""
    channel_id: str = ""
    message_ts: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class StepRow(SQLModel, table=True):
    """One step of an operation; `attempt` counts its tries, `next_attempt_at` plans the next."""

    __tablename__ = "operation_steps"

    operation_id: str = Field(primary_key=True, foreign_key="operations.id", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    name: str
    state: str = STEP_WAITING
    note: str = Field(default="", sa_type=Text)
    attempt: int = 0
    began_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_attempt_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def find(session: Session, operation_id: str, *, lock: bool = False) -> OperationRow | None:
    """Global: the operation; `lock` holds its row until the transaction ends."""
    query = select(OperationRow).where(OperationRow.id == operation_id)
    if lock:
        query = query.with_for_update()
    return (await session.exec(query)).one_or_none()


async def add(session: Session, operation: OperationRow) -> bool:
    """Global: insert it; False when one with the same `dedupe` is there.

    One that is being inserted at this moment is waited for.
    """
    query = (
        insert(OperationRow)
        .values(**operation.model_dump())
        .on_conflict_do_nothing(index_elements=["dedupe"])
    )
    written = await session.execute(query.returning(col(OperationRow.id)))
    return written.scalar_one_or_none() is not None


async def of_dedupe(session: Session, dedupe: str) -> OperationRow:
    """Global: the operation that was started with this word; there is one."""
    query = select(OperationRow).where(OperationRow.dedupe == dedupe)
    return (await session.exec(query)).one()


async def of_subject(session: Session, kind: str, subject_id: str) -> OperationRow | None:
    """Global: the newest operation of this kind about that subject."""
    query = (
        select(OperationRow)
        .where(OperationRow.kind == kind, OperationRow.subject_id == subject_id)
        .order_by(col(OperationRow.created_at).desc())
        .limit(1)
    )
    return (await session.exec(query)).one_or_none()


async def steps(session: Session, operation_id: str) -> Sequence[StepRow]:
    """Global: the operation's steps in their order."""
    query = (
        select(StepRow).where(StepRow.operation_id == operation_id).order_by(col(StepRow.position))
    )
    return (await session.exec(query)).all()


async def step(session: Session, operation_id: str, name: str) -> StepRow | None:
    """Global: one step of the operation by its name."""
    query = select(StepRow).where(StepRow.operation_id == operation_id, StepRow.name == name)
    return (await session.exec(query)).one_or_none()


# A job by the id that `services.operations.legs.job_id` gives it, in whatever queue it waits.
STRANDED = text("""
SELECT o.id FROM operations AS o WHERE o.state = 'running' AND o.updated_at < :before
    AND NOT EXISTS (
        SELECT FROM dbos.workflow_status AS w WHERE w.workflow_uuid = 'operation:' || o.id || ':'
            || o.run || CASE WHEN o.leg = 1 THEN '' ELSE '.' || o.leg END
        AND w.status IN ('PENDING', 'ENQUEUED', 'DELAYED')
    )
ORDER BY o.updated_at LIMIT :most
""")


async def stranded(session: Session, before: datetime, most: int) -> list[str]:
    """Global: the ids of operations that run since before that time, and have no job."""
    found = await session.execute(STRANDED, {"before": before, "most": most})
    return list(found.scalars())


async def failed_cards(session: Session, kind: str, since: datetime) -> int:
    """Global: how many operations of the kind failed since then and have a card."""
    query = select(func.count()).where(
        OperationRow.kind == kind,
        OperationRow.state == FAILED,
        OperationRow.channel_id != "",
        col(OperationRow.ended_at) > since,
    )
    return (await session.exec(query)).one()
