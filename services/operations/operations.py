"""Operations: started once, taken step by step by a durable job, cancelled, retried, and seen."""

import secrets
from datetime import datetime, timedelta

import structlog

from db import operations as table
from db.store.session import Database, Session
from services.actors import Operator
from services.errors import (
    Conflict,
    DomainError,
    NotFound,
    Temporary,
    missing_connection,
    vendors_words,
)
from services.operations import legs
from services.operations.live import Display, LiveCards, Place
from services.operations.noting import NoteAct, unnoted
from services.operations.outcomes import (
    Done,
    Kind,
    Missed,
    More,
    Outcome,
    Retry,
    Skipped,
    Start,
    Work,
)
from services.operations.refusals import (
    BREAKS_DOWN,
    NO_OPERATION,
    NOT_CANCELLABLE,
    NOT_OVER,
    OVER_ALREADY,
)
from services.operations.state import Operation, read
from services.ports import Clock

# What `advance` answers beside seconds to wait.
GO_ON, OVER, AGAIN = 0.0, -1.0, -2.0
# What a step that is over without a failure came to.
ENDS = {Done: table.STEP_DONE, Skipped: table.STEP_SKIPPED, Missed: table.STEP_MISSED}
STEP_OVER = frozenset(ENDS.values())
SETTLED = STEP_OVER | {table.STEP_FAILED}
# A step that takes its process down again and again is given up after so many tries.
MAX_STARTS = 20

log = structlog.get_logger(__name__)


