"""The imitated chat completions of DeepSeek: thinking first, keep-alives, its own words (D.3)."""

import json
from typing import Any

import httpx
import pytest

from integrations.sandbox.deepseek.vendor import DeepSeek
from tests.sandbox.outside_stage import Outside

PATH = "/deepseek/chat/completions"
QUIET = {"type": "disabled"}


def request(**changes: Any) -> dict[str, Any]:
    """A good request; a change of ... takes the field away."""
    asked = [{"role": "user", "content": "Is the depot in Hull open?"}]
    body = {"model": "deepseek-flash", "messages": asked, **changes}
    return {name: value for name, value in body.items() if value is not ...}


async def post(world: Outside, body: Any, key: str = "", path: str = PATH) -> httpx.Response:
    bearer = {"Authorization": f"Bearer {key or world.env['DEEPSEEK_API_KEY']}"}
    return await world.http.post(path, json=body, headers=bearer)


def chunks(text: str) -> list[dict[str, Any]]:
    events = [line.removeprefix("data: ") for line in text.splitlines() if line.startswith("data:")]
    return [json.loads(event) for event in events if event != "[DONE]"]


async def test_the_model_thinks_before_it_answers(world: Outside) -> None:
    body = (await post(world, request())).json()
    message, usage = body["choices"][0]["message"], body["usage"]
    assert "Is the depot in Hull open?" in message["reasoning_content"]
    assert "You asked" in message["content"]
    thought = usage["completion_tokens_details"]["reasoning_tokens"]
    assert 0 < thought < usage["completion_tokens"]
    hits, misses = usage["prompt_cache_hit_tokens"], usage["prompt_cache_miss_tokens"]
    assert hits + misses == usage["prompt_tokens"]


async def test_thinking_can_be_turned_off(world: Outside) -> None:
    body = (await post(world, request(thinking=QUIET))).json()
    assert "reasoning_content" not in body["choices"][0]["message"]
    assert "completion_tokens_details" not in body["usage"]


async def test_a_whole_answer_waits_with_blank_lines_and_a_stream_with_comments(
    world: Outside,
) -> None:
    assert (await post(world, request())).text.startswith("\n{")
    assert (await post(world, request(stream=True))).text.startswith(": keep-alive\n\ndata: ")


async def test_a_stream_thinks_first_and_says_the_same(world: Outside) -> None:
    whole = (await post(world, request())).json()
    asked = request(stream=True, stream_options={"include_usage": True})
    text = (await post(world, asked)).text
    *parts, last = chunks(text)
    deltas = [part["choices"][0]["delta"] for part in parts]
    thoughts = [index for index, d in enumerate(deltas) if d.get("reasoning_content")]
    words = [index for index, d in enumerate(deltas) if d.get("content")]
    assert max(thoughts) < min(words)
    message = whole["choices"][0]["message"]
    assert "".join(d.get("content") or "" for d in deltas) == message["content"]
    assert "".join(d.get("reasoning_content") or "" for d in deltas) == message["reasoning_content"]
    assert (last["choices"], last["usage"]["total_tokens"]) == ([], whole["usage"]["total_tokens"])
    assert text.endswith("data: [DONE]\n\n")


async def test_thinking_counts_within_the_limit(world: Outside) -> None:
    body = (await post(world, request(max_tokens=10))).json()
    assert body["choices"][0]["message"]["content"] == ""
    assert body["choices"][0]["finish_reason"] == "length"
    assert body["usage"]["completion_tokens"] == 10


async def test_the_older_address_and_names_are_routed(world: Outside) -> None:
    reply = await post(world, request(), path="/deepseek/v1/chat/completions")
    assert reply.status_code == 200
    assert (await post(world, request(model="deepseek-v4-flash"))).status_code == 200


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"model": "deepseek-chat"}, 400, "Model Not Exist"),
        ({"model": ...}, 422, "missing field `model`"),
        ({"messages": ...}, 422, "missing field `messages`"),
        ({"max_completion_tokens": 5}, 422, "unknown field `max_completion_tokens`"),
        ({"max_tokens": 0}, 400, "valid range of max_tokens"),
        ({"messages": [{"role": "developer", "content": "x"}]}, 400, "Supported values"),
        ({"thinking": {"type": "loud"}}, 422, "unknown variant"),
        ({"temperature": 9}, 400, "temperature"),
        ({"stream_options": {"include_usage": True}}, 400, "stream_options"),
    ],
)
async def test_a_wrong_request_is_refused(
    world: Outside, change: dict[str, Any], status: int, says: str
) -> None:
    reply = await post(world, request(**change))
    assert reply.status_code == status
    assert says in reply.json()["error"]["message"]


async def test_keys_balance_and_load_are_told_in_the_vendors_words(world: Outside) -> None:
    wrong = (await post(world, request(), key="sk-wrong")).json()["error"]
    assert wrong["type"] == "authentication_error"
    await world.fault(vendor="deepseek", kind="status", status=402)
    broke = await post(world, request())
    assert (broke.status_code, broke.json()["error"]["type"]) == (402, "unknown_error")
    own = f"{world.env['DEEPSEEK_API_KEY']}-customer"
    assert (await post(world, request(), key=own)).status_code == 200
    assert world.sandbox.of(DeepSeek).api.keys[-1] == own


async def test_a_broken_stream_has_the_same_faults(world: Outside) -> None:
    await world.fault(vendor="deepseek", kind="error_mid_stream")
    reply = await post(world, request(stream=True))
    assert "error" in chunks(reply.text)[-1]
    await world.fault(vendor="deepseek", kind="cut_stream")
    with pytest.raises(httpx.RemoteProtocolError):
        await post(world, request(stream=True))
    await world.fault(vendor="deepseek", kind="no_usage")
    assert "usage" not in (await post(world, request())).json()


async def test_a_schema_is_refused_and_the_larger_model_does_not_see(world: Outside) -> None:
    schema = {"name": "x", "schema": {"type": "object"}}
    form = {"type": "json_schema", "json_schema": schema}
    assert (await post(world, request(response_format=form))).status_code == 400
    part = {"type": "image_url", "image_url": {"url": "https://x.example/a.png"}}
    seen = request(messages=[{"role": "user", "content": [part]}])
    assert (await post(world, seen)).status_code == 200
    assert (await post(world, {**seen, "model": "deepseek-v4-pro"})).status_code == 422


async def test_a_tool_is_called_after_thinking(world: Outside) -> None:
    tools = [{"type": "function", "function": {"name": "depot_hours"}}]
    (choice,) = (await post(world, request(tools=tools))).json()["choices"]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["reasoning_content"]
    assert choice["message"]["tool_calls"][0]["function"]["name"] == "depot_hours"
