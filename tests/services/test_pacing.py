"""Many streams share a process: each goes out in larger pieces, and others are heard in between."""

import asyncio
from contextlib import ExitStack

import pytest
from model_stage import DONE, Reader, model_stage, piece, question, streams, usage

from integrations.providers.client import Patience
from services.pacing import AT_ONCE, LONGEST_SECONDS, SHORTEST_SECONDS, STEP_SECONDS, Pacing

FEW = int(SHORTEST_SECONDS / STEP_SECONDS) - 1
WORDS = [piece(f"word{n} ") for n in range(30)]
WHOLE = [*WORDS, usage(20, 7), DONE]


class Stream:
    """Counts how often it was told to rest."""

    def __init__(self) -> None:
        self.rests = 0
        self.is_over = False

    def rest(self) -> None:
        self.rests += 1


@pytest.mark.parametrize(("streams", "rests"), [(1, 0), (FEW, 0), (FEW + 1, 1), (1_000, 1)])
async def test_only_beside_many_others_a_stream_rests(streams: int, rests: int) -> None:
    pacing, stream = Pacing(), Stream()
    with ExitStack() as stack:
        for _ in range(streams):
            stack.enter_context(pacing.among())
        await asyncio.wait_for(pacing.rest(stream), 40 * LONGEST_SECONDS)
        assert stream.rests == rests
    await pacing.rest(stream)
    assert stream.rests == rests


async def test_a_stream_that_is_over_does_not_rest() -> None:
    pacing, stream = Pacing(), Stream()
    stream.is_over = True
    with ExitStack() as stack:
        for _ in range(FEW + 1):
            stack.enter_context(pacing.among())
        await pacing.rest(stream)
    assert stream.rests == 0


async def test_others_are_heard_while_many_write() -> None:
    pacing = Pacing()
    wrote: list[int] = []
    heard: list[int] = []

    async def write(number: int) -> None:
        await pacing.turn()
        wrote.append(number)

    async def listen() -> None:
        while len(wrote) < 5 * AT_ONCE:
            await asyncio.sleep(0)
            heard.append(len(wrote))

    await asyncio.gather(*(write(number) for number in range(5 * AT_ONCE)), listen())
    assert wrote == list(range(5 * AT_ONCE))
    steps = [after - before for before, after in zip([0, *heard], heard, strict=False)]
    assert max(steps) <= AT_ONCE


async def test_who_leaves_while_waiting_takes_no_turn() -> None:
    pacing = Pacing()
    waiting = [asyncio.create_task(pacing.turn()) for _ in range(4 * AT_ONCE)]
    await asyncio.sleep(0)
    for task in waiting[AT_ONCE:-1]:
        task.cancel()
    await asyncio.wait_for(waiting[-1], 5)
    await asyncio.wait_for(pacing.turn(), 5)


async def test_sixty_streams_arrive_whole_in_fewer_pieces() -> None:
    readers = [Reader() for _ in range(60)]
    alone = Reader()
    async with model_stage(Patience()) as stage:
        stage.plays["openai"] = streams(*(part for word in WHOLE for part in (word, 0.003)))
        asked = question(stream=True)
        await stage.gateway.stream("key", asked, alone)
        await asyncio.gather(*(stage.gateway.stream("key", asked, one) for one in readers))
    assert {reader.seen for reader in [alone, *readers]} == {b"".join(WHOLE)}
    assert sum(reader.writes for reader in readers) < 60 * len(WHOLE) / 2
    assert len(stage.ledger.settled) == 61
