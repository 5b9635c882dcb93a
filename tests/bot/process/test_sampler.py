"""What `/metrics` says of jobs: true numbers, read from where the engine keeps them."""

import asyncio
from uuid import uuid4

import pytest

from bot.process.engine import Engine
from bot.process.metrics import Metrics
from bot.process.sampler import Sampler
from db.store import jobs
from db.store.session import Database


@pytest.fixture(scope="module")
def worked(engine: Engine) -> asyncio.Event:
    """Set as soon as a job of the sampled workflow ran."""
    done = asyncio.Event()

    @engine.runner.workflow("sampled.work")
    async def work(_: str) -> None:
        done.set()

    return done


async def test_a_job_that_ended_is_counted_once_with_its_age(
    engine: Engine, jobs_database: Database, worked: asyncio.Event
) -> None:
    metrics = Metrics()
    sampler = Sampler(jobs_database, metrics, engine.executor_id)
    async with jobs_database.transaction() as session:
        await jobs.start(session, "sampled.work", uuid4().hex, "x", partition="T1")
    await worked.wait()
    count = 'seguito_job_age_seconds_count{workflow="sampled.work"} 1.0'
    for _ in range(200):
        await sampler.look()
        if count in metrics.render().decode():
            break
        await asyncio.sleep(0.02)
    await sampler.look()
    page = metrics.render().decode()
    assert count in page
    assert 'seguito_queue_depth{queue="work"} 0.0' in page


async def test_jobs_of_another_process_are_not_counted_twice(
    engine: Engine, jobs_database: Database
) -> None:
    metrics = Metrics()
    await Sampler(jobs_database, metrics).look()
    assert "seguito_job_age_seconds_count" not in metrics.render().decode()


async def test_jobs_that_wait_are_the_depth_of_their_queue(jobs_database: Database) -> None:
    async with jobs_database.transaction() as session:
        await jobs.start(session, "nobody.knows", uuid4().hex, "x", queue="waits")
        depth = await jobs_database.jobs.waiting(session)
        await session.rollback()
    assert (depth["waits"], depth["bulk"]) == (1, 0)


async def test_a_database_that_is_away_is_looked_at_again_later(
    jobs_database: Database,
) -> None:
    gone = Database("postgresql://x@127.0.0.1:1/none", jobs_database.vault, jobs=jobs_database.jobs)
    watching = asyncio.create_task(Sampler(gone, Metrics()).watch())
    await asyncio.sleep(0.2)
    assert not watching.done()
    watching.cancel()
    await asyncio.wait((watching,))
    await gone.engine.dispose()
