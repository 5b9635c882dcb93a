"""Looks at the jobs now and then for `/metrics`: how many wait, how old those were that ended."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from bot.process.metrics import Metrics
from db.store.reach import DatabaseUnavailable
from db.store.session import Database

PERIOD = timedelta(seconds=10)


class Sampler:
    """Two short queries per period. Queues are everybody's; ended jobs are counted by their own
    process, so that the numbers of several add up."""

    def __init__(
        self,
        database: Database,
        metrics: Metrics,
        executor_id: str = "",
        period: timedelta = PERIOD,
    ) -> None:
        """`executor_id`: this process's engine; "" when it runs none."""
        self._database = database
        self._metrics = metrics
        self._executor_id = executor_id
        self._period = period
        self._since = datetime.now(UTC)

    async def watch(self) -> None:
        """Look until cancelled; run it as a task."""
        while True:
            # Away: the health check says so, and the numbers stay as they were.
            with suppress(DatabaseUnavailable):
                await self.look()
            await asyncio.sleep(self._period.total_seconds())

    async def look(self) -> None:
        """Look once; raises DatabaseUnavailable."""
        jobs = self._database.jobs
        async with self._database.transaction() as session:
            waiting = await jobs.waiting(session)
            ended = await jobs.ended(session, self._executor_id, self._since)
        for name, depth in waiting.items():
            self._metrics.queue(name, depth)
        for job in ended:
            self._metrics.job(job.workflow, job.age)
            self._since = job.at
