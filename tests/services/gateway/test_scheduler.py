"""Many chats share a process: each stream goes out in larger pieces, others are heard between."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from itertools import pairwise

import pytest

from integrations.providers.client import Timeouts
from services.gateway.scheduler import (
    BESIDE_SECONDS,
    LONGEST_SECONDS,
    SHORTEST_SECONDS,
    SLOTS,
    SLOTS_BESIDE_CLICKS,
    SLOTS_BESIDE_SITES,
    STEP_SECONDS,
    FairScheduler,
)
from tests.kit.model_plays import DONE, piece, streams, usage
from tests.kit.model_stage import Reader, model_stage, question

FEW = int(SHORTEST_SECONDS / STEP_SECONDS) - 1
WORDS = [piece(f"word{n} ") for n in range(30)]
WHOLE = [*WORDS, usage(20, 7), DONE]

Step = Callable[[], Awaitable[None]]


async def at_once() -> None:
    """Something is there already."""


async def slowly() -> None:
    """It takes longer than a stream ever rests."""
    await asyncio.sleep(2 * LONGEST_SECONDS)


class Stream:
    """Has something after each step, and counts how often it was told to rest."""

    def __init__(self, step: Step = at_once) -> None:
        self.rests = 0
        self.is_over = False
        self._step = step

    async def read(self) -> bytes:
        await self._step()
        return b"word"

    def rest(self) -> None:
        self.rests += 1


async def rests_of(stream: Stream, streams: int, reads: int) -> int:
    """How often a stream rests that is read beside so many, itself among them."""
    scheduler = FairScheduler()
    with ExitStack() as stack:
        for _ in range(streams - 1):
            stack.enter_context(scheduler.pace(Stream()))
        paced = stack.enter_context(scheduler.pace(stream))
        for _ in range(reads):
            assert await asyncio.wait_for(paced.read(), 40 * LONGEST_SECONDS) == b"word"
    return stream.rests


@pytest.mark.parametrize(("streams", "rests"), [(1, 0), (FEW, 0), (FEW + 1, 2), (1_000, 2)])
async def test_only_beside_many_others_a_stream_rests(streams: int, rests: int) -> None:
    assert await rests_of(Stream(), streams, reads=3) == rests


async def test_the_first_events_never_wait() -> None:
    assert await rests_of(Stream(), 1_000, reads=1) == 0


async def test_a_slow_stream_does_not_rest() -> None:
    assert await rests_of(Stream(slowly), 1_000, reads=3) == 0


async def test_a_stream_that_is_over_does_not_rest() -> None:
    stream = Stream()
    stream.is_over = True
    assert await rests_of(stream, 1_000, reads=3) == 0


async def test_who_has_gone_is_not_counted_any_more() -> None:
    scheduler = FairScheduler()
    with pytest.raises(ConnectionError), scheduler.pace(Stream()):
        raise ConnectionError
    assert scheduler.open == 0


async def test_others_are_heard_while_many_work() -> None:
    scheduler = FairScheduler()
    wrote: list[int] = []
    heard: list[int] = []

    async def write(number: int) -> None:
        await scheduler.slot()
        wrote.append(number)

    async def listen() -> None:
        while len(wrote) < 5 * SLOTS:
            await asyncio.sleep(0)
            heard.append(len(wrote))

    await asyncio.gather(*(write(number) for number in range(5 * SLOTS)), listen())
    assert wrote == list(range(5 * SLOTS))
    steps = [after - before for before, after in zip([0, *heard], heard, strict=False)]
    assert max(steps) <= SLOTS


async def went_on(scheduler: FairScheduler, many: int) -> list[int]:
    """So many ask for a turn; how many had one by each turn of the loop, until all had."""
    had: list[int] = []
    counts: list[int] = []

    async def work(number: int) -> None:
        await scheduler.slot()
        had.append(number)

    asking = [asyncio.create_task(work(number)) for number in range(many)]
    async with asyncio.timeout(5):
        while len(had) < many:
            await asyncio.sleep(0)
            counts.append(len(had))
    await asyncio.gather(*asking)
    return counts


async def test_chats_stand_aside_while_a_click_is_answered() -> None:
    scheduler = FairScheduler()
    with scheduler.priority():
        chat = asyncio.create_task(scheduler.slot())
        with scheduler.priority():
            await asyncio.sleep(0)
        for _ in range(20):
            await asyncio.sleep(0)
        assert not chat.done()
    await asyncio.wait_for(chat, 5)


async def test_a_click_that_takes_long_holds_no_chat_up() -> None:
    scheduler = FairScheduler()
    with scheduler.priority():
        await asyncio.wait_for(scheduler.slot(), 5)
        await asyncio.wait_for(asyncio.gather(*(scheduler.slot() for _ in range(2 * SLOTS))), 5)


def most(counts: list[int]) -> int:
    """How many went on in one turn of the loop at most."""
    return max(after - before for before, after in pairwise([0, *counts]))


async def test_after_a_click_chats_go_on_one_by_one() -> None:
    scheduler = FairScheduler()
    with scheduler.priority():
        pass
    assert most(await went_on(scheduler, 5)) == SLOTS_BESIDE_CLICKS


async def test_beside_sites_that_validate_chats_go_on_in_small_numbers() -> None:
    scheduler = FairScheduler()
    scheduler.throttle()
    assert most(await went_on(scheduler, SLOTS)) == SLOTS_BESIDE_SITES


async def test_a_site_takes_nothing_from_who_clicks() -> None:
    scheduler = FairScheduler()
    with scheduler.priority():
        pass
    scheduler.throttle()
    assert most(await went_on(scheduler, 5)) == SLOTS_BESIDE_CLICKS


async def test_when_nobody_else_asks_any_more_chats_go_on_as_before() -> None:
    scheduler = FairScheduler()
    scheduler.throttle()
    await asyncio.sleep(1.5 * BESIDE_SECONDS)
    assert most(await went_on(scheduler, 2 * SLOTS)) == SLOTS


async def test_a_click_that_ends_in_an_error_holds_nobody_up() -> None:
    scheduler = FairScheduler()

    async def fail() -> asyncio.Task[None]:
        with suppress(ValueError), scheduler.priority():
            chat = asyncio.create_task(scheduler.slot())
            await asyncio.sleep(0)
            raise ValueError
        return chat

    await asyncio.wait_for(await fail(), 5)


async def test_who_leaves_while_waiting_takes_no_turn() -> None:
    scheduler = FairScheduler()
    waiting = [asyncio.create_task(scheduler.slot()) for _ in range(4 * SLOTS)]
    await asyncio.sleep(0)
    for task in waiting[SLOTS:-1]:
        task.cancel()
    await asyncio.wait_for(waiting[-1], 5)
    await asyncio.wait_for(scheduler.slot(), 5)


async def test_sixty_streams_arrive_whole_in_fewer_pieces() -> None:
    readers = [Reader() for _ in range(60)]
    alone = Reader()
    async with model_stage(Timeouts()) as stage:
        stage.plays["openai"] = streams(*(part for word in WHOLE for part in (word, 0.003)))
        asked = question(stream=True)
        await stage.gateway.stream("key", asked, alone)
        await asyncio.gather(*(stage.gateway.stream("key", asked, one) for one in readers))
    assert {reader.seen for reader in [alone, *readers]} == {b"".join(WHOLE)}
    assert sum(reader.writes for reader in readers) < 60 * len(WHOLE) / 2
    assert len(stage.ledger.settled) == 61
