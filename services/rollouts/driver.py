"""The step that takes a rollout through its waves, watches them, and closes it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from pydantic import TypeAdapter

from db.rollouts import migrations, targets
from db.rollouts import rollouts as table
from db.store.session import Database, Session
from integrations.tenant_databases.outcomes import Vitals
from services.errors import NotFound
from services.operations import Done, More, Operations, Outcome, Retry, Work
from services.ports import Clock
from services.rollouts.fleet import Fleet, FleetTenant
from services.rollouts.gates import Gates, Look, Watched
from services.rollouts.pool import TargetPool
from services.rollouts.refusals import NO_ROLLOUT
from services.rollouts.settling import NOBODY, halt, record
from services.rollouts.state import OPTIONS, Breach
from services.rollouts.waves import ordered

LEFT_FAILED = "failed_left"
# Whoever waits for a person looks again soon at first, then ever later; a click wakes it anyway.
LOOK_FIRST, LOOK_LAST = timedelta(seconds=1), timedelta(hours=1)
# While a wave is watched its tenants are looked at so many times, and every few minutes at least.
LOOKS, LONGEST_BLINK = 20, timedelta(minutes=5)
IN_A_MOMENT = timedelta(seconds=1)
VITALS = TypeAdapter(Vitals)


class HaltNotices(Protocol):
    """Tells people that a rollout stands still."""

    async def halted(self, rollout_id: str) -> None:
        """Say why in the ops channel; raises Temporary while that is away."""


@dataclass(frozen=True, slots=True)
class DriverHands:
    """What works at tenants, looks at them, and tells people."""

    pool: TargetPool
    gates: Gates
    notices: HaltNotices


class Driver:
    """One verb, which may run again after a crash at any point: everything is in the rows."""

    def __init__(
        self,
        database: Database,
        operations: Operations,
        fleet: Fleet,
        hands: DriverHands,
        clock: Clock,
    ) -> None:
        self._database = database
        self._operations = operations
        self._fleet = fleet
        self._pool, self._gates, self._notices = hands.pool, hands.gates, hands.notices
        self._clock = clock

    async def waves(self, work: Work) -> Outcome:
        """One slice of a wave, one look while it is watched, or the end; More until it is closed.

        Told to pause or halted, it ends for now and is woken by whoever lets it go on.
        """
        rollout_id = work.subject_id
        async with self._database.transaction() as session:
            row = await _found(session, rollout_id)
            migrated = await targets.migrated(session, rollout_id)
        if row.state != table.OPEN:
            return Done()
        if row.control == table.ABORT:
            return await self._closed(rollout_id, table.ABORTED)
        if row.control in (table.PAUSE, table.HALT):
            return await self._stands(row)
        changed = partial(self._operations.live.touch, work.operation_id)
        if row.direction == table.DOWN:
            return await self._back(row, changed)
        if row.watch_until is not None:
            return await self._watch(row, migrated)
        await self._pool.drive(rollout_id, row.wave, changed)
        return await self._after(rollout_id)

    async def _stands(self, row: table.RolloutRow) -> Outcome:
        if row.control == table.HALT and not row.halt_told:
            await self._notices.halted(row.id)
            async with self._database.transaction() as session:
                (await _found(session, row.id, lock=True)).halt_told = True
        return Retry(after=_patience(row.updated_at, self._clock()))

    async def _after(self, rollout_id: str) -> Outcome:
        """A slice is over: the wave may be, and the last one ends in the finish."""
        now = self._clock()
        async with self._database.transaction() as session:
            row = await _found(session, rollout_id, lock=True)
            if row.control != table.RUN or row.direction != table.UP or row.watch_until:
                return More()
            counts = await targets.counts(session, rollout_id)
            states = {s: c for w, _, s, c in counts if w == row.wave}
            due = [s for w, d, s, _ in counts if w <= row.wave and d == table.UP]
            if targets.WAITING in due:
                return More()
            if targets.RUNNING in due:
                return Retry(after=IN_A_MOMENT)
            if row.wave < row.waves:
                await self._begin_watch(session, row, states, now)
                return More()
        return await self._finish(rollout_id)

    async def _begin_watch(
        self, session: Session, row: table.RolloutRow, states: dict[str, int], now: datetime
    ) -> None:
        options = OPTIONS.validate_json(row.options)
        first = bool(row.canary) and row.wave == 1
        row.watch_until = now + (options.canary_watch if first else options.wave_watch)
        row.updated_at = now
        record(session, row.id, now, "wave_done", facts={"wave": row.wave, **states})
        if not states.get(targets.DONE):
            halt(session, row, (Breach(NOBODY, detail=str(row.wave)),), now)

    async def _watch(self, row: table.RolloutRow, done: list[targets.RolloutTargetRow]) -> Outcome:
        looks = await self._gates.look([_watched(one) for one in done])
        now = self._clock()
        breaches = tuple(breach for look in looks for breach in look.breaches)
        async with self._database.transaction() as session:
            locked = await _found(session, row.id, lock=True)
            if locked.control != table.RUN or locked.watch_until is None:
                return More()
            for look in looks:
                await _keep_vitals(session, row.id, look)
            if breaches and halt(session, locked, breaches, now):
                return More()
            if now < locked.watch_until:
                return Retry(after=_until_next_look(locked, now))
            if locked.hold:
                return Retry(after=_patience(max(locked.updated_at, locked.watch_until), now))
            locked.wave, locked.watch_until, locked.updated_at = locked.wave + 1, None, now
            record(session, row.id, now, "wave_begun", facts={"wave": locked.wave})
        return More()

    async def _finish(self, rollout_id: str) -> Outcome:
        """Nothing waits any more: those out of reach once more, newcomers, then the end."""
        everybody = await self._fleet.all()
        now = self._clock()
        async with self._database.transaction() as session:
            await migrations.lock_fleet(session)
            row = await _found(session, rollout_id, lock=True)
            if row.control != table.RUN or row.direction != table.UP:
                return More()
            again = await targets.put_back(session, rollout_id, [targets.DEFERRED], due=now)
            if again or await _add_newcomers(session, row, everybody):
                return More()
            if not row.leave_rest and (later := await targets.next_try(session, rollout_id)):
                return Retry(after=max(IN_A_MOMENT, later - now))
            states = {state for _, _, state, _ in await targets.counts(session, rollout_id)}
            if targets.FAILED in states and not row.leave_rest:
                halt(session, row, (Breach(LEFT_FAILED),), now)
                if row.control != table.RUN:
                    return More()
            await targets.leave(session, rollout_id, now)
            await self._close(session, row, table.DONE)
        return Done()

    async def _back(self, row: table.RolloutRow, changed: partial[None]) -> Outcome:
        """The way back, the last tenants first; only those who have it."""
        async with self._database.transaction() as session:
            await targets.turn_round(session, row.id, self._clock())
        await self._pool.drive(row.id, max(1, row.waves), changed)
        now = self._clock()
        async with self._database.transaction() as session:
            locked = await _found(session, row.id, lock=True)
            if locked.control != table.RUN:
                return More()
            if await targets.in_hand(session, row.id, now):
                return Retry(after=IN_A_MOMENT)
            counts = await targets.counts(session, row.id)
            if any(d == table.DOWN and s == targets.WAITING for _, d, s, _ in counts):
                return More()
            if await targets.put_back(session, row.id, [targets.DEFERRED], due=now):
                return More()
            if not locked.leave_rest and (later := await targets.next_try(session, row.id)):
                return Retry(after=max(IN_A_MOMENT, later - now))
            await self._close(session, locked, table.ROLLED_BACK)
        return Done()

    async def _closed(self, rollout_id: str, state: str) -> Outcome:
        now = self._clock()
        async with self._database.transaction() as session:
            row = await _found(session, rollout_id, lock=True)
            if await targets.in_hand(session, rollout_id, now):
                return Retry(after=IN_A_MOMENT)
            await self._close(session, row, state)
        return Done()

    async def _close(self, session: Session, row: table.RolloutRow, state: str) -> None:
        now = self._clock()
        row.state, row.ended_at, row.updated_at, row.watch_until = state, now, now, None
        row.control, row.hold = table.RUN, False
        if state == table.DONE:
            row.breaches = "[]"
            if row.tenants == "[]":
                await migrations.mark(session, row.version, migrations.FINISHED, row.id)
        elif state == table.ROLLED_BACK and row.tenants == "[]":
            await migrations.mark(session, row.version, migrations.ROLLED_BACK)
        record(session, row.id, now, state)


async def _found(session: Session, rollout_id: str, *, lock: bool = False) -> table.RolloutRow:
    row = await table.find(session, rollout_id, lock=lock)
    if row is None:
        raise NotFound(NO_ROLLOUT)
    return row


async def _add_newcomers(
    session: Session, row: table.RolloutRow, everybody: tuple[FleetTenant, ...]
) -> bool:
    """Tenants that came meanwhile become targets of the last wave; whether there were any."""
    if row.tenants != "[]":
        return False
    ready = {one.id: one.name for one in everybody if one.ready}
    known = {one.tenant_id for one in await targets.of_rollout(session, row.id)}
    new = [one for one in ordered(row.id, ready) if one not in known]
    last = max(1, row.waves)
    await targets.add(
        session,
        [
            targets.RolloutTargetRow(
                rollout_id=row.id, tenant_id=one, name=ready[one], wave=last, rank=place
            )
            for place, one in enumerate(new, len(known))
        ],
    )
    return bool(new)


async def _keep_vitals(session: Session, rollout_id: str, look: Look) -> None:
    if look.vitals is not None:
        row = await targets.find(session, rollout_id, look.tenant_id)
        if row is not None and not row.vitals:
            row.vitals = VITALS.dump_json(look.vitals).decode()


def _watched(row: targets.RolloutTargetRow) -> Watched:
    before = VITALS.validate_json(row.vitals) if row.vitals else None
    return Watched(row.tenant_id, row.name, before)


def _until_next_look(row: table.RolloutRow, now: datetime) -> timedelta:
    if row.watch_until is None:
        return IN_A_MOMENT
    options, left = OPTIONS.validate_json(row.options), row.watch_until - now
    first = bool(row.canary) and row.wave == 1
    whole = options.canary_watch if first else options.wave_watch
    return min(left, max(LOOK_FIRST, min(LONGEST_BLINK, whole / LOOKS)))


def _patience(since: datetime, now: datetime) -> timedelta:
    return max(LOOK_FIRST, min(LOOK_LAST, (now - since) / 4))
