"""Catching up: a new tenant before it is ready, and those that a rollout had to leave behind."""

from datetime import timedelta

import structlog

from db.rollouts import migrations, targets
from db.rollouts import rollouts as table
from db.store.session import Database
from integrations.databases import ConnectionParts
from integrations.tenant_databases.outcomes import (
    AlreadyApplied,
    Applied,
    Outcome,
    StatementFailed,
    TenantBusy,
    TenantDeferred,
    TenantOrder,
)
from services.errors import DomainError, Temporary
from services.ports import Clock
from services.rollouts.fleet import Fleet, FleetTenant
from services.rollouts.pool import migration_of, operation_key
from services.rollouts.ports import SqlReader, TenantRunner
from services.rollouts.refusals import CATCH_UP_FAILED, CATCH_UP_LATER

AT_MOST = 100
LOOK_AGAIN = timedelta(minutes=10)

log = structlog.get_logger(__name__)


class CatchUp:
    """Applies what a tenant lacks; the tenant's own journal says what that is."""

    def __init__(
        self,
        database: Database,
        reader: SqlReader,
        runner: TenantRunner[ConnectionParts],
        clock: Clock,
    ) -> None:
        self._database = database
        self._reader = reader
        self._runner = runner
        self._clock = clock

    async def catch_up(self, tenant_id: str, parts: ConnectionParts) -> int:
        """Apply all finished migrations that this database lacks, in order; how many these were.

        Safe to repeat. What finishes meanwhile is applied too, and what finishes before the tenant
        is marked as ready by the next `bring_up`. Raises DomainError with the sentence of what
        failed; Temporary when it is busy or away and worth another try.
        """
        async with self._database.transaction() as session:
            newcomer = migrations.RolloutNewcomerRow(tenant_id=tenant_id, since=self._clock())
            await migrations.expect(session, newcomer)
        applied, looked_at = 0, set[str]()
        while due := [one for one in await self._finished() if one.version not in looked_at]:
            for one in due:
                applied += await self._apply(tenant_id, parts, one)
                looked_at.add(one.version)
        return applied

    async def bring_up(self, fleet: Fleet) -> int:
        """Newcomers that are ready now, and who was out of reach; how many were brought up.

        Whoever is still out of reach is tried again by the next one.
        """
        async with self._database.transaction() as session:
            waiting = [one.tenant_id for one in await migrations.newcomers(session)]
            behind = await targets.left_behind(session, self._clock(), AT_MOST)
        done = 0
        for tenant_id in dict.fromkeys([*waiting, *(row.tenant_id for _, row in behind)]):
            found = await fleet.find(tenant_id)
            if found is None or found.gone:
                await self._arrived(tenant_id)
            elif found.ready and found.parts is not None:
                done += await self._brought_up(found, found.parts)
        return done

    async def _brought_up(self, tenant: FleetTenant, parts: ConnectionParts) -> int:
        try:
            await self.catch_up(tenant.id, parts)
        except DomainError as error:
            log.warning("rollouts.behind", tenant_id=tenant.id, reason=str(error))
            async with self._database.transaction() as session:
                await targets.later(session, tenant.id, self._clock() + LOOK_AGAIN)
            return 0
        await self._arrived(tenant.id)
        return 1

    async def _arrived(self, tenant_id: str) -> None:
        async with self._database.transaction() as session:
            await migrations.arrived(session, [tenant_id])

    async def _finished(self) -> list[migrations.TenantMigrationRow]:
        async with self._database.transaction() as session:
            return await migrations.finished(session)

    async def _apply(
        self, tenant_id: str, parts: ConnectionParts, row: migrations.TenantMigrationRow
    ) -> int:
        # Under the rollout's own key: rolling that back takes this tenant along.
        order = TenantOrder(
            migration=await migration_of(self._reader, row.version, row.up_sql, row.down_sql),
            direction="up",
            operation=operation_key(row.rollout_id, row.version, table.UP),
            expected={},
        )
        outcome = await self._runner.apply(parts, order)
        if not isinstance(outcome, Applied | AlreadyApplied):
            raise _failure(row.version, outcome)
        async with self._database.transaction() as session:
            await targets.join(session, row.rollout_id, tenant_id, self._clock())
        return isinstance(outcome, Applied)


class Behind:
    """Brings up by the clock whoever is behind."""

    def __init__(self, catch_up: CatchUp, fleet: Fleet) -> None:
        self._catch_up = catch_up
        self._fleet = fleet

    async def tick(self) -> int:
        """A step: how many were brought up."""
        return await self._catch_up.bring_up(self._fleet)


def _failure(version: str, outcome: Outcome) -> DomainError:
    if isinstance(outcome, TenantBusy | TenantDeferred):
        return Temporary(CATCH_UP_LATER, version=version)
    sentence = outcome.sentence if isinstance(outcome, StatementFailed) else type(outcome).__name__
    return DomainError(CATCH_UP_FAILED, version=version, sentence=sentence)
