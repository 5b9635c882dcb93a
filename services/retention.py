"""Forgetting what is old, for as long as the operator said; the audit log is never forgotten."""

from datetime import timedelta

import structlog

from db import retention as table
from db.store.session import Database
from services.ports import Clock

# The usage page goes back two years; a license's days are kept for that long at least.
USAGE_KEPT = timedelta(days=800)
USAGE = "report_usage"

log = structlog.get_logger(__name__)


class Retention:
    """Deletes in batches, each in a transaction of its own: whoever is interrupted goes on."""

    def __init__(self, database: Database, keep: timedelta, clock: Clock) -> None:
        self._database = database
        self._keep = keep
        self._clock = clock

    async def forget(self) -> int:
        """A step: forget what is older; how many rows. Again finds nothing more."""
        done = 0
        for name in table.OLD:
            keep = max(self._keep, USAGE_KEPT) if name == USAGE else self._keep
            count = await self._forget(name, keep)
            if count:
                log.info("retention.forgotten", kind=name, count=count)
            done += count
        return done

    async def _forget(self, name: str, keep: timedelta) -> int:
        before, done = self._clock() - keep, 0
        while True:
            async with self._database.transaction() as session:
                count = await table.forget(session, name, before)
            done += count
            if count < table.BATCH:
                return done
