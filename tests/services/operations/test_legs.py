"""Legs: a job that would wait hands on to a delayed one, and holds nobody's place."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from bot.process.engine import Engine
from db.store import jobs
from handlers.jobs.operations import register_kinds
from services.errors import AWAY, DomainError, Temporary
from services.operations import (
    GO_ON,
    OVER,
    Kind,
    Operations,
    Retry,
    Start,
    StepPlan,
)
from tests.services.operations.kitchen import ADMIN, BROKEN, FAST, HERE, Board, Hands, Kitchen


async def test_a_job_whose_work_was_handed_on_changes_nothing(kitchen: Kitchen) -> None:
    made = await kitchen.start()
    kitchen.hands.outcomes["mix"] = [Temporary(AWAY, vendor="The mill")]
    assert await kitchen.operations.advance(made, "1", "mix") > 0
    assert await kitchen.operations.hand_on(made, "1")
    # Killed before this was noted, the job says it again.
    assert await kitchen.operations.hand_on(made, "1")
    kitchen.now += timedelta(minutes=1)
    assert await kitchen.operations.advance(made, "1", "mix") == OVER
    await kitchen.operations.failed(made, "1", "abc123", DomainError(BROKEN))
    assert (kitchen.hands.works[1:], kitchen.hands.ends) == ([], [])
    assert not await kitchen.operations.hand_on(made, "1.2")
    assert await kitchen.operations.advance(made, "1.2", "mix") == GO_ON


async def test_what_waits_is_woken_and_takes_its_try_at_once(kitchen: Kitchen) -> None:
    made = await kitchen.start()
    kitchen.hands.outcomes["mix"] = [Retry("the oven is cold", timedelta(days=1))]
    assert await kitchen.operations.advance(made, "1", "mix") > 0
    assert await kitchen.operations.hand_on(made, "1")
    async with kitchen.database.transaction() as session:
        await kitchen.operations.wake(session, made)
    # The delayed one finds nothing to do when its time has come.
    assert await kitchen.operations.advance(made, "1.2", "mix") == OVER
    assert await kitchen.operations.advance(made, "1.3", "mix") == GO_ON


async def test_a_cancel_before_the_handing_on_is_heard_by_the_next_leg(kitchen: Kitchen) -> None:
    made = await kitchen.start()
    kitchen.hands.outcomes["mix"] = [Retry("the oven is cold", timedelta(days=1))]
    await kitchen.operations.advance(made, "1", "mix")
    await kitchen.operations.cancel(ADMIN, made)
    assert await kitchen.operations.hand_on(made, "1")
    assert await kitchen.operations.advance(made, "1.2", "mix") == OVER
    await kitchen.operations.finish(made, "1.2")
    assert kitchen.hands.ends == [("cake", "cancelled")]


async def test_operations_that_wait_hold_up_no_other_of_their_workspace(engine: Engine) -> None:
    database, board, hands = engine._database, Board(), Hands()
    cold = Kind("tests.cold", (StepPlan("mix", hands.take, FAST),), ended=hands.ended)
    operations = Operations(database, board, lambda: datetime.now(UTC))
    operations.register(cold)
    register_kinds(engine.runner, operations, (cold,))
    places = jobs.WORK.per_partition or 0
    hands.outcomes["mix"] = [Retry("the oven is cold", timedelta(hours=1)) for _ in range(places)]
    made = list[str]()
    for number in range(places + 1):
        async with database.transaction() as session:
            start = Start("tests.cold", str(number), "Cold", ADMIN, uuid4().hex, place=HERE)
            made.append(await operations.start(session, start))
    async with asyncio.timeout(30):
        await hands.over.wait()
    assert [end for _, end in hands.ends] == ["done"]
    # A cancel is heard by one that waits for an hour.
    hands.over.clear()
    waiting = [one for one in made if not (await operations.see(one)).is_over]
    assert len(waiting) == places
    await operations.cancel(ADMIN, waiting[0])
    async with asyncio.timeout(30):
        await hands.over.wait()
    assert hands.ends[-1][1] == "cancelled"
    await operations.live.close()
