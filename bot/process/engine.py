"""The durable engine: configure, launch, reap what dead processes left, drain, purge."""

import asyncio
import os
import secrets
import socket
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from typing import TypeVar

import structlog
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer

from bot.process.alarm import IDLE, Alarm
from bot.process.engine_log import quiet_engine
from db.store import jobs
from db.store.budget import ENGINE
from db.store.dbos_private import (
    Datasource,
    DatasourceOptions,
    is_launched,
    look_for_signals,
    queue_worker_thread,
    workflow_tasks,
)
from db.store.executors import Presence
from db.store.jobs import APPLICATION
from db.store.reach import DatabaseUnavailable
from db.store.session import Database
from db.store.urls import for_psycopg
from handlers.jobs.kit.runner import GAVE_UP, Runner, Tick

T = TypeVar("T")

PURGE = "engine.purge"
# It forgets jobs that ended long ago.
TICKS = (Tick(PURGE, cron="17 3 * * *", workflow=PURGE),)
KEEP_HISTORY = timedelta(days=30)
# Constant on purpose: the default is a hash of the source, and every deploy would strand
# running jobs. A change before the tail of a running workflow goes through `Runner.patched`.
VERSION = "1"
# The engine takes over the loop's thread pool, which Google's client and DNS share with it.
THREADS = 64
LOOK = timedelta(seconds=1)
# Free three looks in a row: a process that only reconnects is not taken for dead.
LOOKS = 3
SWEEP_LOOKS = 30
# Each waiting job costs a query then.
SIGNAL_LOOKS = 15
GRACE = timedelta(seconds=20)
STOPPING_SECONDS = 10.0
# How much more rarely it looks into queues whose jobs may wait a second anyway.
RARELY = 5
# For the engine's events and streams, of which we have none: by default a thread of its own looks
# for them a hundred times a second, and each time takes the interpreter from a chat.
QUIET_SECONDS = 0.25


class Transactions:
    """Runs a verb's database work in the transaction that also records its step."""

    def __init__(self, database: Database) -> None:
        """To be built after the engine is configured and before it is launched."""
        self._database = database
        self._datasource = Datasource(
            database_url=for_psycopg(database.url),
            engine_kwargs={},
            engine=database.engine,
            schema=None,
            serializer=DBOSPortableJSONSerializer(),
            sessionmaker=database.sessions,
        )

    async def __call__(self, name: str, verb: Callable[[], Awaitable[T]]) -> T:
        """The verb's answer, or that of the first time if it already ran."""

        async def inside() -> T:
            with self._database.joined(self._datasource.sql_session()):
                return await verb()

        options = DatasourceOptions(name=name, isolation_level="READ COMMITTED")
        return await self._datasource.run_tx_step_async(options, inside)


class Lookout:
    """The engine's own thread for a queue, which waits by an alarm of ours."""

    def __init__(self, engine: DBOS, queue: str, alarm: Alarm) -> None:
        """The engine must not listen to that queue itself; `start` once it is launched."""
        self._engine = engine
        self._queue = queue
        self._alarm = alarm
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """A job waits in the queue: look now. From any thread, after the commit."""
        self._alarm.wake()

    def start(self) -> None:
        """Blocks for one query."""
        queue = self._engine.retrieve_queue(self._queue)
        if queue is None:
            raise RuntimeError("the queues are not open")
        self._thread = threading.Thread(
            target=queue_worker_thread,
            args=(self._alarm, self._engine, queue),
            name=f"queue-worker-{queue.name}",
            daemon=True,
        )
        self._thread.start()

    def stop(self) -> None:
        """Take no more jobs; blocks until a look in hand has ended."""
        self._alarm.set()
        if self._thread is not None:
            self._thread.join(STOPPING_SECONDS)


class EngineRunning(RuntimeError):
    """This process already runs an engine: stop it first."""


