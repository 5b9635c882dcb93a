"""The clock: one run per slot however many processes tick, and at the right moment."""

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import uuid4

import pytest

from bot.process.clock import Clock
from bot.process.engine import PURGE, Engine
from db.store import jobs
from db.store.reach import DatabaseUnavailable
from db.store.session import Database, Session
from handlers.jobs.kit.runner import Tick
from tests.kit.waiting import until

LOOK_AGAIN = 0.02
SLOT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def slots(engine: Engine) -> list[str]:
    book = Book()
    runner = engine.runner

    @runner.workflow("clock.note")
    async def workflow(slot: str) -> None:
        await runner.step(book.note, slot)

    return book.slots


class Book:
    """Notes the slots it was told."""

    def __init__(self) -> None:
        self.slots: list[str] = []

    async def note(self, slot: str) -> None:
        self.slots.append(slot)


class Restarting:
    """A database that is away for one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._is_away = True

    def transaction(self) -> AbstractAsyncContextManager[Session]:
        if self._is_away:
            self._is_away = False
            raise DatabaseUnavailable("restarting")
        return self._database.transaction()


async def test_three_processes_tick_a_slot_once(jobs_database: Database, slots: list[str]) -> None:
    tick = Tick(f"noted-{uuid4()}", "0 9 * * *", "clock.note")
    slots.clear()
    clocks = [Clock([tick], jobs_database) for _ in range(3)]
    await asyncio.gather(*(clock.tick(tick, SLOT) for clock in clocks))
    await clocks[0].tick(tick, SLOT + timedelta(days=1))
    await until(lambda: len(slots) >= 2)
    await asyncio.sleep(0.3)
    assert sorted(slots) == ["2026-11-21T09:00:00+00:00", "2026-11-22T09:00:00+00:00"]


async def test_the_scheduler_hands_over_the_scheduled_time(
    jobs_database: Database, slots: list[str]
) -> None:
    tick = Tick(f"noted-{uuid4()}", "* * * * *", "clock.note")
    slots.clear()
    clock = Clock([tick], jobs_database)
    clock.start()
    try:
        [job] = clock._scheduler.get_jobs()
        due = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=2)
        job.modify(next_run_time=due)
        await until(lambda: len(slots) >= 1)
    finally:
        clock.stop()
    assert slots == [due.isoformat()]


async def test_a_restart_of_the_database_costs_no_tick(
    jobs_database: Database, slots: list[str]
) -> None:
    tick = Tick(f"noted-{uuid4()}", "0 9 * * *", "clock.note")
    slots.clear()
    await Clock([tick], cast(Database, Restarting(jobs_database))).tick(tick, SLOT)
    await until(lambda: len(slots) >= 1)
    assert slots == ["2026-11-21T09:00:00+00:00"]


def test_weekdays_are_names() -> None:
    with pytest.raises(ValueError, match="as names"):
        Tick("weekly", "0 9 * * 1", "clock.note")
    Tick("weekly", "0 9 * * mon-fri", "clock.note")


async def test_the_nightly_purge_forgets_only_what_ended_long_ago(
    engine: Engine, jobs_database: Database, slots: list[str]
) -> None:
    slots.clear()
    job_id = f"purge-me:{uuid4()}"
    async with jobs_database.transaction() as session:
        await jobs.start(session, "clock.note", job_id, "slot", queue="clock")
    await until(lambda: len(slots) >= 1)
    assert await engine.purge() == 0
    # The step was seen; that the job ended is written down a moment later.
    async with asyncio.timeout(15):
        while not await jobs_database.jobs.purge(timedelta(0)):  # noqa: ASYNC110 - it is in the database
            await asyncio.sleep(LOOK_AGAIN)
    slots.clear()
    async with jobs_database.transaction() as session:
        await jobs.start(session, "clock.note", job_id, "again", queue="clock")
    await until(lambda: len(slots) >= 1)
    assert PURGE in engine.runner.workflows
