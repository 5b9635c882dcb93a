"""Looks and tells in every process: what stands still cannot be told by a job."""

import asyncio
from contextlib import suppress
from datetime import timedelta

from bot.process.vendor_health import VendorHealth
from db.store.reach import DatabaseUnavailable
from services import AlertServices

PERIOD = timedelta(seconds=10)


class Watchman:
    """A turn every few seconds, and at once when an alert was raised in this process."""

    def __init__(
        self, alerts: AlertServices, vendors: VendorHealth, period: timedelta = PERIOD
    ) -> None:
        self._alerts = alerts
        self._vendors = vendors
        self._period = period.total_seconds()
        self._raised = asyncio.Event()
        alerts.log.listen(self._raised.set)

    async def watch(self) -> None:
        """Turn until cancelled; run it as a task."""
        while True:
            self._raised.clear()
            # Away: the health check says so, and nothing could be written down.
            with suppress(DatabaseUnavailable):
                await self.turn()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._period):
                    await self._raised.wait()

    async def turn(self) -> None:
        """Look once, then tell; raises DatabaseUnavailable."""
        await self._alerts.watch.vendors(self._vendors.away())
        await self._alerts.watch.turn()
        await self._alerts.telling.turn()
