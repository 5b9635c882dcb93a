"""When licenses and sites were last asked for: recorded in batches, off the hot path."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from itertools import islice

from db.store.asyncpg_pool import AsyncpgPool
from db.store.reach import DatabaseUnavailable
from db.validation import LicenseReader
from services.ports import Clock

EVERY = timedelta(seconds=3)
# Often enough for people who look at a list of sites.
AGAIN_AFTER = timedelta(minutes=5)
# A thousand sites that come at once are written in a few rounds, not at the expense of answers.
MOST_A_ROUND = 500
MOST_WAITING = 20_000


class LastSeenWriter:
    """Remembers who was seen, and writes it down every few seconds."""

    def __init__(self, pool: AsyncpgPool, clock: Clock, *, every: timedelta = EVERY) -> None:
        self._reader = LicenseReader(pool)
        self._clock = clock
        self._every = every
        # License id and site, "" for none.
        self._waiting: dict[tuple[str, str], None] = {}
        self._recorded: set[tuple[str, str]] = set()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the task that writes a batch every few seconds."""
        self._task = asyncio.create_task(self._write_on())

    async def close(self) -> None:
        """Write what waits, if PostgreSQL answers, and end."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        with suppress(DatabaseUnavailable):
            while self._waiting:
                await self.write()

    def record(self, seen: tuple[str, str]) -> None:
        """This license was asked for on this site ("" for none)."""
        if seen not in self._recorded and len(self._waiting) < MOST_WAITING:
            self._recorded.add(seen)
            self._waiting[seen] = None

    async def write(self) -> None:
        """Write the next few hundred; raises DatabaseUnavailable, and they wait on."""
        batch = tuple(islice(self._waiting, MOST_A_ROUND))
        if not batch:
            return
        await self._reader.touch(batch, self._clock())
        for seen in batch:
            self._waiting.pop(seen, None)

    async def _write_on(self) -> None:
        rounds = max(1, round(AGAIN_AFTER / self._every))
        while True:
            for _ in range(rounds):
                await asyncio.sleep(self._every.total_seconds())
                with suppress(DatabaseUnavailable):
                    await self.write()
            self._recorded = set(self._waiting)
