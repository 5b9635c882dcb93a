"""Durable jobs: start one, or signal one, inside the caller's own transaction."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dbos import DBOS, AsyncSQLAlchemyDatasource, DBOSClient, DBOSPortableJSONSerializer
from dbos import EnqueueOptions as Options
from dbos import error as refusals
from sqlalchemy import event, text
from sqlalchemy.orm import Session as SyncSession
from sqlmodel.ext.asyncio.session import AsyncSession

from db.store.budget import STARTER
from db.store.dbos_private import recover_workflows
from db.store.reach import out_of_reach
from db.store.urls import for_psycopg

APPLICATION = "seguito"
# Somebody waits for these; the others' queries would only warm the processor.
SOON = timedelta(milliseconds=100)
LATER = timedelta(seconds=1)
PURGE_BATCH = 500
SET_ASIDE = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"
ENDED = ["SUCCESS", "ERROR", "CANCELLED", SET_ASIDE]
# The engine writes its times in milliseconds since 1970.
WAITING = text(
    """
    SELECT queue_name, count(*) AS jobs FROM dbos.workflow_status
    WHERE status IN ('ENQUEUED', 'DELAYED') AND application_name = :application
    GROUP BY queue_name
    """
)
UNFINISHED = text(
    """
    SELECT workflow_uuid FROM dbos.workflow_status
    WHERE status IN ('ENQUEUED', 'DELAYED', 'PENDING') AND application_name = :application
    AND queue_partition_key = :partition AND split_part(name, '.', 1) = ANY(:rooms)
    """
)
OLDEST = text(
    """
    SELECT queue_name, min(created_at) AS since FROM dbos.workflow_status
    WHERE status = 'ENQUEUED' AND application_name = :application GROUP BY queue_name
    """
)
ENDED_SINCE = text(
    """
    SELECT name, completed_at, completed_at - created_at AS age FROM dbos.workflow_status
    WHERE executor_id = :executor AND completed_at > :since ORDER BY completed_at
    """
)


@dataclass(frozen=True, slots=True)
class Queue:
    """Where jobs wait; limits count per process, None means no limit.

    A limit per partition makes every start name its partition (a workspace or a tenant), so
    that one busy partition cannot hold up the others. `poll`: how often each process looks.
    """

    name: str
    at_once: int | None = None
    per_partition: int | None = None
    poll: timedelta = LATER


WORK = Queue("work", at_once=32, per_partition=8, poll=SOON)
BULK = Queue("bulk", at_once=8, per_partition=2)
# A waiting job keeps its slot, so those that wait for hours are never counted.
WAITS = Queue("waits")
CLOCK = Queue("clock", at_once=16)
# Each queue costs every process a query per poll: four are the most there may be.
QUEUES = {queue.name: queue for queue in (WORK, BULK, WAITS, CLOCK)}


@dataclass(frozen=True, slots=True)
class SetAside:
    """A job the engine gave up on, with the ids it was started with."""

    workflow: str
    job_id: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """A job that ended at `at`, `age` after it was started."""

    workflow: str
    age: timedelta
    at: datetime


class Jobs:
    """Starts and signals jobs; needs no running engine, only its tables."""

    def __init__(self, url: str) -> None:
        """`url` is the control database's; a connection is made only by `cancel`."""
        self._client = DBOSClient(
            system_database_url=for_psycopg(url),
            serializer=DBOSPortableJSONSerializer(),
            application_name=APPLICATION,
            system_database_pool_size=STARTER,
            lazy=True,
        )
        # Told, after the commit, the queue one waits in: an engine in this process looks at once.
        self.started: Callable[[str], None] = lambda _: None

    async def start(
        self,
        session: "JobSession",
        workflow: str,
        job_id: str,
        *ids: str,
        queue: str = WORK.name,
        partition: str = "",
        delay: timedelta | None = None,
    ) -> None:
        """See `start` below."""
        options = _options(workflow, job_id, QUEUES[queue], partition)
        if delay is not None:
            options["delay_seconds"] = delay.total_seconds()

        def enqueue(sync: SyncSession) -> None:
            self._client.enqueue_in_transaction(sync, options, *ids)
            if delay is None:
                event.listen(sync, "after_commit", lambda _: self.started(queue), once=True)

        await session.run_sync(enqueue)

    async def signal(self, session: "JobSession", job_id: str, topic: str, message: str) -> bool:
        """See `signal` below."""

        def send(sync: SyncSession) -> None:
            self._client.send_in_transaction(sync, job_id, message, topic)

        try:
            async with session.begin_nested():
                await session.run_sync(send)
        except refusals.DBOSNonExistentWorkflowError:
            return False
        return True

    async def cancel(self, job_id: str) -> None:
        """Stop a job now, between or within its steps; nothing happens if it has ended.

        Not part of any transaction: write down first that the work is no longer wanted.
        """
        await self._client.cancel_workflow_async(job_id)

    async def recover(self, executors: Sequence[str]) -> None:
        """Put back what these dead executors had in hand; needs a running engine.

        Raises DatabaseUnavailable. Asking twice puts nothing back twice.
        """
        with out_of_reach():
            await asyncio.to_thread(recover_workflows, executors)

    async def set_aside(self) -> tuple[SetAside, ...]:
        """Jobs that were begun too often and never ended: they may have killed their process."""
        with out_of_reach():
            found = await self._client.list_workflows_async(
                status=[SET_ASIDE], application_name=APPLICATION, load_output=False
            )
        return tuple(
            SetAside(job.name, job.workflow_id, tuple(job.input["args"]) if job.input else ())
            for job in found
        )

    async def purge(self, older_than: timedelta) -> int:
        """Forget jobs that ended longer ago than that, with their steps; returns how many.

        A job id that was forgotten starts anew, so keep more than any vendor's redelivery.
        """
        before = (datetime.now(UTC) - older_than).isoformat()
        purged = 0
        while True:
            ended = await self._client.list_workflows_async(
                status=ENDED,
                completed_before=before,
                application_name=APPLICATION,
                limit=PURGE_BATCH,
                load_input=False,
                load_output=False,
            )
            if not ended:
                return purged
            await self._client.delete_workflows_async([job.workflow_id for job in ended])
            purged += len(ended)

    async def waiting(self, session: "JobSession") -> dict[str, int]:
        """How many jobs wait in each queue, the empty ones included."""
        rows = (await session.execute(WAITING, {"application": APPLICATION})).all()
        return dict.fromkeys(QUEUES, 0) | {row.queue_name: row.jobs for row in rows}

    async def unfinished(
        self, session: "JobSession", partition: str, rooms: Sequence[str]
    ) -> tuple[str, ...]:
        """Ids of the partition's jobs of these rooms that have not ended."""
        given = {"application": APPLICATION, "partition": partition, "rooms": list(rooms)}
        return tuple((await session.execute(UNFINISHED, given)).scalars().all())

    async def oldest(self, session: "JobSession") -> dict[str, datetime]:
        """Since when the oldest job that could begin waits in each queue that has one."""
        rows = (await session.execute(OLDEST, {"application": APPLICATION})).all()
        return {row.queue_name: _moment(row.since) for row in rows}

    async def ended(
        self, session: "JobSession", executor_id: str, since: datetime
    ) -> tuple[Ended, ...]:
        """The jobs this executor brought to an end since then, oldest first."""
        after = {"executor": executor_id, "since": int(since.timestamp() * 1000)}
        rows = (await session.execute(ENDED_SINCE, after)).all()
        return tuple(
            Ended(row.name, timedelta(milliseconds=row.age), _moment(row.completed_at))
            for row in rows
        )

    async def open_queues(self) -> None:
        """Write the queues' limits where every running engine reads them."""
        for queue in QUEUES.values():
            await self._client.register_queue_async(
                queue.name,
                worker_concurrency=queue.at_once,
                partition_worker_concurrency=queue.per_partition,
                polling_interval_sec=queue.poll.total_seconds(),
            )

    async def close(self) -> None:
        """Give the connections back."""
        await asyncio.to_thread(self._client.destroy)


