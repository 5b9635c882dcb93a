"""Looks after tenants by the clock: late ones that came up go on, paused ones are told."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

import structlog

from db.store.session import Database
from db.tenants import tenants as table
from integrations.databases import DatabaseHealth, DatabaseState
from integrations.errors import IntegrationError, RateLimited
from services.actors import TIMER
from services.errors import Conflict, Temporary
from services.operations import FAILED as OPERATION_FAILED
from services.operations import Operations
from services.ports import Clock
from services.tenants.onboarding import ONBOARD
from services.tenants.ports import TenantDatabases
from services.tenants.state import FAILED, OWN, PAUSED, READY, Tenant, read

WATCH = "tenants.watch"
# Each is looked at this often at most; a tick looks at so many, the longest unseen first.
EVERY = timedelta(minutes=5)
AT_ONCE = 40
HEALTH = "health"

log = structlog.get_logger(__name__)


class TenantRoom(Protocol):
    """The ops channel, as far as it hears of tenants; raises Temporary while Slack is away."""

    async def paused(self, tenant: Tenant) -> None:
        """Its database was paused, and not by us."""

    async def back(self, tenant: Tenant) -> None:
        """Its database is back by itself."""


class TenantWatch:
    """Compares what we know with what the providers say, a few tenants at a time."""

    def __init__(
        self,
        database: Database,
        providers: Mapping[str, TenantDatabases],
        operations: Operations,
        room: TenantRoom,
        clock: Clock,
    ) -> None:
        self._database = database
        self._providers = providers
        self._operations = operations
        self._room = room
        self._clock = clock

    async def tick(self, slot: str) -> None:
        """A step: look at those unseen for longest; a provider that asks for time ends the tick."""
        async with self._database.transaction() as session:
            due = await table.to_look_at(session, self._clock() - EVERY, AT_ONCE)
        for row in due:
            provider = self._providers.get(row.provider)
            if row.provider == OWN or provider is None:
                continue
            try:
                health = await provider.health(row.ref)
            except RateLimited:
                return
            except IntegrationError as error:
                log.info("tenants.not_seen", subject=row.id, detail=str(error))
                continue
            await self._compare(row.id, health)

    async def _compare(self, tenant_id: str, health: DatabaseHealth) -> None:
        async with self._database.transaction() as session:
            row = await table.find(session, tenant_id, lock=True)
            if row is None:
                return
            row.looked_at = self._clock()
            before = row.state
            if before == READY and health.state is DatabaseState.PAUSED:
                row.state, row.problem = PAUSED, health.detail
            elif before == PAUSED and health.state is DatabaseState.READY:
                row.state, row.problem = READY, ""
            tenant = read(row)
        if before == FAILED and health.state is DatabaseState.READY:
            await self._go_on(tenant_id)
        elif tenant.state != before:
            await self._tell(tenant)

    async def _go_on(self, tenant_id: str) -> None:
        """It came up after all: the onboarding that gave up waiting takes its next steps."""
        operation = await self._operations.of_subject(ONBOARD, tenant_id)
        if operation is None or operation.state != OPERATION_FAILED:
            return
        stuck = next((one for one in operation.steps if one.state == "failed"), None)
        if stuck is not None and stuck.name == HEALTH:
            try:
                await self._operations.retry(TIMER, operation.id)
            except Conflict:
                return

    async def _tell(self, tenant: Tenant) -> None:
        try:
            await (self._room.paused if tenant.state == PAUSED else self._room.back)(tenant)
        except Temporary:
            log.warning("tenants.not_told", subject=tenant.id)
