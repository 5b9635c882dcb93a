"""A call and its hold: the request is made ready meanwhile, and leaves when the hold is there."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from services.errors import Temporary
from services.gateway.chats import ChatRefused
from services.gateway.ledger import UNCOUNTED, Holding
from tests.integrations.fake_vendor import says
from tests.kit.model_plays import DONE, completion, piece, streams
from tests.kit.model_stage import Reader, Stage, model_stage, question
from tests.kit.waiting import until


@pytest_asyncio.fixture
async def stage() -> AsyncIterator[Stage]:
    async with model_stage() as made:
        made.plays = {"openai": says(completion())}
        yield made


@pytest.mark.parametrize("stream", [False, True])
async def test_nothing_leaves_before_the_hold_is_there(stage: Stage, stream: bool) -> None:
    stage.ledger.waits = True
    asked = question(stream=stream)
    if stream:
        stage.plays["openai"] = streams(piece("Ciao"), DONE)
        running = asyncio.create_task(stage.gateway.stream("key", asked, Reader()))
    else:
        running = asyncio.create_task(stage.gateway.answer("key", asked))
    await until(lambda: stage.ledger.claims)
    assert not stage.asked
    assert stage.connections() == 0
    stage.ledger.answer()
    await running
    assert [provider for provider, _, _ in stage.asked] == ["openai"]
    assert stage.observed == [("openai", "stream" if stream else "chat", 200)]


async def test_a_wrong_request_waits_for_its_hold_and_gives_it_back(stage: Stage) -> None:
    stage.ledger.waits = True
    running = asyncio.create_task(stage.gateway.answer("key", question(seed=2**70)))
    await until(lambda: stage.ledger.claims)
    stage.ledger.code = "QUOTA_EXCEEDED"
    stage.ledger.answer()
    # Refused by the month, it was not held, and there is nothing to give back.
    with pytest.raises(ChatRefused) as caught:
        await running
    assert caught.value.code == "quota_exceeded"
    assert not stage.ledger.released


async def test_whoever_is_cut_off_before_the_hold_is_there_gives_it_up(stage: Stage) -> None:
    stage.ledger.waits = True
    running = asyncio.create_task(stage.gateway.answer("key", question()))
    await until(lambda: stage.ledger.claims)
    await stage.gateway.drain(timedelta(seconds=0))
    with pytest.raises(asyncio.CancelledError):
        await running
    assert stage.ledger.given_up == {stage.ledger.claims[0].request_id}
    assert not stage.asked
    assert not stage.ledger.released


async def test_what_could_not_be_counted_is_not_given_up_as_well() -> None:
    forsaken: list[str] = []
    away = asyncio.get_running_loop().create_future()
    away.set_exception(Temporary(UNCOUNTED))
    holding = Holding(away, lambda: forsaken.append("call"))
    with pytest.raises(Temporary):
        await holding
    holding.give_up()
    assert not forsaken
