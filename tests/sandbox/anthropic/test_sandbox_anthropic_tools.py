"""Pictures and tools at the imitated Messages API: what it refuses of them, and what it answers."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import anthropic
import pytest
import pytest_asyncio

from tests.sandbox.outside_stage import Outside

PATH = "/anthropic/v1/messages"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(40)).decode()
USER = {"role": "user", "content": "What is the weather in Rome?"}
TOOLS = [
    {
        "name": "get_weather",
        "input_schema": {"type": "object", "properties": {"town": {"type": "string"}}},
    }
]
USE = {
    "role": "assistant",
    "content": [{"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {}}],
}
ANSWER = {
    "role": "user",
    "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "It is sunny."}],
}


def picture(kind: str, data: str) -> dict[str, Any]:
    source = {"type": "base64", "media_type": kind, "data": data}
    return {"role": "user", "content": [{"type": "image", "source": source}]}


def at_address(url: str) -> dict[str, Any]:
    source = {"type": "url", "url": url}
    return {"role": "user", "content": [{"type": "image", "source": source}]}


def request(**changes: Any) -> dict[str, Any]:
    """A good request."""
    return {"model": "claude-sonnet-5-5", "max_tokens": 400, "messages": [USER], **changes}


@pytest_asyncio.fixture
async def claude(world: Outside) -> AsyncIterator[anthropic.AsyncAnthropic]:
    url, key = world.env["ANTHROPIC_BASE_URL"], world.env["ANTHROPIC_API_KEY"]
    async with anthropic.AsyncAnthropic(api_key=key, base_url=url, max_retries=0) as client:
        yield client


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"messages": [USER, {"role": "user", "content": None}]}, "Field required"),
        ({"messages": [USER, {"role": "tool", "content": "x"}]}, "role"),
        ({"stop_sequences": ["END", "\n"]}, "non-whitespace"),
        ({"messages": [picture("image/jpg", PNG)]}, "media_type"),
        ({"messages": [picture("image/jpeg", PNG)]}, "does not match"),
        ({"messages": [picture("image/png", "?")]}, "base64"),
        ({"messages": [picture("image/png", PNG * 90_000)]}, "5 MB"),
        ({"messages": [USER, {**picture("image/png", PNG), "role": "assistant"}]}, "one of"),
        ({"messages": [at_address("http://x.example/a.png")]}, "HTTPS"),
        ({"messages": [at_address("data:image/png;base64,AAAA")]}, "HTTPS"),
        ({"tool_choice": {"type": "auto"}}, "while providing tools"),
        ({"tools": [{"name": "a b", "input_schema": {"type": "object"}}]}, "name"),
        ({"tools": [{"name": "weather", "input_schema": {}}]}, "input_schema"),
        ({"messages": [USER, USE, ANSWER]}, "must define tools"),
        ({"tools": TOOLS, "messages": [USER, USE, USER]}, "without `tool_result`"),
        ({"tools": TOOLS, "messages": [USER, ANSWER]}, "unexpected `tool_use_id`"),
    ],
)
async def test_what_the_vendor_refuses_is_refused(
    world: Outside, change: dict[str, Any], says: str
) -> None:
    key = {"x-api-key": world.env["ANTHROPIC_API_KEY"], "anthropic-version": "2026-10-21"}
    reply = await world.http.post(PATH, json=request(**change), headers=key)
    assert reply.status_code == 400
    assert says in reply.json()["error"]["message"]


async def test_a_tool_is_called_and_its_answer_is_read(
    claude: anthropic.AsyncAnthropic,
) -> None:
    async with claude.messages.stream(**request(tools=TOOLS)) as stream:
        called = await stream.get_final_message()
    [use] = called.content
    assert (called.stop_reason, use.type) == ("tool_use", "tool_use")
    assert (use.name, use.input) == ("get_weather", {"town": "Rome"})
    whole = await claude.messages.create(**request(tools=TOOLS))
    assert whole.content[0].input == {"town": "Rome"}
    told = await claude.messages.create(**request(tools=TOOLS, messages=[USER, USE, ANSWER]))
    assert "It is sunny." in told.content[0].text
    none = request(tools=TOOLS, tool_choice={"type": "none"})
    assert (await claude.messages.create(**none)).stop_reason == "end_turn"


async def test_a_picture_is_seen_and_counted(claude: anthropic.AsyncAnthropic) -> None:
    seen = [USER, picture("image/png", PNG), at_address("https://x.example/a.png")]
    answer = await claude.messages.create(**request(messages=seen))
    assert "Pictures that came with it: 2." in answer.content[0].text
    assert 3_200 < answer.usage.input_tokens < 3_300
