"""Streams: passed on as they come, metered whatever happens to either end."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from integrations.providers.client import Timeouts
from services.gateway.chats import ChatRefused
from tests.integrations.fake_vendor import says
from tests.kit.model_plays import DONE, Play, drops, hangs, piece, streams, usage
from tests.kit.model_stage import LIMITS, PLAN, POLITE, Reader, Stage, model_stage, question
from tests.kit.waiting import until

WORDS = [piece(f"word{n} ") for n in range(5)]
WHOLE = [*WORDS, usage(20, 7), DONE]
ANTHROPIC_START = (
    b'event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1",'
    b'"model":"claude-haiku-5-5","usage":{"input_tokens":40,"output_tokens":1}}}\n\n'
)
ANTHROPIC_WORDS = (
    b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,'
    b'"delta":{"type":"text_delta","text":"Ciao"}}\n\n'
)
ANTHROPIC_END = (
    b'data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},'
    b'"usage":{"output_tokens":9}}\n\ndata: {"type":"message_stop"}\n\n'
)


@pytest_asyncio.fixture
async def stage() -> AsyncIterator[Stage]:
    async with model_stage() as made:
        made.plays = {"openai": streams(*WHOLE)}
        yield made


async def streamed(stage: Stage, reader: Reader, **asked: object) -> None:
    await stage.gateway.stream("key", question(stream=True, **asked), reader)


async def told(stage: Stage, **asked: object) -> Reader:
    reader = Reader()
    await streamed(stage, reader, **asked)
    return reader


async def test_a_stream_arrives_whole_and_is_metered_as_counted(stage: Stage) -> None:
    reader = await told(stage)
    assert reader.seen == b"".join(WHOLE)
    assert reader.limits == LIMITS
    metered = stage.ledger.metered
    assert (metered.input_tokens, metered.output_tokens) == (20, 7)
    assert (metered.streamed, metered.estimated, metered.disconnected) == (True, False, False)
    assert stage.asked[0][2]["stream_options"] == {"include_usage": True}


async def test_what_begins_says_what_it_may_cost_in_case_the_process_dies(stage: Stage) -> None:
    await told(stage)
    [estimate] = stage.ledger.begun.values()
    assert (estimate.input_tokens, estimate.output_tokens) == (20, PLAN.max_tokens)
    assert (estimate.provider, estimate.streamed, estimate.estimated) == ("openai", True, True)
    # 20 × 0.75 + 500 × 4.50 dollars per million, in micro-dollars.
    assert estimate.cost_micro == 2_265


async def test_anthropic_streams_in_openais_form(stage: Stage) -> None:
    stage.plays["anthropic"] = streams(ANTHROPIC_START, ANTHROPIC_WORDS, ANTHROPIC_END)
    reader = await told(stage, model="claude-haiku-5-5")
    assert b'"content":"Ciao"' in reader.seen
    assert reader.seen.endswith(DONE)
    metered = stage.ledger.metered
    assert (metered.input_tokens, metered.output_tokens, metered.estimated) == (40, 9, False)


async def test_an_explicit_zero_in_a_stream_is_zero(stage: Stage) -> None:
    stage.plays["openai"] = streams(*WORDS, usage(0, 0), DONE)
    await told(stage)
    metered = stage.ledger.metered
    assert (metered.input_tokens, metered.output_tokens, metered.estimated) == (0, 0, False)


async def test_a_missing_usage_event_is_estimated(stage: Stage) -> None:
    stage.plays["openai"] = streams(*WORDS, DONE)
    reader = await told(stage)
    assert reader.failure is None
    metered = stage.ledger.metered
    assert (metered.input_tokens, metered.output_tokens, metered.estimated) == (20, 8, True)


@pytest.mark.parametrize(
    "play",
    [
        streams(*WORDS, cut=True),
        streams(*WORDS),
        streams(*WORDS, WORDS[0][:20], cut=True),
        streams(*WORDS, b'data: {"error":{"message":"secret","code":"boom"}}\n\n', DONE),
    ],
)
async def test_a_stream_that_breaks_off_says_so_and_is_metered_for_what_came(
    stage: Stage, play: Play
) -> None:
    stage.plays["openai"] = play
    reader = await told(stage)
    assert reader.seen == b"".join(WORDS)
    assert reader.failure is not None
    assert (reader.failure.status, reader.failure.code) == (502, "broke_off")
    metered = stage.ledger.metered
    assert (metered.output_tokens, metered.estimated) == (8, True)


async def test_anthropics_failure_in_mid_stream_keeps_the_input_it_counted(stage: Stage) -> None:
    wrong = b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}\n\n'
    stage.plays["anthropic"] = streams(ANTHROPIC_START, ANTHROPIC_WORDS, wrong)
    reader = await told(stage, model="claude-haiku-5-5")
    assert reader.failure is not None
    metered = stage.ledger.metered
    assert (metered.input_tokens, metered.output_tokens, metered.estimated) == (40, 1, True)


async def test_a_provider_that_falls_silent_is_given_up(stage: Stage) -> None:
    stage.plays["openai"] = streams(*WORDS, 9.0, DONE)
    reader = await told(stage)
    assert reader.failure is not None
    assert (reader.failure.status, reader.failure.code) == (504, "provider_timeout")
    assert stage.ledger.metered.estimated


@pytest.mark.parametrize(
    "play",
    [
        says({"error": {}}, 429),
        says({"error": {}}, 500),
        streams(b'data: {"error":{"code":"overloaded"}}\n\n'),
        streams(),
        streams(cut=True),
        hangs,
        drops,
    ],
)
async def test_before_the_first_byte_the_next_provider_answers(stage: Stage, play: Play) -> None:
    stage.plays |= {
        "openai": play,
        "anthropic": streams(ANTHROPIC_START, ANTHROPIC_WORDS, ANTHROPIC_END),
    }
    reader = await told(stage)
    assert reader.failure is None
    assert stage.ledger.metered.provider == "anthropic"


async def test_after_the_first_byte_nobody_else_is_asked(stage: Stage) -> None:
    stage.plays["openai"] = streams(WORDS[0], cut=True)
    await told(stage)
    assert [one[0] for one in stage.asked] == ["openai"]


async def test_nothing_before_the_first_byte_is_free(stage: Stage) -> None:
    stage.plays["openai"] = says({"error": {}}, 503)
    with pytest.raises(ChatRefused) as caught:
        await told(stage, model="gpt-5.4-mini")
    assert caught.value.status == 502
    assert len(stage.ledger.released) == 1
    assert not stage.ledger.settled


async def test_a_client_that_leaves_is_metered_to_the_end(stage: Stage) -> None:
    stage.plays["openai"] = streams(*(part for word in WHOLE for part in (word, 0.02)))
    reader = Reader(leaves_after=1)
    await streamed(stage, reader)
    metered = stage.ledger.metered
    assert (metered.input_tokens, metered.output_tokens) == (20, 7)
    assert (metered.disconnected, metered.estimated) == (True, False)
    assert reader.failure is None


async def test_a_lost_clients_endless_answer_is_given_up_and_estimated(stage: Stage) -> None:
    stage.plays["openai"] = streams(*(part for word in WORDS * 9 for part in (word, 0.1)))
    reader = Reader(leaves_after=1)
    begun = asyncio.get_running_loop().time()
    await streamed(stage, reader)
    assert asyncio.get_running_loop().time() - begun < 4
    assert stage.ledger.metered.disconnected
    assert stage.ledger.metered.estimated


async def test_a_cancelled_handler_does_not_stop_the_metering(stage: Stage) -> None:
    stage.plays["openai"] = streams(WORDS[0], 0.2, *WHOLE)
    reader = Reader()
    handler = asyncio.create_task(streamed(stage, reader))
    await until(lambda: reader.seen)
    handler.cancel()
    with pytest.raises(asyncio.CancelledError):
        await handler
    assert not stage.ledger.ended
    await stage.gateway.drain(timedelta(seconds=3))
    assert stage.ledger.metered.output_tokens == 7


async def test_a_client_that_does_not_read_cannot_hold_the_provider(stage: Stage) -> None:
    reader = Reader(sleeps=60)
    begun = asyncio.get_running_loop().time()
    await streamed(stage, reader)
    assert asyncio.get_running_loop().time() - begun < POLITE.unread.total_seconds() + 2
    assert reader.cut.is_set()
    assert stage.ledger.metered.disconnected
    assert stage.ledger.metered.output_tokens == 7


async def test_a_stop_waits_for_streams_and_takes_no_more(stage: Stage) -> None:
    stage.plays["openai"] = streams(*WORDS, 0.2, usage(20, 7), DONE)
    reader = Reader()
    running = asyncio.create_task(streamed(stage, reader))
    await until(lambda: reader.seen)
    await stage.gateway.drain(timedelta(seconds=3))
    await running
    assert reader.seen.endswith(DONE)
    assert stage.ledger.metered.output_tokens == 7
    with pytest.raises(ChatRefused) as caught:
        await told(stage)
    assert (caught.value.status, caught.value.code) == (503, "restarting")


async def test_what_a_stop_cuts_off_is_metered_for_what_came(stage: Stage) -> None:
    stage.plays["openai"] = streams(*WORDS, 1.0, DONE)
    reader = Reader()
    running = asyncio.create_task(streamed(stage, reader))
    await until(lambda: WORDS[-1] in reader.seen)
    await stage.gateway.drain(timedelta(seconds=0))
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (stage.ledger.metered.output_tokens, stage.ledger.metered.estimated) == (8, True)


async def test_what_a_stop_cuts_off_before_the_first_byte_is_free(stage: Stage) -> None:
    stage.plays["openai"] = hangs
    running = asyncio.create_task(streamed(stage, Reader()))
    await until(lambda: stage.asked)
    await stage.gateway.drain(timedelta(seconds=0))
    with pytest.raises(asyncio.CancelledError):
        await running
    assert list(stage.ledger.released.values()) == ["stopped"]


async def test_what_a_stop_cuts_off_while_it_waits_for_its_turn_is_free(stage: Stage) -> None:
    running = [asyncio.create_task(streamed(stage, Reader())) for _ in range(40)]
    for _ in range(100):
        if len(stage.ledger.claims) == len(running):
            break
        await asyncio.sleep(0)
    assert len(stage.ledger.claims) == len(running)
    await stage.gateway.drain(timedelta(seconds=0))
    await asyncio.gather(*running, return_exceptions=True)
    assert stage.ledger.ended == {claim.request_id for claim in stage.ledger.claims}


async def test_two_hundred_streams_at_once_are_all_metered() -> None:
    readers = [Reader() for _ in range(200)]
    async with model_stage(Timeouts()) as stage:
        stage.plays["openai"] = streams(*WHOLE)
        await asyncio.gather(*(streamed(stage, reader) for reader in readers))
    assert {reader.seen for reader in readers} == {b"".join(WHOLE)}
    assert len(stage.ledger.settled) == 200


async def test_the_usage_event_is_for_clients_that_ask(stage: Stage) -> None:
    asked = question(stream=True)
    reader = Reader()
    await stage.gateway.stream(
        "key", replace(asked, ask=replace(asked.ask, keep_usage=False)), reader
    )
    assert b'"usage"' not in reader.seen
    assert stage.ledger.metered.output_tokens == 7
