"""Pictures and tools at the imitated chat completions of OpenAI: refused, called, seen."""

import json
from typing import Any

import pytest

from tests.sandbox.outside_stage import Outside

PATH = "/openai/v1/chat/completions"
PICTURE = "data:image/png;base64,iVBORw0KGgo="
WEATHER = {"role": "user", "content": "What is the weather in Rome?"}
FUNCTION = {"name": "get_weather", "parameters": {"properties": {"town": {"type": "string"}}}}
TOOLS = [{"type": "function", "function": FUNCTION}]
CALL = {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
CALLED = {"role": "assistant", "content": None, "tool_calls": [CALL]}
ANSWER = {"role": "tool", "tool_call_id": "call_1", "content": "It is sunny."}


def picture(image_url: object) -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "image_url", "image_url": image_url}]}


def request(**changes: Any) -> dict[str, Any]:
    """A good request."""
    return {"model": "gpt-5.4-mini", "messages": [WEATHER], **changes}


async def post(world: Outside, body: Any) -> Any:
    bearer = {"Authorization": f"Bearer {world.env['OPENAI_API_KEY']}"}
    return await world.http.post(PATH, json=body, headers=bearer)


@pytest.mark.parametrize(
    ("change", "param", "code"),
    [
        ({"tool_choice": "none"}, "tool_choice", None),
        ({"parallel_tool_calls": True}, "parallel_tool_calls", None),
        ({"tools": []}, "tools", "empty_array"),
        ({"tools": [{"type": "function"}]}, "tools[0]", "missing_required_parameter"),
        ({"tools": TOOLS, "tool_choice": "always"}, "tool_choice", None),
        ({"stop": ["a"] * 5}, "stop", "array_above_max_length"),
        ({"messages": [ANSWER]}, "messages[0].role", None),
        ({"messages": [CALLED]}, "messages", None),
        (
            {"messages": [{"role": "assistant", "content": None}]},
            "messages[0].content",
            "missing_required_parameter",
        ),
        (
            {"messages": [picture("https://x.example/a.png")]},
            "messages[0].content[0].image_url",
            "invalid_type",
        ),
        (
            {"messages": [picture({"url": "data:image/tiff;base64,AAAA"})]},
            "messages[0].content[0].image_url.url",
            "invalid_value",
        ),
        (
            {"messages": [{**picture({"url": PICTURE}), "role": "system"}]},
            "messages[0].content[0].type",
            "invalid_value",
        ),
    ],
)
async def test_what_the_vendor_refuses_is_refused(
    world: Outside, change: dict[str, Any], param: str, code: str | None
) -> None:
    reply = await post(world, request(**change))
    error = reply.json()["error"]
    assert (reply.status_code, error["param"], error["code"]) == (400, param, code)


async def test_a_tool_is_called_and_its_answer_is_read(world: Outside) -> None:
    asked = request(tools=TOOLS)
    (choice,) = (await post(world, asked)).json()["choices"]
    (call,) = choice["message"]["tool_calls"]
    assert (choice["finish_reason"], choice["message"]["content"]) == ("tool_calls", None)
    assert json.loads(call["function"]["arguments"]) == {"town": "Rome"}
    text = (await post(world, {**asked, "stream": True})).text
    parts = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: {")]
    calls = [
        call
        for part in parts
        for choice in part["choices"]
        for call in choice["delta"].get("tool_calls", ())
    ]
    assert calls[0]["function"]["name"] == "get_weather"
    assert json.loads("".join(one["function"]["arguments"] for one in calls)) == {"town": "Rome"}
    told = await post(world, request(messages=[WEATHER, CALLED, ANSWER], tools=TOOLS))
    assert "It is sunny." in told.json()["choices"][0]["message"]["content"]


async def test_a_picture_is_seen(world: Outside) -> None:
    reply = await post(world, request(messages=[WEATHER, picture({"url": PICTURE})]))
    content = reply.json()["choices"][0]["message"]["content"]
    assert "Pictures that came with it: 1." in content
    assert reply.json()["usage"]["prompt_tokens"] > 1_600