class Operations:
    """Every durable operation of the product. Verbs run outside transactions; each result is
    written under a lock, and only while its run is the newest."""

    def __init__(
        self, database: Database, display: Display, clock: Clock, note: NoteAct = unnoted
    ) -> None:
        self._database, self._note = database, note
        self._clock = clock
        self._kinds: dict[str, Kind] = {}
        self.live = LiveCards(self._load, self._keep, display)

    def register(self, kind: Kind, display: Display | None = None) -> None:
        """Make a kind known; called by the wiring, once per kind, before any door opens.

        `display` draws its operations where it is not the usual card that does.
        """
        if kind.name in self._kinds:
            raise ValueError(f"{kind.name} is registered twice")
        self._kinds[kind.name] = kind
        if display is not None:
            self.live.show_with(kind.name, display)

    async def start(self, session: Session, start: Start) -> str:
        """Its id; it begins when the session's transaction commits. A repeat finds the first."""
        kind = self._kinds[start.kind]
        now = self._clock()
        row = table.OperationRow(
            kind=start.kind,
            subject_id=start.subject_id,
            dedupe=start.dedupe,
            title=start.title,
            actor_kind=start.operator.kind,
            actor_id=start.operator.id,
            actor_name=start.operator.name,
            language=start.language,
            total=start.total,
            workspace_id=start.place.workspace_id,
            channel_id=start.place.channel_id,
            message_ts=start.place.message_ts,
            created_at=now,
            updated_at=now,
        )
        if not await table.add(session, row):
            return (await table.of_dedupe(session, start.dedupe)).id
        for position, plan in enumerate(kind.steps):
            session.add(table.StepRow(operation_id=row.id, position=position, name=plan.name))
        await session.flush()
        await legs.start_job(session, row)
        return row.id

    async def see(self, operation_id: str) -> Operation:
        """The operation as it is now; raises NotFound."""
        operation = await self._load(operation_id)
        if operation is None:
            raise NotFound(NO_OPERATION)
        return operation

    async def of_subject(self, kind: str, subject_id: str) -> Operation | None:
        """The newest operation of this kind about that subject."""
        async with self._database.transaction() as session:
            row = await table.of_subject(session, kind, subject_id)
            return await self._read(session, row) if row else None

    async def show_at(self, operation_id: str, place: Place) -> None:
        """Give an operation that is drawn nowhere a place; one that has a place keeps it."""
        async with self._database.transaction() as session:
            row = await _locked(session, operation_id)
            if not row.channel_id:
                row.workspace_id, row.channel_id = place.workspace_id, place.channel_id

    async def cancel(self, operator: Operator, operation_id: str) -> Operation:
        """Begin no further step; the one in hand may still end. Raises NotFound, Conflict."""
        async with self._database.transaction() as session:
            row = await _locked(session, operation_id)
            if row.state != table.RUNNING:
                raise Conflict(OVER_ALREADY)
            if not self._kinds[row.kind].cancellable:
                raise Conflict(NOT_CANCELLABLE)
            await self._cancel(session, row)
            self._note(session, operator, self._kinds[row.kind], "cancel", row.subject_id)
            operation = await self._read(session, row)
        log.info("operations.cancelled", kind=row.kind, operation=row.id, member_id=operator.id)
        self.live.touch(operation_id)
        return operation

    async def stop(self, session: Session, operation_id: str) -> None:
        """Cancel in the caller's transaction, as its kind's own verb; nothing once it is over."""
        row = await _locked(session, operation_id)
        if row.state == table.RUNNING:
            await self._cancel(session, row)

    async def retry(self, operator: Operator, operation_id: str) -> Operation:
        """Try again what is left, in a new run; twice is once. Raises NotFound, Conflict."""
        async with self._database.transaction() as session:
            row = await _locked(session, operation_id)
            if row.state == table.RUNNING and row.run > 1:
                return await self._read(session, row)
            if row.state not in (table.FAILED, table.CANCELLED):
                raise Conflict(NOT_OVER)
            row.run, row.leg = row.run + 1, 1
            row.state, row.problem, row.reference, row.missing = table.RUNNING, "", "", ""
            row.ended_at, row.updated_at = None, self._clock()
            for step in await table.steps(session, row.id):
                if step.state not in STEP_OVER:
                    step.state, step.note, step.attempt = table.STEP_WAITING, "", 0
                    step.began_at = step.ended_at = step.next_attempt_at = None
            self._note(session, operator, self._kinds[row.kind], "retry", row.subject_id)
            await session.flush()
            await legs.start_job(session, row)
            operation = await self._read(session, row)
        log.info("operations.retried", kind=row.kind, operation=row.id, member_id=operator.id)
        self.live.touch(operation_id)
        return operation

    async def hand_on(self, operation_id: str, run: str) -> bool:
        """A durable step: let a delayed job go on with what waits; False when nothing does."""
        async with self._database.transaction() as session:
            row = await _locked(session, operation_id)
            if legs.name(row) != run:
                return True
            tries = [step.next_attempt_at for step in await legs.waiting(session, row)]
            pause = min(filter(None, tries), default=self._clock()) - self._clock()
            if row.state != table.RUNNING or pause <= timedelta(0):
                return False
            await legs.hand_on(session, row, pause)
        return True

    async def wake(self, session: Session, operation_id: str) -> None:
        """In the session's transaction: what waits takes its try now (of steps in order only)."""
        row = await _locked(session, operation_id)
        if row.state == table.RUNNING and (waiting := await legs.waiting(session, row)):
            for step in waiting:
                step.next_attempt_at = None
            await legs.hand_on(session, row)

    async def advance(self, operation_id: str, run: str, step: str) -> float:
        """A durable step: take this step of the operation once.

        GO_ON: it is done; OVER: the run is; AGAIN: there is more of it; else the seconds to wait
        before it is taken again.
        """
        work = await self._begin(operation_id, run, step)
        if isinstance(work, float):
            return work
        self.live.touch(operation_id)
        plan = self._kinds[work.kind].step(step)
        try:
            outcome: Outcome | DomainError = await plan.verb(work)
        except DomainError as error:
            outcome = error
        answer = await self._settle(work, outcome)
        self.live.touch(operation_id)
        return answer

    async def finish(self, operation_id: str, run: str) -> None:
        """The last durable step: tell whoever waits for the end, and draw it."""
        async with self._database.transaction() as session:
            row = await _locked(session, operation_id)
            stale, state, ended = legs.name(row) != run, row.state, self._kinds[row.kind].ended
            subject_id = row.subject_id
        if not stale:
            if ended is not None:
                await ended(subject_id, state)
            await self.live.finish(operation_id)

    async def failed(self, operation_id: str, run: str, reference: str, error: DomainError) -> None:
        """The job broke, by a fault of ours: it is in the log under `reference`."""
        async with self._database.transaction() as session:
            row = await _locked(session, operation_id)
            broken = legs.name(row) == run and row.state == table.RUNNING
            begun = [step for step in await table.steps(session, operation_id) if _is_begun(step)]
            for step in begun if broken else ():
                step.state, step.ended_at = table.STEP_FAILED, self._clock()
            if broken:
                self._end(row, table.FAILED)
                row.problem, row.reference = error.sentence(row.language), reference
        await self.finish(operation_id, run)

    async def _begin(self, operation_id: str, run: str, name: str) -> Work | float:
        async with self._database.transaction() as session:
            row = await _locked(session, operation_id)
            if legs.name(row) != run or row.state != table.RUNNING:
                return OVER
            step = await _step(session, operation_id, name)
            if step.state in SETTLED:
                # The last one ended after a cancel: a retry finds nothing left.
                await self._end_after(session, row, step)
                return GO_ON
            now = self._clock()
            if step.state == table.STEP_RUNNING and step.attempt >= MAX_STARTS:
                answer = self._fail(row, step, DomainError(BREAKS_DOWN))
                await self._end_after(session, row, step)
                return answer
            if step.next_attempt_at is not None and step.next_attempt_at > now:
                return (step.next_attempt_at - now).total_seconds()
            step.state, step.next_attempt_at = table.STEP_RUNNING, None
            step.attempt += 1
            step.began_at = step.began_at or now
            row.updated_at = now
            return Work(
                operation_id=row.id,
                kind=row.kind,
                subject_id=row.subject_id,
                run=row.run,
                step=name,
                attempt=step.attempt,
                language=row.language,
                report=lambda done, total: self._report(operation_id, row.run, done, total),
            )

    async def _settle(self, work: Work, outcome: Outcome | DomainError) -> float:
        async with self._database.transaction() as session:
            row = await _locked(session, work.operation_id)
            if row.run != work.run:
                return OVER
            step = await _step(session, work.operation_id, work.step)
            now = self._clock()
            row.updated_at = now
            answer = self._written(row, step, outcome, now)
            if answer == GO_ON:
                await self._end_after(session, row, step)
            log.info(
                "operations.step",
                kind=row.kind,
                operation=row.id,
                subject=row.subject_id,
                step=step.name,
                status=step.state,
                attempts=step.attempt,
            )
            return OVER if row.state == table.CANCELLED else answer

    def _written(
        self,
        row: table.OperationRow,
        step: table.StepRow,
        outcome: Outcome | DomainError,
        now: datetime,
    ) -> float:
        """Write the outcome into the step, and into the row when that is its end."""
        if isinstance(outcome, Done | Skipped | Missed):
            step.state = ENDS[type(outcome)]
            step.note, step.ended_at = outcome.note, now
            return GO_ON
        if isinstance(outcome, More):
            step.attempt = 0
            if row.state != table.RUNNING:
                step.state = table.STEP_WAITING
            return AGAIN
        if isinstance(outcome, Retry):
            step.attempt -= 1
            return self._later(step, outcome.note, outcome.after, now)
        if isinstance(outcome, Temporary):
            backoff = self._kinds[row.kind].step(step.name).backoff
            pause = backoff.pause(step.attempt, wished=outcome.retry_after)
            if pause is not None:
                return self._later(step, outcome.sentence(row.language), pause, now)
        return self._fail(row, step, outcome)

    def _fail(self, row: table.OperationRow, step: table.StepRow, error: DomainError) -> float:
        """Write why; of independent steps the others are taken all the same."""
        sentence = error.sentence(row.language)
        step.state, step.note, step.ended_at = table.STEP_FAILED, sentence, self._clock()
        if row.state != table.RUNNING:
            return OVER
        if not row.problem:
            row.problem, row.missing = sentence, missing_connection(error)
            row.reference = secrets.token_hex(3)
        log.info(
            "operations.failed",
            kind=row.kind,
            operation=row.id,
            step=step.name,
            reference=row.reference,
            detail=vendors_words(error),
        )
        if self._kinds[row.kind].independent:
            return GO_ON
        self._end(row, table.FAILED)
        return OVER

    def _later(self, step: table.StepRow, note: str, pause: timedelta, now: datetime) -> float:
        step.state, step.note, step.next_attempt_at = table.STEP_RETRYING, note, now + pause
        return max(pause.total_seconds(), 0.001)

    async def _report(self, operation_id: str, run: int, done: int, total: int) -> bool:
        async with self._database.transaction() as session:
            row = await _locked(session, operation_id)
            wanted = row.run == run and row.state == table.RUNNING
            if wanted:
                row.done, row.total, row.updated_at = done, total, self._clock()
        self.live.touch(operation_id)
        return wanted

    async def _end_after(
        self, session: Session, row: table.OperationRow, step: table.StepRow
    ) -> None:
        kind = self._kinds[row.kind]
        steps = await table.steps(session, row.id) if kind.independent else (step,)
        over = all(one.state in SETTLED for one in steps)
        last = kind.independent or step.position == len(kind.steps) - 1
        if over and last and row.state == table.RUNNING:
            self._end(row, table.FAILED if row.problem else table.DONE)

    async def _cancel(self, session: Session, row: table.OperationRow) -> None:
        self._end(row, table.CANCELLED)
        if await legs.waiting(session, row):
            await legs.hand_on(session, row)

    def _end(self, row: table.OperationRow, state: str) -> None:
        row.state, row.ended_at = state, self._clock()
        row.updated_at = row.ended_at

    async def _load(self, operation_id: str) -> Operation | None:
        async with self._database.transaction() as session:
            row = await table.find(session, operation_id)
            return await self._read(session, row) if row else None

    async def _read(self, session: Session, row: table.OperationRow) -> Operation:
        steps = await table.steps(session, row.id)
        return read(row, steps, cancellable=self._kinds[row.kind].cancellable)

    async def _keep(self, operation_id: str, place: Place) -> None:
        async with self._database.transaction() as session:
            row = await _locked(session, operation_id)
            row.workspace_id, row.channel_id = place.workspace_id, place.channel_id
            row.message_ts = place.message_ts


async def _locked(session: Session, operation_id: str) -> table.OperationRow:
    row = await table.find(session, operation_id, lock=True)
    if row is None:
        raise NotFound(NO_OPERATION)
    return row


async def _step(session: Session, operation_id: str, name: str) -> table.StepRow:
    step = await table.step(session, operation_id, name)
    if step is None:
        raise NotFound(NO_OPERATION)
    return step


def _is_begun(step: table.StepRow) -> bool:
    return step.state in (table.STEP_RUNNING, table.STEP_RETRYING)
