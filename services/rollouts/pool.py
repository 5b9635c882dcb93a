"""A bounded pool over the tenants of a rollout: each is taken once, applied, and written down."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import structlog

from db.rollouts import rollouts as table
from db.rollouts import targets
from db.store.session import Database, DatabaseUnavailable
from integrations.databases import ConnectionParts
from integrations.errors import Unreachable
from integrations.tenant_databases.migrations import Migration, Script
from integrations.tenant_databases.outcomes import Expectation, Fingerprint, Outcome, TenantOrder
from services.errors import NotFound
from services.ports import Clock
from services.rollouts.fleet import Fleet, FleetTenant
from services.rollouts.ports import SqlReader, TenantRunner
from services.rollouts.refusals import NO_ROLLOUT
from services.rollouts.settling import TargetResult, settled, write
from services.rollouts.state import EXPECTED, OPTIONS

WIDTH = 8
# Who took a tenant and died loses it after so long; who lives says so more often.
LEASE, PULSE = timedelta(seconds=20), timedelta(seconds=5)
# No tenant is begun later in a slice: a process that must stop waits for those in hand only.
SLICE = timedelta(seconds=5)
BOTH_WAYS = (table.UP, table.DOWN)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ride:
    """One slice of driving a rollout: what is to be done, in which direction, up to which wave."""

    rollout_id: str
    direction: str
    wave: int
    migration: Migration
    order: TenantOrder
    by: str


class TargetPool:
    """Takes tenants as long as the rollout's row says *run*."""

    def __init__(
        self,
        database: Database,
        fleet: Fleet,
        runner: TenantRunner[ConnectionParts],
        reader: SqlReader,
        clock: Clock,
        width: int = WIDTH,
    ) -> None:
        self._database = database
        self._fleet = fleet
        self._runner = runner
        self._reader = reader
        self._clock = clock
        self._width = width

    async def drive(
        self, rollout_id: str, wave: int, changed: Callable[[], None] = lambda: None
    ) -> None:
        """Work for one slice, or until nothing is left up to that wave, or the row says stop.

        `changed` is called after each tenant.
        """
        ride = await self._ride(rollout_id, wave)
        until = asyncio.get_running_loop().time() + SLICE.total_seconds()
        pulse = asyncio.create_task(self._pulse(ride))
        try:
            async with asyncio.TaskGroup() as pool:
                for _ in range(self._width):
                    pool.create_task(self._work(ride, until, changed))
        finally:
            pulse.cancel()

    async def _work(self, ride: Ride, until: float, changed: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        while loop.time() < until:
            tenant_id = await self._claim(ride)
            if tenant_id is None:
                return
            came = await self._done(ride, tenant_id)
            await self._settle(ride, tenant_id, came)
            changed()

    async def _claim(self, ride: Ride) -> str | None:
        now = self._clock()
        async with self._database.transaction() as session:
            asked = targets.TargetClaim(ride.direction, ride.wave, ride.by, now, now + LEASE)
            return await targets.claim(session, ride.rollout_id, asked)

    async def _done(self, ride: Ride, tenant_id: str) -> TargetResult:
        tenant = await self._fleet.find(tenant_id)
        if tenant is None or tenant.gone:
            return TargetResult(targets.LEFT, "gone")
        if tenant.parts is None or not tenant.ready:
            # It waits for its own trouble to end, and is caught up then.
            return TargetResult(targets.LEFT, "not_ready", {"state": tenant.state})
        if ride.direction == table.DOWN:
            return await self._undone(ride, tenant, tenant.parts)
        order = await self._accepted(ride, tenant_id)
        return settled(await self._applied(tenant, tenant.parts, order))

    async def _undone(
        self, ride: Ride, tenant: FleetTenant, parts: ConnectionParts
    ) -> TargetResult:
        """Only where the tenant's own journal says that this rollout did it."""
        try:
            journal = await self._runner.journal(parts)
        except Unreachable:
            return TargetResult(targets.DEFERRED, "unreachable")
        ours = [one for one in journal if one.version == ride.migration.version]
        keys = {operation_key(ride.rollout_id, ride.migration.version, one) for one in BOTH_WAYS}
        if not ours or ours[-1].operation not in keys:
            return TargetResult(targets.UNTOUCHED)
        return settled(await self._applied(tenant, parts, ride.order))

    async def _applied(
        self, tenant: FleetTenant, parts: ConnectionParts, order: TenantOrder
    ) -> Outcome:
        outcome = await self._runner.apply(parts, order)
        log.info(
            "rollouts.tenant",
            tenant_id=tenant.id,
            operation=order.operation,
            status=type(outcome).__name__,
        )
        return outcome

    async def _accepted(self, ride: Ride, tenant_id: str) -> TenantOrder:
        """The order for this tenant: with the schema that a person took as its baseline."""
        async with self._database.transaction() as session:
            row = await targets.find(session, ride.rollout_id, tenant_id)
        if row is None or not row.accepted:
            return ride.order
        major, _, found = row.accepted.partition(":")
        baseline = Expectation(before=Fingerprint(int(major), found))
        expected = {**ride.order.expected, int(major): baseline}
        return TenantOrder(
            ride.migration, ride.order.direction, ride.order.operation, expected, ride.order.limits
        )

    async def _settle(self, ride: Ride, tenant_id: str, came: TargetResult) -> None:
        async with self._database.transaction() as session:
            rollout = await table.find(session, ride.rollout_id, lock=True)
            row = await targets.find(session, ride.rollout_id, tenant_id)
            if rollout is None or row is None or row.claimed_by != ride.by:
                # Somebody else took it on meanwhile; what they find is the truth.
                return
            await write(session, rollout, came, tenant_id, self._clock())

    async def _pulse(self, ride: Ride) -> None:
        while True:
            await asyncio.sleep(PULSE.total_seconds())
            with suppress(DatabaseUnavailable):
                async with self._database.transaction() as session:
                    until = self._clock() + LEASE
                    await targets.prolong(session, ride.rollout_id, ride.by, until)

    async def _ride(self, rollout_id: str, wave: int) -> Ride:
        async with self._database.transaction() as session:
            row = await table.find(session, rollout_id)
            review = await table.review(session, rollout_id)
        if row is None:
            raise NotFound(NO_ROLLOUT)
        migration = await migration_of(self._reader, row.version, row.up_sql, row.down_sql)
        back = row.direction == table.DOWN
        expected = {} if review is None else EXPECTED.validate_json(review.expected)
        order = TenantOrder(
            migration=migration,
            direction="down" if back else "up",
            operation=operation_key(row.id, row.version, row.direction),
            # On the way back a tenant may have changed since: only what it had is compared.
            expected={} if back else expected,
            limits=OPTIONS.validate_json(row.options).limits,
        )
        return Ride(row.id, row.direction, wave, migration, order, uuid4().hex)


def operation_key(rollout_id: str, version: str, direction: str) -> str:
    """Under which key a tenant's own journal knows what this rollout did."""
    return f"{rollout_id}:{version}:{direction}"


async def migration_of(reader: SqlReader, version: str, up_sql: str, down_sql: str) -> Migration:
    """The SQL as statements; raises Invalid."""
    down = Script(await reader.read(down_sql)) if down_sql.strip() else None
    return Migration(version, Script(await reader.read(up_sql)), down)
