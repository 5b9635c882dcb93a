"""What is looked at every minute: vendors, queues, rollouts, what Stripe has, and certificates."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from db.store.session import Database
from integrations.errors import IntegrationError
from services.alerts.alerts import Alerts
from services.alerts.causes import Cause
from services.billing import Compared
from services.ports import Clock
from services.rollouts import Rollout

# A job that somebody waits for begins within seconds; the timetable's within a minute.
PATIENCE: Mapping[str, timedelta] = {
    "work": timedelta(minutes=10),
    "clock": timedelta(minutes=15),
    "bulk": timedelta(hours=2),
}
# Renewed by machines a month before the end; two weeks before it no machine does it any more.
CERTIFICATE, KEY = timedelta(days=14), timedelta(days=14)
EVERY, RARELY = timedelta(minutes=1), timedelta(hours=6)
HALT, OPEN = "halt", "open"
NAMES: Mapping[str, str] = {
    "claude": "Anthropic",
    "crono": "Crono",
    "fathom": "Fathom",
    "google": "Google",
    "hubspot": "HubSpot",
    "openrouter": "OpenRouter",
    "slack": "Slack",
    "smtp": "The mail server",
    "stripe": "Stripe",
    "supabase": "Supabase",
}

log = structlog.get_logger(__name__)


class Comparisons(Protocol):
    """The newest comparison with Stripe."""

    async def latest(self) -> Compared | None:
        """With what differed."""


class RolloutList(Protocol):
    """Rollouts, the newest first."""

    async def list(self, *, limit: int) -> tuple[Rollout, ...]:
        """So many."""


# What ends, and when: a certificate's host, a key's vendor.
Ending = Callable[[], Awaitable[Mapping[str, datetime]]]


@dataclass(frozen=True, slots=True)
class AlertSources:
    """What is looked at; `certificates` and `keys` raise an IntegrationError."""

    comparisons: Comparisons
    rollouts: RolloutList
    certificates: Ending
    keys: Ending


class AlertWatch:
    """One per process; what it raises is the same from each, so it may run in several."""

    def __init__(
        self, database: Database, alerts: Alerts, watched: AlertSources, clock: Clock
    ) -> None:
        self._database = database
        self._alerts = alerts
        self._watched = watched
        self._clock = clock
        self._looked_at: datetime | None = None
        self._looked_far_at: datetime | None = None

    async def vendors(self, away: Mapping[str, bool]) -> None:
        """Which vendors this process could not reach for a while (True), and which answered."""
        for vendor, is_away in away.items():
            if name := NAMES.get(vendor):
                change = self._alerts.fire if is_away else self._alerts.end
                await change(Cause.VENDOR_DOWN, name)

    async def turn(self) -> None:
        """Look at whatever it is time for."""
        now = self._clock()
        if self._looked_at is None or now - self._looked_at >= EVERY:
            self._looked_at = now
            await self.look()
        if self._looked_far_at is None or now - self._looked_far_at >= RARELY:
            self._looked_far_at = now
            await self.look_ahead()

    async def look(self) -> None:
        """Queues, rollouts and the comparison with Stripe, by our own rows."""
        await self._queues()
        await self._rollouts()
        await self._stripe()
        await self._alerts.settle()

    async def look_ahead(self) -> None:
        """What comes to its end soon: certificates and keys."""
        ends = ((Cause.CERTIFICATE, self._watched.certificates, CERTIFICATE),)
        for cause, ending, before in (*ends, (Cause.KEY, self._watched.keys, KEY)):
            with suppress(IntegrationError):
                for subject, at in (await ending()).items():
                    await self._ends(cause, subject, at, before)

    async def _ends(self, cause: Cause, subject: str, at: datetime, before: timedelta) -> None:
        if at - self._clock() >= before:
            await self._alerts.end(cause, subject)
        else:
            await self._alerts.fire(cause, subject, f"It ends on {at:%Y-%m-%d at %H:%M} UTC.")

    async def _queues(self) -> None:
        now = self._clock()
        async with self._database.transaction() as session:
            oldest = await self._database.jobs.oldest(session)
        for queue, patience in PATIENCE.items():
            since = oldest.get(queue)
            if since is None or now - since < patience:
                await self._alerts.end(Cause.JOBS_WAIT, queue)
            else:
                detail = f"The oldest has waited since {since:%Y-%m-%d %H:%M} UTC."
                await self._alerts.fire(Cause.JOBS_WAIT, queue, detail)

    async def _rollouts(self) -> None:
        """A halt is raised by the rollout itself; here it is seen that it goes on."""
        raised = [one for one in await self._alerts.lively() if one.is_firing]
        halted = [one.subject for one in raised if one.cause == Cause.ROLLOUT_HALTED]
        if not halted:
            return
        newest = await self._watched.rollouts.list(limit=100)
        still = {one.version for one in newest if one.state == OPEN and one.control == HALT}
        for version in halted:
            if version not in still:
                await self._alerts.end(Cause.ROLLOUT_HALTED, version)

    async def _stripe(self) -> None:
        found = await self._watched.comparisons.latest()
        if found is None or found.ended_at is None:
            return
        if found.is_clean:
            await self._alerts.end(Cause.DRIFT, NAMES["stripe"])
            return
        left = sum(not one.repaired for one in found.drifts)
        detail = f"Compared on {found.began_at:%Y-%m-%d}: {found.state}, {left} differ."
        await self._alerts.fire(Cause.DRIFT, NAMES["stripe"], detail)
