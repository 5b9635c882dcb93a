"""The alarm that tells the engine when to look for jobs, and the engine that waits by it."""

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from bot.process.alarm import ALERT, Alarm
from bot.process.engine import Engine
from db.store import jobs
from db.store.session import Database

NEVER = timedelta(hours=1)
SECONDS = 10.0


def bell(*, is_busy: bool = False) -> Alarm:
    """One that never ends a wait by itself, unless there is work."""
    return Alarm(lambda: is_busy, idle=NEVER, alert=NEVER)


def told_by(alarm: Alarm, pause: float, then: Callable[[Alarm], None] | None = None) -> list[bool]:
    """What a thread that waits by it is told."""
    told: list[bool] = []
    thread = threading.Thread(target=lambda: told.append(alarm.wait(pause)), daemon=True)
    thread.start()
    if then:
        then(alarm)
    thread.join(SECONDS)
    return told


@pytest.mark.parametrize(("ring", "ends"), [(Alarm.wake, False), (Alarm.set, True)])
def test_whoever_waits_is_woken(ring: Callable[[Alarm], None], ends: bool) -> None:
    assert told_by(bell(), NEVER.total_seconds(), ring) == [ends]


def test_a_call_before_the_wait_is_heard() -> None:
    alarm = bell()
    alarm.wake()
    assert told_by(alarm, NEVER.total_seconds()) == [False]


def test_it_looks_as_often_as_the_queue_says_while_jobs_are_in_hand() -> None:
    assert told_by(bell(is_busy=True), 0.001) == [False]


def test_it_looks_as_often_as_the_queue_says_after_it_was_woken() -> None:
    alarm = bell()
    alarm.wake()
    assert told_by(alarm, NEVER.total_seconds()) == [False]
    assert told_by(alarm, 0.001) == [False]


async def test_a_job_that_is_started_here_is_begun_though_nobody_looks(
    engine: Engine, jobs_database: Database
) -> None:
    began = asyncio.Event()

    @engine.runner.workflow("alarm.ring")
    async def ring(_: str) -> None:
        began.set()

    # Whatever was before: by then nobody looks any more.
    await asyncio.sleep(1.5 * ALERT.total_seconds())
    async with jobs_database.transaction() as session:
        await jobs.start(session, "alarm.ring", f"ring:{uuid4()}", "x", partition="T1")
        await asyncio.sleep(0.1)
        assert not began.is_set()
    await asyncio.wait_for(began.wait(), SECONDS)


async def test_what_is_rolled_back_wakes_nobody(engine: Engine, jobs_database: Database) -> None:
    began, calls = asyncio.Event(), 0

    @engine.runner.workflow("alarm.hush")
    async def hush(_: str) -> None:
        began.set()

    def started(queue: str) -> None:
        nonlocal calls
        calls += 1
        usual(queue)

    async def start(error: Exception | None = None) -> None:
        async with jobs_database.transaction() as session:
            await jobs.start(session, "alarm.hush", f"hush:{uuid4()}", "x", partition="T1")
            if error:
                raise error

    usual, jobs_database.jobs.started = jobs_database.jobs.started, started
    try:
        with pytest.raises(LookupError):
            await start(LookupError())
        assert not calls
        await start()
        assert calls == 1
        await asyncio.wait_for(began.wait(), SECONDS)
    finally:
        jobs_database.jobs.started = usual
