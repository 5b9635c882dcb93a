"""A signal that is sent while nobody listens still arrives, and soon."""

import asyncio
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import text

from bot.process.engine import Engine
from db.store import jobs
from db.store.session import Database

# The engine's own look for what was missed comes after a minute.
SOON = 20
CUT = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND query LIKE 'LISTEN%dbos%'"
)
WAITS = text("SELECT count(*) FROM dbos.operation_outputs WHERE workflow_uuid = :job")


async def test_a_signal_sent_while_nobody_listens_arrives_soon(
    engine: Engine, jobs_database: Database
) -> None:
    heard: asyncio.Queue[str | None] = asyncio.Queue()

    @engine.runner.workflow("signals.wait", waits=True)
    async def wait(name: str) -> None:
        heard.put_nowait("waiting")
        heard.put_nowait(await engine.runner.wait("go", timedelta(hours=1)))

    job = f"signals-{uuid4().hex}"
    async with jobs_database.transaction() as session:
        await jobs.start(session, "signals.wait", job, "one", queue="waits")
    assert await asyncio.wait_for(heard.get(), SOON) == "waiting"
    async with asyncio.timeout(SOON):
        # Its deadline is noted: from here on it sleeps.
        while not await _noted(jobs_database, job):  # noqa: ASYNC110 - the fact is in the database
            await asyncio.sleep(0.02)
    async with jobs_database.transaction() as session:
        assert (await session.execute(CUT)).scalar_one() == 1
    async with jobs_database.transaction() as session:
        assert await jobs.signal(session, job, "go", "now")
    assert await asyncio.wait_for(heard.get(), SOON) == "now"


async def _noted(database: Database, job: str) -> bool:
    async with database.transaction() as session:
        return bool((await session.execute(WAITS, {"job": job})).scalar_one())
