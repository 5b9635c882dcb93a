"""An operation as people and programs see it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from db import operations as table
from db.store.session import Session

RUNNING, DONE, FAILED, CANCELLED = table.RUNNING, table.DONE, table.FAILED, table.CANCELLED
STEP_MISSED = table.STEP_MISSED


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its state, a short fact, its tries, when it began and what it took so far."""

    name: str
    state: str
    note: str
    attempt: int
    began_at: datetime | None
    ended_at: datetime | None
    next_attempt_at: datetime | None

    @property
    def took(self) -> timedelta | None:
        """From its beginning to its end; None before the end."""
        if self.began_at is None or self.ended_at is None:
            return None
        return self.ended_at - self.began_at


@dataclass(frozen=True, slots=True)
class Operation:
    """Everything a card, a page or JSON shows of one operation."""

    id: str
    kind: str
    subject_id: str
    title: str
    actor_id: str
    actor_name: str
    language: str
    state: str
    run: int
    problem: str
    reference: str
    missing: str
    done: int
    total: int
    steps: tuple[Step, ...]
    cancellable: bool
    workspace_id: str
    channel_id: str
    message_ts: str
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether it came to an end, whichever."""
        return self.state != RUNNING

    @property
    def can_retry(self) -> bool:
        """Whether what is left of it may be tried again."""
        return self.state in (FAILED, CANCELLED)


def read(
    row: table.OperationRow, steps: Iterable[table.StepRow], *, cancellable: bool
) -> Operation:
    """The read model of a row with its steps."""
    return Operation(
        id=row.id,
        kind=row.kind,
        subject_id=row.subject_id,
        title=row.title,
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        language=row.language,
        state=row.state,
        run=row.run,
        problem=row.problem,
        reference=row.reference,
        missing=row.missing,
        done=row.done,
        total=row.total,
        steps=tuple(_step(step) for step in steps),
        cancellable=cancellable,
        workspace_id=row.workspace_id,
        channel_id=row.channel_id,
        message_ts=row.message_ts,
        created_at=row.created_at,
        updated_at=row.updated_at,
        ended_at=row.ended_at,
    )


async def steps_of(session: Session, operation_id: str) -> tuple[Step, ...]:
    """The operation's steps in their order, read in the caller's transaction."""
    return tuple(_step(row) for row in await table.steps(session, operation_id))


def _step(row: table.StepRow) -> Step:
    return Step(
        name=row.name,
        state=row.state,
        note=row.note,
        attempt=row.attempt,
        began_at=row.began_at,
        ended_at=row.ended_at,
        next_attempt_at=row.next_attempt_at,
    )
