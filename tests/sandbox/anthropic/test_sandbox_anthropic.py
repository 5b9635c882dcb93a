"""The imitated Messages API, through Anthropic's library and by hand (platform contract D.1)."""

import json
from collections.abc import AsyncIterator
from typing import Any

import anthropic
import httpx2
import pytest
import pytest_asyncio
from pydantic import BaseModel, ConfigDict

from integrations.sandbox.anthropic.vendor import Anthropic
from tests.sandbox.outside_stage import Outside

DOCUMENT = "\n".join(
    [
        "<meeting>",
        "Title: Quotes",
        "Held: Wednesday 2026-11-18 10:00 (GMT, Europe/London)",
        "Recorded by: Ada Whitfield <ada@altamarea.example> (inside the company)",
        "Guest: Bo Berg <bo@berg.example> (outside the company)",
        "</meeting>",
        "<transcript>",
        "[1] 00:00:01 Ada Whitfield: Good morning Bo.",
        "[2] 00:00:09 Bo Berg: We lose about €900 a month because of wrong labels.",
        "[3] 00:00:20 Ada Whitfield: I'll send you the quote by Friday.",
        "[4] 00:00:30 Bo Berg: Let's talk again on Tuesday at 10:30.",
        "[5] 00:00:35 Ada Whitfield: Perfect.",
        "</transcript>",
    ]
)
RULES = "You draft the follow-up of one meeting. " * 200


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str
    owner: str
    due: str
    lines: list[int]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")
    subject: str
    body: str
    action_items: list[Item]


@pytest_asyncio.fixture
async def claude(world: Outside) -> AsyncIterator[anthropic.AsyncAnthropic]:
    async with anthropic.AsyncAnthropic(
        api_key=world.env["ANTHROPIC_API_KEY"],
        base_url=world.env["ANTHROPIC_BASE_URL"],
        max_retries=0,
    ) as client:
        yield client


def request(**changes: Any) -> dict[str, Any]:
    """A good request: rules and document cached, the wish last."""
    cached = {"type": "ephemeral"}
    return {
        "model": "claude-sonnet-5-5",
        "max_tokens": 4000,
        "system": [
            {"type": "text", "text": RULES},
            {"type": "text", "text": DOCUMENT, "cache_control": cached},
        ],
        "messages": [{"role": "user", "content": "Sender: Ada Whitfield"}],
        **changes,
    }


async def by_hand(world: Outside, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
    sent = {
        "x-api-key": world.env["ANTHROPIC_API_KEY"],
        "anthropic-version": "2026-10-21",
        **headers,
    }
    reply = await world.http.post("/anthropic/v1/messages", json=body, headers=sent)
    return reply.status_code, reply.json()


async def test_a_parsed_answer_is_about_the_meeting(claude: anthropic.AsyncAnthropic) -> None:
    answer = await claude.messages.parse(**request(), output_format=Shape)
    shape = answer.parsed_output
    assert shape is not None
    assert shape.subject == "Quote by Friday 20 November"
    assert "Hi Bo," in shape.body
    assert "€900 a month" in shape.body
    promise = shape.action_items[0]
    assert (promise.owner, promise.due, promise.lines) == ("Ada Whitfield", "2026-11-20", [3])


async def test_the_prefix_is_written_once_and_read_after(claude: anthropic.AsyncAnthropic) -> None:
    first = (await claude.messages.create(**request())).usage
    wish = [{"role": "user", "content": "Sender: Ada Whitfield\nChange: shorter"}]
    second = (await claude.messages.create(**request(messages=wish))).usage
    assert first.cache_read_input_tokens == 0
    assert (first.cache_creation_input_tokens or 0) > 1024
    assert second.cache_read_input_tokens == first.cache_creation_input_tokens
    assert second.cache_creation_input_tokens == 0
    assert second.input_tokens < 20


async def test_a_short_prefix_is_silently_not_cached(claude: anthropic.AsyncAnthropic) -> None:
    short = [{"type": "text", "text": DOCUMENT, "cache_control": {"type": "ephemeral"}}]
    usage = (await claude.messages.create(**request(system=short))).usage
    assert usage.cache_creation_input_tokens == 0
    assert usage.input_tokens > 100


async def test_a_stream_says_the_same(claude: anthropic.AsyncAnthropic) -> None:
    whole = await claude.messages.create(**request())
    async with claude.messages.stream(**request()) as stream:
        text = "".join([piece async for piece in stream.text_stream])
        final = await stream.get_final_message()
    assert whole.content[0].type == "text"
    assert text == whole.content[0].text
    assert final.stop_reason == "end_turn"
    assert final.usage.output_tokens == whole.usage.output_tokens


async def test_too_few_tokens_cut_the_answer(claude: anthropic.AsyncAnthropic) -> None:
    answer = await claude.messages.create(**request(max_tokens=10))
    assert answer.stop_reason == "max_tokens"
    assert answer.usage.output_tokens == 10


async def test_the_librarys_errors_are_the_vendors(
    world: Outside, claude: anthropic.AsyncAnthropic
) -> None:
    await world.fault(vendor="anthropic", operation="messages", kind="status", status=529)
    with pytest.raises(anthropic.APIStatusError) as overloaded:
        await claude.messages.create(**request())
    assert overloaded.value.status_code == 529
    await world.fault(vendor="anthropic", kind="status", status=429, retry_after=7)
    with pytest.raises(anthropic.RateLimitError) as limited:
        await claude.messages.create(**request())
    assert limited.value.response.headers["retry-after"] == "7"
    with pytest.raises(anthropic.AuthenticationError):
        await claude.with_options(api_key="wrong").messages.create(**request())


async def test_the_model_may_refuse_be_cut_or_miss_the_schema(
    world: Outside, claude: anthropic.AsyncAnthropic
) -> None:
    await world.fault(vendor="anthropic", kind="refusal")
    refused = await claude.messages.create(**request())
    assert (refused.stop_reason, refused.content) == ("refusal", [])
    await world.fault(vendor="anthropic", kind="truncated")
    assert (await claude.messages.create(**request())).stop_reason == "max_tokens"
    await world.fault(vendor="anthropic", kind="not_schema")
    prose = await claude.messages.create(**request())
    assert prose.content[0].type == "text"
    with pytest.raises(json.JSONDecodeError):
        json.loads(prose.content[0].text)
    await world.fault(vendor="anthropic", kind="too_long")
    with pytest.raises(anthropic.BadRequestError, match="prompt is too long"):
        await claude.messages.create(**request())


async def test_a_cut_stream_breaks_off(world: Outside, claude: anthropic.AsyncAnthropic) -> None:
    await world.fault(vendor="anthropic", kind="cut")
    async with claude.messages.stream(**request()) as stream:
        with pytest.raises(httpx2.RemoteProtocolError):
            await stream.get_final_message()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"temperature": 1.0}, "temperature"),
        ({"top_k": 3}, "top_k"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": None}, "max_tokens"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "system", "content": "x"}]}, "role"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, "first message"),
        ({"messages": [{"role": "user", "content": " "}]}, "non-whitespace"),
        (
            {
                "messages": [
                    {"role": "user", "content": "x"},
                    {"role": "assistant", "content": "{"},
                ]
            },
            "prefill",
        ),
        ({"output_format": {}}, "Extra inputs"),
        ({"output_config": {"form": 1}}, "Extra inputs"),
        ({"cache_control": {"type": "for ever"}}, "ephemeral"),
    ],
)
async def test_a_wrong_request_is_refused(
    world: Outside, change: dict[str, Any], says: str
) -> None:
    status, body = await by_hand(world, request(**change))
    assert status == 400
    assert body["type"] == "error"
    assert body["error"]["type"] == "invalid_request_error"
    assert says in body["error"]["message"]
    assert body["request_id"].startswith("req_")


