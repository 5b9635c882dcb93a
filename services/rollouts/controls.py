"""What people may do with a rollout: start, agree, pause, go on, hold, abort, retry, go back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from db import operations as operation_table
from db.rollouts import rollouts as table
from db.rollouts import targets
from db.store.session import Database, Session
from services.actors import TIMER, Operator
from services.audit import Change, Subject, note
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.operations import FAILED, RUNNING, Operations, Place, Start
from services.ports import Clock
from services.rollouts.fleet import Fleet
from services.rollouts.refusals import (
    CHANGED,
    NO_ROLLOUT,
    NO_WAY_BACK,
    NOT_DRIFTED,
    NOT_NOW,
    NOT_YOUR_OWN,
    NOTHING_TO_RETURN,
    TYPE_VERSION,
)
from services.rollouts.settling import record, turn_back
from services.rollouts.starting import may_begin
from services.rollouts.state import BREACHES, NAMES, Breach

AGAIN, BROKE = "rollouts.again", "broke"
# Changes a locked row; False when it is so already.
RowChange = Callable[[Session, table.RolloutRow], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a control: to the audit log and the rollout's own events."""

    operator: Operator
    code: str


class Controls:
    """Every verb writes the row and wakes whoever drives it; again changes nothing more."""

    def __init__(
        self, database: Database, operations: Operations, fleet: Fleet, clock: Clock
    ) -> None:
        self._database = database
        self._operations = operations
        self._fleet = fleet
        self._clock = clock

    async def start(self, operator: Operator, rollout_id: str) -> None:
        """Begin as soon as nobody's consent is missing; raises Conflict."""
        everybody = await self._fleet.all()

        async def change(session: Session, row: table.RolloutRow) -> bool:
            if row.state == table.OPEN or (row.wanted and row.state == table.PROPOSED):
                return False
            _expect(row.state == table.PROPOSED)
            await may_begin(session, row, everybody)
            row.wanted, row.breaches = True, "[]"
            return True

        await self._change(Told(operator, "wanted"), rollout_id, change)

    async def approve(self, operator: Operator, rollout_id: str, sql_hash: str) -> None:
        """Agree to SQL of just this hash; raises NotAllowed for who proposed it, Conflict."""

        async def change(session: Session, row: table.RolloutRow) -> bool:
            _expect(row.state == table.PROPOSED and row.needs_approval)
            if (row.operator_kind, row.operator_id) == (operator.kind, operator.id):
                raise NotAllowed(NOT_YOUR_OWN)
            if row.hash != sql_hash:
                raise Conflict(CHANGED)
            if await table.approval(session, row.id, row.hash) is not None:
                return False
            approval = table.RolloutApprovalRow(
                rollout_id=row.id,
                hash=row.hash,
                operator_kind=operator.kind,
                operator_id=operator.id,
                operator_name=operator.name,
                at=self._clock(),
            )
            await table.approve(session, approval)
            return True

        await self._change(Told(operator, "approved"), rollout_id, change)

    async def withdraw(self, operator: Operator, rollout_id: str) -> None:
        """Put a proposal away; raises Conflict once it was started."""

        def change(row: table.RolloutRow) -> bool:
            if row.state == table.WITHDRAWN:
                return False
            _expect(row.state in (table.PROPOSED, table.CHECKING))
            row.state, row.ended_at = table.WITHDRAWN, self._clock()
            return True

        await self._set(Told(operator, "withdrawn"), rollout_id, change)

    async def pause(self, operator: Operator, rollout_id: str) -> None:
        """Begin no tenant any more; those in hand end. Raises Conflict."""

        def change(row: table.RolloutRow) -> bool:
            _expect(row.state == table.OPEN and row.control in (table.RUN, table.PAUSE))
            changed = row.control != table.PAUSE
            row.control = table.PAUSE
            return changed

        await self._set(Told(operator, "paused"), rollout_id, change)

    async def resume(self, operator: Operator, rollout_id: str) -> None:
        """Go on, in spite of what halted it; who failed stays failed. Raises Conflict."""

        def change(row: table.RolloutRow) -> bool:
            _expect(row.state == table.OPEN and row.control != table.ABORT)
            changed = row.control != table.RUN or row.hold
            _go_on(row)
            return changed

        await self._set(Told(operator, "resumed"), rollout_id, change)

    async def hold(self, operator: Operator, rollout_id: str) -> None:
        """Stop at the end of this wave, until somebody resumes; raises Conflict."""

        def change(row: table.RolloutRow) -> bool:
            _expect(row.state == table.OPEN and row.direction == table.UP)
            _expect(row.wave < row.waves)
            changed, row.hold = not row.hold, True
            return changed

        await self._set(Told(operator, "held"), rollout_id, change)

    async def watched_enough(self, operator: Operator, rollout_id: str) -> None:
        """End the watch of this wave now; raises Conflict when none is being watched."""

        def change(row: table.RolloutRow) -> bool:
            _expect(row.state == table.OPEN and row.watch_until is not None)
            row.watch_until = self._clock()
            _go_on(row)
            return True

        await self._set(Told(operator, "watched_enough"), rollout_id, change)

    async def abort(self, operator: Operator, rollout_id: str) -> None:
        """End it; tenants that have the migration keep it. Raises Conflict."""

        def change(row: table.RolloutRow) -> bool:
            _expect(row.state in (table.OPEN, table.ABORTED))
            changed = row.state == table.OPEN and row.control != table.ABORT
            row.control = table.ABORT if row.state == table.OPEN else row.control
            return changed

        await self._set(Told(operator, "aborted"), rollout_id, change)

    async def retry_failed(self, operator: Operator, rollout_id: str) -> None:
        """Try those that failed or could not be reached again, and go on; raises Conflict."""

        async def change(session: Session, row: table.RolloutRow) -> bool:
            _expect(row.state == table.OPEN)
            if await targets.put_back(session, row.id, [targets.FAILED, targets.DEFERRED]):
                # Their wave is driven once more, and watched anew.
                row.watch_until = None
            row.breaches = "[]"
            _go_on(row)
            return True

        await self._change(Told(operator, "retried"), rollout_id, change)

    async def finish_without(self, operator: Operator, rollout_id: str) -> None:
        """End it without those that are out of reach or failed; raises Conflict."""

        def change(row: table.RolloutRow) -> bool:
            _expect(row.state == table.OPEN and row.wave >= row.waves)
            row.leave_rest = True
            _go_on(row)
            return True

        await self._set(Told(operator, "left"), rollout_id, change)

    async def roll_back(self, operator: Operator, rollout_id: str, typed: str) -> None:
        """Undo it, the last tenants first, where the tenant's own journal says that it did it.

        `typed` is the version, where the way back destroys. Raises Invalid (`typed`), Conflict.
        """

        async def change(session: Session, row: table.RolloutRow) -> bool:
            if row.direction == table.DOWN and row.state in (table.OPEN, table.ROLLED_BACK):
                return False
            _expect(row.state in (table.OPEN, table.DONE, table.ABORTED))
            if not row.can_roll_back:
                raise Conflict(NO_WAY_BACK)
            if row.destroys_on_way_back and typed.strip() != row.version:
                raise Invalid(TYPE_VERSION, field="typed", version=row.version)
            counts = await targets.counts(session, row.id)
            if all(state == targets.WAITING for *_, state, _ in counts):
                raise Conflict(NOTHING_TO_RETURN)
            turn_back(row, self._clock())
            row.state, row.ended_at, row.breaches = table.OPEN, None, "[]"
            return True

        await self._change(Told(operator, "rolls_back"), rollout_id, change)

    async def take_as_baseline(
        self, operator: Operator, rollout_id: str, tenant_id: str, found: str
    ) -> None:
        """Migrate a drifted tenant as it is; `found` is the schema that was shown.

        Raises Conflict when it is not in quarantine, or drifted on meanwhile.
        """
        await self._out_of_quarantine(
            Told(operator, "baseline"), rollout_id, tenant_id, accepted=found
        )

    async def retry_drifted(self, operator: Operator, rollout_id: str, tenant_id: str) -> None:
        """Look at a drifted tenant again, which somebody mended; raises Conflict."""
        await self._out_of_quarantine(Told(operator, "retried_drifted"), rollout_id, tenant_id)

    async def ended(self, rollout_id: str, state: str) -> None:
        """Its operation is over: broken by a fault of ours, or while somebody wanted more of it."""
        now = self._clock()
        async with self._database.transaction() as session:
            row = await table.find(session, rollout_id, lock=True)
            if row is None:
                return
            if state != FAILED:
                await self._awaken(session, TIMER, row)
            elif row.state == table.OPEN and row.control == table.RUN:
                # It stands still until somebody resumes it.
                row.control, row.halt_told, row.updated_at = table.HALT, True, now
                row.breaches = BREACHES.dump_json((Breach(BROKE),)).decode()
                record(session, row.id, now, BROKE)
            elif row.state == table.CHECKING:
                row.state, row.ended_at, row.updated_at = table.REFUSED, now, now
                row.breaches = BREACHES.dump_json((Breach(BROKE),)).decode()

    async def _out_of_quarantine(
        self, told: Told, rollout_id: str, tenant_id: str, accepted: str = ""
    ) -> None:
        async def change(session: Session, row: table.RolloutRow) -> bool:
            target = await targets.find(session, row.id, tenant_id, lock=True)
            if target is None or target.state != targets.DRIFTED:
                raise Conflict(NOT_DRIFTED)
            if accepted and accepted != target.found:
                raise Conflict(CHANGED)
            _expect(row.state in (table.OPEN, table.DONE) and row.direction == table.UP)
            target.state, target.accepted = targets.WAITING, accepted
            if row.state == table.DONE:
                row.state, row.ended_at = table.OPEN, None
                _go_on(row)
            return True

        await self._change(told, rollout_id, change)

    async def _set(
        self, told: Told, rollout_id: str, change: Callable[[table.RolloutRow], bool]
    ) -> None:
        async def changed(_: Session, row: table.RolloutRow) -> bool:
            return change(row)

        await self._change(told, rollout_id, changed)

    async def _change(self, told: Told, rollout_id: str, change: RowChange) -> None:
        async with self._database.transaction() as session:
            row = await table.find(session, rollout_id, lock=True)
            if row is None:
                raise NotFound(NO_ROLLOUT)
            if await change(session, row):
                now = row.updated_at = self._clock()
                who = told.operator.name or told.operator.id
                record(session, row.id, now, told.code, who=who)
                subject, facts = Subject("rollout", row.id), Change(after={"version": row.version})
                note(session, told.operator, f"rollouts.{told.code}", subject, facts)
            await self._awaken(session, told.operator, row)
            operation_id = row.operation_id
        self._operations.live.touch(operation_id)

    async def _awaken(self, session: Session, operator: Operator, row: table.RolloutRow) -> None:
        """Whoever waits goes on now; where its operation is over a new one takes it up."""
        operation = await operation_table.find(session, row.operation_id, lock=True)
        if operation is not None and operation.state == RUNNING:
            await self._operations.wake(session, row.operation_id)
            return
        if row.state != table.OPEN:
            return
        row.reopened += 1
        at = operation
        start = Start(
            kind=AGAIN,
            subject_id=row.id,
            title=row.version,
            operator=operator,
            dedupe=f"{AGAIN}:{row.id}:{row.reopened}",
            language=row.language,
            place=Place(at.workspace_id, at.channel_id, at.message_ts) if at else Place("", ""),
        )
        row.operation_id = await self._operations.start(session, start)


def _expect(fits: bool) -> None:
    if not fits:
        raise Conflict(NOT_NOW)


def _go_on(row: table.RolloutRow) -> None:
    """What halted it is accepted from now on."""
    accepted = NAMES.validate_json(row.accepted)
    new = tuple(one.key for one in BREACHES.validate_json(row.breaches))
    row.accepted = NAMES.dump_json(tuple(dict.fromkeys([*accepted, *new]))).decode()
    row.breaches, row.control, row.hold = "[]", table.RUN, False
