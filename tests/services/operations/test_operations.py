"""Operations on a real database: fenced, retried, cancelled, and drawn to their end."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from bot.process.engine import Engine
from db.store.session import Database
from handlers.jobs.operations import register_kinds
from services.errors import AWAY, Conflict, DomainError, NotFound, Temporary
from services.operations import (
    AGAIN,
    GO_ON,
    OVER,
    Done,
    Kind,
    More,
    Operations,
    Outcome,
    Retry,
    Skipped,
    Start,
    StepPlan,
    Work,
)
from tests.services.operations.kitchen import ADMIN, BROKEN, HERE, Board, Hands, Kitchen


async def test_steps_are_taken_in_order_and_the_last_ends_the_operation(kitchen: Kitchen) -> None:
    kitchen.hands.outcomes = {"mix": [Done("3 eggs")], "bake": [Skipped("served raw")]}
    made = await kitchen.start()
    assert await kitchen.operations.advance(made, "1", "mix") == GO_ON
    assert await kitchen.operations.advance(made, "1", "bake") == GO_ON
    seen = await kitchen.operations.see(made)
    assert seen.state == "done"
    assert seen.ended_at == kitchen.now
    assert [(s.name, s.state, s.note) for s in seen.steps] == [
        ("mix", "done", "3 eggs"),
        ("bake", "skipped", "served raw"),
    ]


async def test_starting_twice_is_one_operation(kitchen: Kitchen) -> None:
    word = uuid4().hex
    assert await kitchen.start(word) == await kitchen.start(word)


async def test_starting_twice_at_the_same_moment_is_one_operation(kitchen: Kitchen) -> None:
    word = uuid4().hex
    assert len(set(await asyncio.gather(*(kitchen.start(word) for _ in range(5))))) == 1


async def test_a_step_that_is_done_is_not_taken_again_after_a_crash(kitchen: Kitchen) -> None:
    made = await kitchen.start()
    await kitchen.operations.advance(made, "1", "mix")
    assert await kitchen.operations.advance(made, "1", "mix") == GO_ON
    assert len(kitchen.hands.works) == 1


async def test_a_temporary_failure_is_tried_again_later_and_then_told(kitchen: Kitchen) -> None:
    made = await kitchen.start()
    kitchen.hands.outcomes["mix"] = [Temporary(AWAY, vendor="The mill") for _ in range(3)]
    for attempt in (1, 2):
        assert await kitchen.operations.advance(made, "1", "mix") > 0
        step = (await kitchen.operations.see(made)).steps[0]
        assert (step.state, step.attempt) == ("retrying", attempt)
        assert step.next_attempt_at is not None
        kitchen.now = step.next_attempt_at
    assert await kitchen.operations.advance(made, "1", "mix") == OVER
    seen = await kitchen.operations.see(made)
    assert (seen.state, seen.steps[0].state) == ("failed", "failed")
    assert seen.problem == AWAY("en", vendor="The mill")


async def test_before_its_time_a_planned_try_is_not_begun(kitchen: Kitchen) -> None:
    made = await kitchen.start()
    kitchen.hands.outcomes["mix"] = [Retry("the oven is cold", timedelta(seconds=30))]
    assert await kitchen.operations.advance(made, "1", "mix") == 30
    assert await kitchen.operations.advance(made, "1", "mix") == 30
    assert len(kitchen.hands.works) == 1
    assert (await kitchen.operations.see(made)).steps[0].attempt == 0


async def test_a_permanent_failure_ends_it_and_a_retry_does_only_what_is_left(
    kitchen: Kitchen,
) -> None:
    made = await kitchen.start()
    kitchen.hands.outcomes["bake"] = [DomainError(BROKEN)]
    await kitchen.operations.advance(made, "1", "mix")
    assert await kitchen.operations.advance(made, "1", "bake") == OVER
    assert (await kitchen.operations.see(made)).problem == BROKEN.en
    again = await kitchen.operations.retry(ADMIN, made)
    assert (again.run, again.state, again.problem) == (2, "running", "")
    assert [step.state for step in again.steps] == ["done", "waiting"]
    assert (await kitchen.operations.retry(ADMIN, made)).run == 2


async def test_a_late_worker_of_an_old_run_changes_nothing(kitchen: Kitchen) -> None:
    made = await kitchen.start()
    await kitchen.operations.cancel(ADMIN, made)
    await kitchen.operations.retry(ADMIN, made)
    assert await kitchen.operations.advance(made, "1", "mix") == OVER
    await kitchen.operations.failed(made, "1", "abc123", DomainError(BROKEN))
    assert kitchen.hands.works == []
    assert (await kitchen.operations.see(made)).state == "running"


async def test_what_ends_after_a_cancel_is_kept_and_nothing_follows(kitchen: Kitchen) -> None:
    made = await kitchen.start()
    began, go = asyncio.Event(), asyncio.Event()

    async def slowly(work: Work) -> Outcome:
        began.set()
        await go.wait()
        return Done("mixed")

    slow = Operations(kitchen.database, kitchen.board, lambda: kitchen.now)
    slow.register(Kind("tests.bake", (StepPlan("mix", slowly), StepPlan("bake", slowly))))
    step = asyncio.create_task(slow.advance(made, "1", "mix"))
    await began.wait()
    await kitchen.operations.cancel(ADMIN, made)
    go.set()
    assert await step == OVER
    seen = await kitchen.operations.see(made)
    assert (seen.state, seen.steps[0].state, seen.steps[1].state) == (
        "cancelled",
        "done",
        "waiting",
    )
    await slow.live.close()


async def test_what_is_over_or_not_cancellable_or_unknown_is_refused(kitchen: Kitchen) -> None:
    kitchen.operations.register(kitchen.hands.kind("tests.firm", cancellable=False))
    async with kitchen.database.transaction() as session:
        firm = await kitchen.operations.start(
            session, Start("tests.firm", "x", "X", ADMIN, uuid4().hex)
        )
    with pytest.raises(Conflict):
        await kitchen.operations.cancel(ADMIN, firm)
    made = await kitchen.start()
    with pytest.raises(Conflict):
        await kitchen.operations.retry(ADMIN, made)
    await kitchen.operations.cancel(ADMIN, made)
    with pytest.raises(Conflict):
        await kitchen.operations.cancel(ADMIN, made)
    with pytest.raises(NotFound):
        await kitchen.operations.see("op_none")


async def test_a_step_in_parts_is_taken_again_at_once_and_each_part_has_all_its_tries(
    kitchen: Kitchen,
) -> None:
    made = await kitchen.start()
    kitchen.hands.outcomes["mix"] = [Temporary(AWAY, vendor="The mill"), More(), More(), Done()]
    assert await kitchen.operations.advance(made, "1", "mix") > 0
    kitchen.now += timedelta(minutes=1)
    assert await kitchen.operations.advance(made, "1", "mix") == AGAIN
    assert await kitchen.operations.advance(made, "1", "mix") == AGAIN
    assert await kitchen.operations.advance(made, "1", "mix") == GO_ON
    step = (await kitchen.operations.see(made)).steps[0]
    assert (step.state, step.attempt) == ("done", 1)


async def test_a_report_says_whether_the_rest_is_still_wanted(kitchen: Kitchen) -> None:
    made = await kitchen.start()
    assert await kitchen.operations._report(made, 1, 1, 3)
    assert not await kitchen.operations._report(made, 2, 2, 3)
    await kitchen.operations.cancel(ADMIN, made)
    assert not await kitchen.operations._report(made, 1, 3, 3)
    assert (await kitchen.operations.see(made)).done == 1


async def test_a_retry_that_finds_nothing_left_is_done(kitchen: Kitchen) -> None:
    made = await kitchen.start()
    await kitchen.operations.advance(made, "1", "mix")
    last = await kitchen.operations._begin(made, "1", "bake")
    assert isinstance(last, Work)
    await kitchen.operations.cancel(ADMIN, made)
    assert await kitchen.operations._settle(last, Done()) == OVER
    await kitchen.operations.retry(ADMIN, made)
    assert await kitchen.operations.advance(made, "2", "bake") == GO_ON
    assert (await kitchen.operations.see(made)).state == "done"


async def test_the_end_is_drawn_even_when_slack_was_away(kitchen: Kitchen) -> None:
    made = await kitchen.start()
    await kitchen.operations.advance(made, "1", "mix")
    await kitchen.operations.advance(made, "1", "bake")
    await kitchen.operations.live.close()
    kitchen.board.away = 1
    with pytest.raises(Temporary):
        await kitchen.operations.finish(made, "1")
    await kitchen.operations.finish(made, "1")
    assert kitchen.board.shown[-1].state == "done"
    assert (await kitchen.operations.see(made)).message_ts == "1.0"
    assert kitchen.hands.ends[-1] == ("cake", "done")


async def test_many_changes_within_a_second_are_few_drawings(kitchen: Kitchen) -> None:
    made = await kitchen.start()
    kitchen.board.shown.clear()
    for count in range(20):
        kitchen.now += timedelta(milliseconds=1)
        await kitchen.operations._report(made, 1, count, 20)
    await kitchen.operations.live.finish(made)
    assert len(kitchen.board.shown) <= 3
    assert (kitchen.board.shown[-1].done, kitchen.board.shown[-1].total) == (19, 20)


async def test_a_durable_job_takes_every_step_to_the_end(engine: Engine) -> None:
    board, hands = Board(), Hands()
    database = engine._database
    hands.outcomes["mix"] = [Temporary(AWAY, vendor="The mill")]
    operations = Operations(database, board, lambda: datetime.now(UTC))
    kind = hands.kind()
    operations.register(kind)
    register_kinds(engine.runner, operations, (kind,))
    async with database.transaction() as session:
        start = Start("tests.bake", "cake", "A cake", ADMIN, uuid4().hex, place=HERE)
        made = await operations.start(session, start)
    async with asyncio.timeout(30):
        await hands.over.wait()
    seen = await operations.see(made)
    assert seen.state == "done"
    assert [work.step for work in hands.works] == ["mix", "mix", "bake"]
    assert {work.key for work in hands.works if work.step == "mix"} == {f"{made}:1:mix"}
    await operations.live.close()


async def test_independent_steps_go_on_when_one_fails_and_the_end_says_so(
    database: Database,
) -> None:
    hands = Hands({"mix": [DomainError(BROKEN)], "bake": [Done("brown")]})
    operations = Operations(database, Board(), lambda: datetime.now(UTC))
    operations.register(replace(hands.kind("tests.buffet"), independent=True))
    start = Start("tests.buffet", "cake", "A cake", ADMIN, uuid4().hex)
    async with database.transaction() as session:
        made = await operations.start(session, start)
    assert await operations.advance(made, "1", "mix") == GO_ON
    assert (await operations.see(made)).state == "running"
    # A process died before it noted that the step was taken.
    assert await operations.advance(made, "1", "mix") == GO_ON
    assert await operations.advance(made, "1", "bake") == GO_ON
    seen = await operations.see(made)
    assert (seen.state, seen.problem) == ("failed", BROKEN.en)
    assert [step.state for step in seen.steps] == ["failed", "done"]
    assert len(hands.works) == 2


async def test_an_independent_step_that_waits_for_its_next_try_holds_up_no_other(
    engine: Engine,
) -> None:
    hands, database = Hands({"mix": [Temporary(AWAY, vendor="The mill")]}), engine._database
    operations = Operations(database, Board(), lambda: datetime.now(UTC))
    kind = replace(hands.kind("tests.buffet_run"), independent=True)
    operations.register(kind)
    register_kinds(engine.runner, operations, (kind,))
    async with database.transaction() as session:
        start = Start("tests.buffet_run", "cake", "A cake", ADMIN, uuid4().hex)
        made = await operations.start(session, start)
    async with asyncio.timeout(30):
        await hands.over.wait()
    assert (await operations.see(made)).state == "done"
    assert [work.step for work in hands.works] == ["mix", "bake", "mix"]
    await operations.live.close()