class JobSession(AsyncSession):
    """A session that can start jobs: what `start` and `signal` ask of their caller."""

    jobs: Jobs


async def start(
    session: JobSession,
    workflow: str,
    job_id: str,
    *ids: str,
    queue: str = WORK.name,
    partition: str = "",
    delay: timedelta | None = None,
) -> None:
    """Start `workflow(*ids)` when the session's transaction commits, never when it rolls back.

    Starting twice with one `job_id` is silently one run: make it say what it stands for
    (`slack:{view_id}:{hash}`). `partition` is the workspace or tenant, which `work` and `bulk`
    require. Arguments are ids only; the job reads the rest.
    """
    await session.jobs.start(
        session, workflow, job_id, *ids, queue=queue, partition=partition, delay=delay
    )


async def signal(session: JobSession, job_id: str, topic: str, message: str = "") -> bool:
    """Wake the job that waits for `topic` once the transaction commits; False if none exists."""
    return await session.jobs.signal(session, job_id, topic, message)


def prepare(url: str) -> None:
    """Create or upgrade the engine's own tables (schema `dbos`); safe from several processes.

    Blocks, and runs an event loop of its own: call it in a thread.
    """
    DBOS.migrate(for_psycopg(url))
    asyncio.run(AsyncSQLAlchemyDatasource.migrate(for_psycopg(url)))


def _options(workflow: str, job_id: str, queue: Queue, partition: str) -> Options:
    options = Options(workflow_name=workflow, queue_name=queue.name, workflow_id=job_id)
    if queue.per_partition is None:
        return options
    if not partition:
        raise ValueError(f"a job in the queue “{queue.name}” names its workspace or tenant")
    options["queue_partition_key"] = partition
    return options


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
