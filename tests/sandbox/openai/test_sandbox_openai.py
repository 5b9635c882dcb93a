"""The imitated chat completions of OpenAI, by hand and against the vendor's schema (D.2)."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from jsonschema import Draft202012Validator

from integrations.sandbox.openai.vendor import OpenAi
from tests.sandbox.outside_stage import SHARED, Outside, outside

PATH = "/openai/v1/chat/completions"
SCHEMAS = SHARED / "contracts" / "specs" / "openai" / "chat.sdk-3.52.0.schema.json"
QUESTION = "The depot in Hull opens at six. Which depot opens at six?"


@pytest_asyncio.fixture
async def world() -> AsyncIterator[Outside]:
    async with outside() as started:
        yield started


def request(**changes: Any) -> dict[str, Any]:
    """A good request; a change of ... takes the field away."""
    body = {
        "model": "gpt-5.4-mini",
        "messages": [
            {"role": "system", "content": "Answer briefly."},
            {"role": "user", "content": QUESTION},
        ],
        **changes,
    }
    return {name: value for name, value in body.items() if value is not ...}


async def post(world: Outside, body: Any, key: str = "") -> httpx.Response:
    bearer = {"Authorization": f"Bearer {key or world.env['OPENAI_API_KEY']}"}
    return await world.http.post(PATH, json=body, headers=bearer)


def chunks(text: str) -> list[dict[str, Any]]:
    """The documents of a stream, without the word that ends it."""
    events = [line.removeprefix("data: ") for line in text.splitlines() if line.startswith("data:")]
    return [json.loads(event) for event in events if event != "[DONE]"]


def said(parts: list[dict[str, Any]]) -> str:
    deltas = [c["delta"] for part in parts for c in part.get("choices", ())]
    return "".join(delta.get("content") or "" for delta in deltas)


async def test_an_answer_is_about_what_was_asked(world: Outside) -> None:
    reply = await post(world, request())
    body = reply.json()
    message = body["choices"][0]["message"]
    assert "Which depot opens at six?" in message["content"]
    assert "The depot in Hull opens at six." in message["content"]
    assert body["choices"][0]["finish_reason"] == "stop"
    assert reply.headers["x-request-id"].startswith("req_")
    usage = body["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] > 30


async def test_the_same_request_gets_the_same_text(world: Outside) -> None:
    texts = [(await post(world, request())).json()["choices"][0]["message"] for _ in range(2)]
    assert texts[0] == texts[1]


async def test_an_italian_question_is_answered_in_italian(world: Outside) -> None:
    asked = [{"role": "user", "content": "Quando è che apre il deposito di Hull?"}]
    body = (await post(world, request(messages=asked))).json()
    assert body["choices"][0]["message"]["content"].startswith("Mi hai chiesto")


async def test_a_stream_says_the_same_and_ends_with_done(world: Outside) -> None:
    whole = (await post(world, request())).json()
    reply = await post(world, request(stream=True))
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.text.endswith("data: [DONE]\n\n")
    parts = chunks(reply.text)
    assert said(parts) == whole["choices"][0]["message"]["content"]
    assert [p["choices"][0]["finish_reason"] for p in parts][-2:] == [None, "stop"]
    assert all("usage" not in part for part in parts)


async def test_the_usage_comes_in_a_chunk_of_its_own_when_asked_for(world: Outside) -> None:
    whole = (await post(world, request())).json()
    reply = await post(world, request(stream=True, stream_options={"include_usage": True}))
    *before, last = chunks(reply.text)
    assert (last["choices"], last["usage"]["total_tokens"]) == ([], whole["usage"]["total_tokens"])
    assert all(part["usage"] is None for part in before)


async def test_padding_is_left_out_when_asked(world: Outside) -> None:
    options = {"include_obfuscation": False}
    plain = chunks((await post(world, request(stream=True, stream_options=options))).text)
    padded = chunks((await post(world, request(stream=True))).text)
    assert all("obfuscation" in part for part in padded)
    assert not any("obfuscation" in part for part in plain)


@pytest.mark.skipif(not SCHEMAS.exists(), reason="no ../shared/contracts here")
async def test_answers_and_chunks_are_what_the_vendors_library_expects(world: Outside) -> None:
    schemas = json.loads(SCHEMAS.read_text())
    whole = (await post(world, request())).json()
    assert not list(Draft202012Validator(schemas["ChatCompletion"]).iter_errors(whole))
    asked = request(stream=True, stream_options={"include_usage": True})
    check = Draft202012Validator(schemas["ChatCompletionChunk"])
    for part in chunks((await post(world, asked)).text):
        assert not list(check.iter_errors(part))


async def test_a_long_prompt_is_cached_the_second_time(world: Outside) -> None:
    long = [
        {"role": "system", "content": "The rules of the house. " * 300},
        {"role": "user", "content": "One?"},
    ]
    first = (await post(world, request(messages=long))).json()["usage"]
    second = (await post(world, request(messages=long))).json()["usage"]
    assert first["prompt_tokens_details"]["cached_tokens"] == 0
    assert second["prompt_tokens_details"]["cached_tokens"] > 1024


async def test_too_few_tokens_cut_the_answer(world: Outside) -> None:
    body = (await post(world, request(max_completion_tokens=5))).json()
    assert body["choices"][0]["finish_reason"] == "length"
    assert body["usage"]["completion_tokens"] == 5


async def test_json_of_a_schema_is_given(world: Outside) -> None:
    schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"summary": {"type": "string"}},
        "required": ["summary"],
    }
    form = {"type": "json_schema", "json_schema": {"name": "s", "schema": schema, "strict": True}}
    body = (await post(world, request(response_format=form))).json()
    assert set(json.loads(body["choices"][0]["message"]["content"])) == {"summary"}


@pytest.mark.parametrize(
    ("change", "status", "param", "code"),
    [
        ({"model": ...}, 400, None, None),
        ({"model": "gpt-99"}, 404, None, "model_not_found"),
        ({"messages": ...}, 400, "messages", "missing_required_parameter"),
        ({"messages": []}, 400, "messages", "empty_array"),
        ({"messages": "hello"}, 400, "messages", "invalid_type"),
        (
            {"messages": [{"role": "boss", "content": "x"}]},
            400,
            "messages[0].role",
            "invalid_value",
        ),
        (
            {"messages": [{"role": "user", "content": 3}]},
            400,
            "messages[0].content",
            "invalid_type",
        ),
        ({"max_tokens": 5}, 400, "max_tokens", "unsupported_parameter"),
        ({"max_completion_tokens": 0}, 400, "max_completion_tokens", "integer_below_min_value"),
        ({"max_completion_tokens": "5"}, 400, "max_completion_tokens", "invalid_type"),
        ({"max_completion_tokens": 10**6}, 400, "max_completion_tokens", "invalid_value"),
        ({"temperature": 3}, 400, "temperature", "decimal_above_max_value"),
        ({"model": "gpt-5.5", "temperature": 0.2}, 400, "temperature", "unsupported_value"),
        ({"stream_options": {"include_usage": True}}, 400, "stream_options", None),
        ({"provider": "openai"}, 400, None, None),
        ({"license_key": "x"}, 400, None, None),
        ({"response_format": {"type": "json_object"}}, 400, "messages", None),
        ({"n": 2}, 400, "n", None),
    ],
)
async def test_a_wrong_request_is_refused(
    world: Outside, change: dict[str, Any], status: int, param: str | None, code: str | None
) -> None:
    reply = await post(world, request(**change))
    error = reply.json()["error"]
    assert (reply.status_code, error["param"], error["code"]) == (status, param, code)
    assert error["type"] == "invalid_request_error"
    assert error["message"]


async def test_a_quiet_model_takes_a_temperature_and_an_older_one_max_tokens(
    world: Outside,
) -> None:
    assert (await post(world, request(temperature=0.2))).status_code == 200
    assert (await post(world, request(model="gpt-4o", max_tokens=5))).status_code == 200


async def test_keys_are_checked_and_a_customers_own_is_taken(world: Outside) -> None:
    wrong = await post(world, request(), key="sk-wrong")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "invalid_api_key")
    assert (await world.http.post(PATH, json=request())).status_code == 401
    own = f"{world.env['OPENAI_API_KEY']}-customer"
    assert (await post(world, request(), key=own)).status_code == 200
    assert world.sandbox.of(OpenAi).api.keys[-1] == own
    assert world.sandbox.of(OpenAi).api.calls[-1] == request()


async def test_models_are_listed_for_whoever_checks_a_key(world: Outside) -> None:
    bearer = {"Authorization": f"Bearer {world.env['OPENAI_API_KEY']}"}
    listed = (await world.http.get("/openai/v1/models", headers=bearer)).json()["data"]
    assert "gpt-5.4-mini" in {model["id"] for model in listed}
    assert (await world.http.get("/openai/v1/models/gpt-5.4", headers=bearer)).status_code == 200
    assert (await world.http.get("/openai/v1/models/gpt-99", headers=bearer)).status_code == 404
    assert (await world.http.get("/openai/v1/models")).status_code == 401


async def test_a_refusal_by_fault_has_the_vendors_shape(world: Outside) -> None:
    await world.fault(vendor="openai", kind="status", status=429, retry_after=2)
    reply = await post(world, request())
    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "2")
    assert reply.json()["error"]["code"] == "rate_limit_exceeded"
    await world.fault(vendor="openai", kind="status", status=429, code="insufficient_quota")
    assert (await post(world, request())).json()["error"]["type"] == "insufficient_quota"
    await world.fault(vendor="openai", kind="too_long")
    assert (await post(world, request())).json()["error"]["code"] == "context_length_exceeded"


async def test_usage_may_be_missing_or_zero(world: Outside) -> None:
    asked = request(stream=True, stream_options={"include_usage": True})
    await world.fault(vendor="openai", kind="no_usage", times=2)
    assert "usage" not in (await post(world, request())).json()
    reply = await post(world, asked)
    assert all(part["usage"] is None for part in chunks(reply.text))
    assert reply.text.endswith("[DONE]\n\n")
    await world.fault(vendor="openai", kind="zero_usage", times=2)
    assert (await post(world, request())).json()["usage"]["total_tokens"] == 0
    assert chunks((await post(world, asked)).text)[-1]["usage"]["prompt_tokens"] == 0


async def test_a_stream_may_be_cut_or_end_with_an_error(world: Outside) -> None:
    await world.fault(vendor="openai", kind="cut_stream", times=2)
    with pytest.raises(httpx.RemoteProtocolError):
        await post(world, request(stream=True))
    with pytest.raises(httpx.RemoteProtocolError):
        await post(world, request())
    await world.fault(vendor="openai", kind="error_mid_stream", times=2)
    reply = await post(world, request(stream=True))
    *before, last = chunks(reply.text)
    assert said(before)
    assert last["error"]["type"] == "server_error"
    assert "[DONE]" not in reply.text
    assert (await post(world, request())).status_code == 500


async def test_a_slow_stream_takes_its_time_and_ends_when_the_client_goes(world: Outside) -> None:
    await world.fault(vendor="openai", kind="slow_stream", seconds=0.4)
    reply = await post(world, request(stream=True))
    assert reply.text.endswith("[DONE]\n\n")
    assert reply.elapsed.total_seconds() > 0.3
    await world.fault(vendor="openai", kind="slow_stream", seconds=0.4)
    bearer = {"Authorization": f"Bearer {world.env['OPENAI_API_KEY']}"}
    asked = request(stream=True)
    async with world.http.stream("POST", PATH, json=asked, headers=bearer) as gone:
        await anext(gone.aiter_raw())
    await asyncio.sleep(0.6)
    assert (await post(world, request())).status_code == 200
