"""The clock: each tick of the timetable starts a workflow named by its slot, so once over all."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count

import structlog
from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from db.store import jobs
from db.store.reach import DatabaseUnavailable
from db.store.session import Database
from handlers.jobs.kit.runner import Tick
from services.operations import Backoff

# The default of one second drops the ticks of a busy moment.
MISFIRE_SECONDS = 30
# A restart of PostgreSQL must not cost a nightly tick.
BACKOFF = Backoff(tries=8, longest=timedelta(minutes=1))


class Clock:
    """Runs in every process; the job id decides which one's tick counts."""

    def __init__(self, timetable: Iterable[Tick], database: Database) -> None:
        self._database = database
        self._scheduler = AsyncIOScheduler(timezone=UTC, executors={"default": _BySlot()})
        for tick in timetable:
            self._scheduler.add_job(
                self.tick,
                CronTrigger.from_crontab(tick.cron, timezone=UTC),
                id=tick.name,
                # The slot is a placeholder: the executor puts the scheduled time there.
                kwargs={"tick": tick, "slot": datetime.min.replace(tzinfo=UTC)},
                misfire_grace_time=MISFIRE_SECONDS,
                coalesce=True,
                max_instances=1,
            )

    def start(self) -> None:
        """Begin to tick, in the running loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more; what was started goes on."""
        self._scheduler.shutdown(wait=False)

    async def tick(self, tick: Tick, slot: datetime) -> None:
        """Start the workflow of one slot; again, or from another process, changes nothing."""
        at = slot.astimezone(UTC).isoformat()
        job_id = f"tick:{tick.name}:{at}"
        for attempt in count(1):
            try:
                async with self._database.transaction() as session:
                    await jobs.start(session, tick.workflow, job_id, at, queue=jobs.CLOCK.name)
            except DatabaseUnavailable as error:
                log = structlog.get_logger(__name__)
                log.warning("clock.database_away", tick=tick.name, detail=str(error))
                pause = BACKOFF.pause(attempt)
                if pause is None:
                    return
                await asyncio.sleep(pause.total_seconds())
            else:
                return


class _BySlot(AsyncIOExecutor):  # type: ignore[misc]  # APScheduler 3 has no types
    """APScheduler keeps the scheduled time to itself; this hands it to the job."""

    def _do_submit_job(self, job: Job, run_times: list[datetime]) -> None:
        job.kwargs = {**job.kwargs, "slot": run_times[-1]}
        super()._do_submit_job(job, run_times)