class Engine:
    """Runs jobs in this process; there can be one at a time, because the engine is a global."""

    def __init__(
        self,
        database: Database,
        runner: Runner,
        *,
        look: timedelta = LOOK,
        idle: timedelta | None = IDLE,
    ) -> None:
        """`look`: how often to look for dead processes; for lost signals, 15 times more rarely.

        `idle`: how often for jobs that other processes started, while there is no work, in queues
        that cannot wait, five times more rarely in others; it is told of those that are started
        here. None: none are, and it looks as often as the queues say.
        """
        self.runner = runner
        self.executor_id = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._database = database
        self._presence = Presence(database.url, self.executor_id)
        self._look = look
        self._idle = idle
        self._lookouts: dict[str, Lookout] = {}
        self._dbos: DBOS | None = None
        self._reaper: asyncio.Task[None] | None = None
        self._log = structlog.get_logger(__name__)

    async def start(self) -> None:
        """Take jobs from the queues; register workflows before.

        Raises DatabaseUnavailable, EngineRunning. The tables must be migrated. Runs in the loop
        that also runs the services: the engine adopts it, so workflows share its database pool and
        HTTP clients.
        """
        await self._presence.hold()
        await self._database.jobs.open_queues()
        quiet_engine()
        engine = DBOS(config=_config(self._database.url, self.executor_id))
        # A second one is silently the first: with its own id, database and registered jobs.
        if is_launched(engine):
            await self._presence.release()
            raise EngineRunning
        self._dbos = engine
        self.runner.workflow(PURGE)(self._purge)
        self.runner.transact = Transactions(self._database)
        if self._idle is not None:
            DBOS.listen_queues([])
        # Not in a thread: the engine adopts the loop it is launched from. Takes a moment.
        DBOS.launch()
        if self._idle is not None:
            await asyncio.to_thread(self._look_out, engine, self._idle)
            self._database.jobs.started = self._wake
        # A signal sent while the listening connection is down wakes nobody, and after a restart of
        # PostgreSQL that is a second at least; the engine itself would look after a minute.
        look_for_signals(engine, every=SIGNAL_LOOKS * self._look)
        self._reaper = asyncio.create_task(self._reap(), name="reaper")

    async def stop(self, grace: timedelta = GRACE) -> None:
        """Let steps in hand end, leave everything else to the next process, and shut down.

        Call it before closing what steps use (HTTP clients, the database).
        """
        if self._dbos is None:
            return
        # From now on nobody else's crash is ours to mend.
        if self._reaper is not None:
            await _cancel({self._reaper})
        for lookout in self._lookouts.values():
            await asyncio.to_thread(lookout.stop)
        if not await self.runner.drain(grace):
            self._log.warning("engine.drain_too_slow", seconds=grace.total_seconds())
        await _cancel(workflow_tasks(self._dbos))
        # The engine's own pool, until now the loop's, is about to be shut down.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
        # A queue may have handed out one more job meanwhile.
        await _cancel(workflow_tasks(self._dbos))
        self._dbos = None
        await self._presence.release()

    def _look_out(self, engine: DBOS, idle: timedelta) -> None:
        for queue in jobs.QUEUES.values():
            often = idle if queue.poll < jobs.LATER else RARELY * idle
            lookout = Lookout(engine, queue.name, Alarm(self.runner.is_busy, idle=often))
            lookout.start()
            self._lookouts[queue.name] = lookout

    def _wake(self, queue: str) -> None:
        self._lookouts[queue].wake()

    async def purge(self) -> int:
        """Forget jobs that ended long ago (nightly, by the clock); returns how many."""
        return await self._database.jobs.purge(KEEP_HISTORY)

    async def _purge(self, slot: str) -> None:
        await self.runner.step(self.purge)

    async def _reap(self) -> None:
        looks: dict[str, int] = {}
        for look in count(1):
            try:
                looks = await self._look_around(looks)
                if look % SWEEP_LOOKS == 0:
                    await self._bury()
            except DatabaseUnavailable:
                looks = {}
            await asyncio.sleep(self._look.total_seconds())

    async def _look_around(self, looks: dict[str, int]) -> dict[str, int]:
        absent = await self._presence.absent()
        looks = {executor: looks.get(executor, 0) + 1 for executor in absent}
        dead = [executor for executor, times in looks.items() if times >= LOOKS]
        if dead:
            await self._database.jobs.recover(dead)
            for queue in jobs.QUEUES:
                self._database.jobs.started(queue)
            self._log.warning("engine.recovered", executors=" ".join(dead))
        return looks

    async def _bury(self) -> None:
        """Tell those who wait for jobs that the engine gave up on; once each, by the job's id."""
        for job in await self._database.jobs.set_aside():
            async with self._database.transaction() as session:
                await jobs.start(
                    session,
                    job.workflow + GAVE_UP,
                    f"gave-up:{job.job_id}",
                    *job.ids,
                    queue=jobs.CLOCK.name,
                )


def _config(url: str, executor_id: str) -> DBOSConfig:
    return DBOSConfig(
        name=APPLICATION,
        system_database_url=for_psycopg(url),
        sys_db_pool_size=ENGINE,
        application_version=VERSION,
        executor_id=executor_id,
        serializer=DBOSPortableJSONSerializer(),
        max_executor_threads=THREADS,
        notification_coalesce_sec=QUIET_SECONDS,
        run_migrations=False,
        log_level="WARNING",
    )


async def _cancel(tasks: set[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
