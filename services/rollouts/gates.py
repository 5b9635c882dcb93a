"""Gates: what is looked at while a wave is watched, and what of it halts the rollout."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from integrations.databases import ConnectionParts
from integrations.errors import Unreachable
from integrations.tenant_databases.outcomes import Vitals
from services.rollouts.fleet import Fleet
from services.rollouts.state import Breach

UNREACHABLE, LOCKED, FAILING, SITE = "unreachable", "locked", "failing", "site"
# A look that failed is repeated once before it counts.
LOOKS = 2
AT_ONCE = 8
# A session that waits so long for a lock is somebody in front of a spinning page.
LONG_WAIT = timedelta(seconds=5)
# Failed transactions are normal in small numbers; a tenth of all is not.
MOST_FAILED, FAILED_SHARE = 20, 10


class AsksVitals(Protocol):
    """Asks a tenant's database how it fares."""

    async def vitals(self, parts: ConnectionParts) -> Vitals:
        """One connection and one query; raises Unreachable."""


class SiteProbe(Protocol):
    """Asks a tenant's own site, where operators named its address."""

    async def ask(self, name: str) -> str:
        """ "" when it answers well, or when none is configured; else what is wrong, in a word."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A tenant that has the migration, and how it fared right after (None: not looked at yet)."""

    tenant_id: str
    name: str
    before: Vitals | None


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at one tenant."""

    tenant_id: str
    vitals: Vitals | None
    breaches: tuple[Breach, ...]


class Gates:
    """Looks at the tenants that were migrated so far."""

    def __init__(self, fleet: Fleet, database: AsksVitals, site: SiteProbe) -> None:
        self._fleet = fleet
        self._database = database
        self._site = site

    async def look(self, watched: Iterable[Watched]) -> tuple[Look, ...]:
        """Each of them, eight at once; who was deleted meanwhile is not looked at."""
        room = asyncio.Semaphore(AT_ONCE)

        async def one(tenant: Watched) -> Look:
            async with room:
                return await self._look(tenant)

        return tuple(await asyncio.gather(*(one(tenant) for tenant in watched)))

    async def _look(self, tenant: Watched) -> Look:
        found = await self._fleet.find(tenant.tenant_id)
        if found is None or found.parts is None or not found.ready:
            return Look(tenant.tenant_id, None, ())
        vitals, breaches = None, []
        for _ in range(LOOKS):
            try:
                vitals = await self._database.vitals(found.parts)
                break
            except Unreachable:
                continue
        if vitals is None:
            breaches.append(Breach(UNREACHABLE, tenant.name))
        else:
            breaches.extend(_judged(tenant, vitals))
        for _ in range(LOOKS):
            if not (wrong := await self._site.ask(found.name)):
                break
        else:
            breaches.append(Breach(SITE, tenant.name, wrong))
        return Look(tenant.tenant_id, vitals, tuple(breaches))


def _judged(tenant: Watched, now: Vitals) -> list[Breach]:
    found = []
    if now.longest_lock_wait >= LONG_WAIT:
        seconds = str(round(now.longest_lock_wait.total_seconds()))
        found.append(Breach(LOCKED, tenant.name, seconds))
    before = tenant.before
    if before is not None and now.rollbacks >= before.rollbacks:
        failed = now.rollbacks - before.rollbacks
        all_of_them = failed + max(0, now.commits - before.commits)
        if failed >= MOST_FAILED and failed * FAILED_SHARE >= all_of_them:
            found.append(Breach(FAILING, tenant.name, str(failed)))
    return found