async def test_the_old_version_still_takes_a_temperature(world: Outside) -> None:
    old = {"anthropic-version": "2023-06-01"}
    assert (await by_hand(world, request(temperature=1.0), **old))[0] == 200
    assert (await by_hand(world, request(), **{"anthropic-version": "1"}))[0] == 400


async def test_an_unknown_model_is_not_found(world: Outside) -> None:
    assert (await by_hand(world, request(model="gpt-6")))[0] == 404


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {}},
        {"type": "object", "properties": {}, "additionalProperties": True},
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {"a": {"type": "object", "properties": {}}},
        },
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {"a": {"type": "integer", "minimum": 1}},
        },
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {"a": {"type": "string", "format": "phone"}},
        },
    ],
)
async def test_a_schema_must_be_closed_and_without_bounds(
    world: Outside, schema: dict[str, Any]
) -> None:
    config = {"format": {"type": "json_schema", "schema": schema}}
    assert (await by_hand(world, request(output_config=config)))[0] == 400


async def test_more_than_four_breakpoints_are_too_many(world: Outside) -> None:
    block = {"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}
    assert (await by_hand(world, request(system=[block] * 4)))[0] == 200
    assert (await by_hand(world, request(system=[block] * 5)))[0] == 400


async def test_the_calls_are_kept_for_whoever_tests(world: Outside) -> None:
    await by_hand(world, request())
    call = world.sandbox.of(Anthropic).api.calls[-1]
    assert json.dumps(call, ensure_ascii=False).count("wrong labels") == 1


async def test_mere_talk_is_answered_about_what_was_sent(
    claude: anthropic.AsyncAnthropic,
) -> None:
    asked = [{"role": "user", "content": "The depot opens at six. When does the depot open?"}]
    answer = await claude.messages.create(**request(system="Be brief.", messages=asked))
    assert answer.content[0].type == "text"
    assert "The depot opens at six." in answer.content[0].text


async def test_a_stream_may_end_with_an_error_or_without_usage(world: Outside) -> None:
    headers = {
        "x-api-key": f"{world.env['ANTHROPIC_API_KEY']}-customer",
        "anthropic-version": "2026-10-21",
    }
    texts = []
    for kind in ("error_mid_stream", "no_usage", "zero_usage"):
        await world.fault(vendor="anthropic", kind=kind)
        body = request(stream=True)
        reply = await world.http.post("/anthropic/v1/messages", json=body, headers=headers)
        texts.append(reply.text)
    assert "event: error\n" in texts[0]
    assert "message_stop" not in texts[0]
    assert '"usage"' not in texts[1]
    assert '"output_tokens": 0' in texts[2]
