"""Claude: what the one call carries, and how every way of failing ends."""

from datetime import timedelta
from typing import Literal

import pytest
import pytest_asyncio
from pydantic import BaseModel, Field

from integrations.claude.client import Claude
from integrations.claude.types import Prompt, TokenUsage
from integrations.errors import AuthExpired, RateLimited, RefusedByVendor, Unreachable
from integrations.http import ClientOptions
from tests.integrations.fake_vendor import drops, hangs, in_turn, says

KEY = "sk-ant-secret-123"
PROMPT = Prompt("You write follow-ups.", "00:01 Ada: ciao", "Write it warmly.")


class Item(BaseModel):
    """Something somebody will do."""

    owner: str = Field(min_length=1, max_length=40)
    kind: Literal["call", "mail"]


class Letter(BaseModel):
    """A follow-up."""

    subject: str
    items: list[Item] = Field(max_length=3)
    price: int | None = Field(default=None, ge=0)


GOOD = '{"subject": "Ciao 🚀", "items": [{"owner": "Ada", "kind": "call"}], "price": 3}'


def message(text=GOOD, stop="end_turn", **more):
    content = [{"type": "thinking", "thinking": "…", "signature": "s"}]
    content += [{"type": "text", "text": text}] if text is not None else []
    usage = {
        "input_tokens": 10,
        "output_tokens": 20,
        "cache_read_input_tokens": 300,
        "cache_creation_input_tokens": None,
    }
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-5-5",
        "content": content,
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": usage,
    } | more


def error(kind, text="no", **details):
    return {"type": "error", "error": {"type": kind, "message": text, "details": details}}


@pytest_asyncio.fixture
async def claude(vendor):
    made = Claude(KEY, f"{vendor.url}/anthropic", "claude-sonnet-5-5")
    yield made
    await made.close()


async def test_the_answer_comes_back_validated_and_counted(vendor, claude):
    vendor.answer = says(message())
    answer = await claude.answer(PROMPT, Letter)
    assert answer.value == Letter.model_validate_json(GOOD)
    assert answer.usage == TokenUsage(
        input_tokens=10, cached_tokens=300, cache_write_tokens=0, output_tokens=20
    )
    assert answer.model == "claude-sonnet-5-5"
    assert len(vendor.seen) == 1


async def test_rules_and_document_are_the_cached_prefix_and_the_request_comes_last(vendor, claude):
    vendor.answer = says(message())
    await claude.answer(PROMPT, Letter)
    again = Prompt(PROMPT.system, PROMPT.document, "Shorter, please.")
    await claude.answer(again, Letter)
    first, second = (seen.json for seen in vendor.seen)
    cached = {"cache_control": {"type": "ephemeral"}}
    assert first["system"] == [{"type": "text", "text": PROMPT.system} | cached]
    assert first["messages"] == [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": PROMPT.document} | cached,
                {"type": "text", "text": "Write it warmly."},
            ],
        }
    ]
    assert second["messages"][0]["content"][:1] == first["messages"][0]["content"][:1]
    assert second["output_config"] == first["output_config"]
    assert second["system"] == first["system"]


async def test_the_request_is_one_that_the_api_takes(vendor, claude):
    vendor.answer = says(message())
    await claude.answer(PROMPT, Letter)
    (seen,) = vendor.seen
    assert seen.path == "/anthropic/v1/messages"
    assert seen.headers["authorization"] == f"Bearer {KEY}"
    body = seen.json
    assert body["model"] == "claude-sonnet-5-5"
    assert body["max_tokens"] == 16_000
    assert not {"temperature", "top_p", "top_k"} & set(body)
    form = body["output_config"]["format"]
    assert form["type"] == "json_schema"
    schema = form["schema"]
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["subject", "items"]
    item = schema["$defs"]["Item"]
    assert item["additionalProperties"] is False
    assert item["properties"]["kind"]["enum"] == ["call", "mail"]
    assert "minLength" not in item["properties"]["owner"]
    assert "minLength: 1" in item["properties"]["owner"]["description"]


async def test_empty_parts_are_left_out(vendor, claude):
    vendor.answer = says(message())
    await claude.answer(Prompt("", "", "Just this."), Letter)
    body = vendor.seen[0].json
    assert "system" not in body
    assert body["messages"][0]["content"] == [{"type": "text", "text": "Just this."}]


async def test_an_overloaded_model_is_asked_again(vendor, claude):
    busy = says(error("overloaded_error"), 529, Retry_After="0.01")
    vendor.answer = in_turn(busy, says(message()))
    assert (await claude.answer(PROMPT, Letter)).value.subject == "Ciao 🚀"
    assert len(vendor.seen) == 2


async def test_a_model_that_stays_overloaded_is_unreachable(vendor, claude):
    vendor.answer = says(error("overloaded_error"), 529, Retry_After="0.01")
    with pytest.raises(Unreachable, match="529 overloaded_error"):
        await claude.answer(PROMPT, Letter)
    assert len(vendor.seen) == 3


async def test_a_long_wait_is_not_slept_through(vendor, claude):
    vendor.answer = says(error("rate_limit_error"), 429, Retry_After="40")
    with pytest.raises(RateLimited) as caught:
        await claude.answer(PROMPT, Letter)
    assert caught.value.retry_after == timedelta(seconds=40)
    assert len(vendor.seen) == 1


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (401, error("authentication_error", f"bad {KEY}"), AuthExpired, None),
        (403, error("permission_error"), AuthExpired, None),
        (402, error("billing_error"), RefusedByVendor, "billing"),
        (404, error("not_found_error"), RefusedByVendor, "not_found"),
        (413, error("request_too_large"), RefusedByVendor, "too_long"),
        (400, error("invalid_request_error"), RefusedByVendor, "invalid_request_error"),
        (
            400,
            error("invalid_request_error", "prompt is too long: 2000001 tokens > 1000000"),
            RefusedByVendor,
            "too_long",
        ),
        (418, b"teapot", RefusedByVendor, "418"),
    ],
)
async def test_each_refusal_becomes_one_of_four(vendor, claude, status, body, kind, code):
    vendor.answer = says(body, status)
    with pytest.raises(kind) as caught:
        await claude.answer(PROMPT, Letter)
    assert code is None or caught.value.code == code
    assert KEY not in str(caught.value)
    assert caught.value.__suppress_context__
    assert len(vendor.seen) == 1


async def test_a_spent_budget_is_not_a_matter_of_waiting(vendor, claude):
    body = error("rate_limit_error", error_code="enforced_spend_limit_reached")
    vendor.answer = says(body, 429, x_should_retry="false")
    with pytest.raises(RefusedByVendor) as caught:
        await claude.answer(PROMPT, Letter)
    assert caught.value.code == "spend_limit"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (message(None, "refusal", stop_details={"type": "refusal", "category": "x"}), "refusal"),
        (message('{"subject": "half', "max_tokens"), "truncated"),
        (message(None, "max_tokens"), "truncated"),
        (message("", "model_context_window_exceeded"), "too_long"),
        (message("Certainly! Here is your letter."), "malformed"),
        (message('{"subject": "x"}'), "malformed"),
        (message('{"subject": "x", "items": [], "price": -1}'), "malformed"),
        (message(None), "malformed"),
        (message(None, None), "malformed"),
    ],
)
async def test_an_answer_that_is_not_whole_is_refused(vendor, claude, reply, code):
    vendor.answer = says(reply)
    with pytest.raises(RefusedByVendor) as caught:
        await claude.answer(PROMPT, Letter)
    assert caught.value.code == code
    assert "Certainly" not in str(caught.value)
    assert len(vendor.seen) == 1


@pytest.mark.parametrize(
    "body", [b"<html>", b"{", {}, [], None, {"type": "message"}, message(usage=None)]
)
async def test_an_answer_that_is_no_message_is_worth_another_try(vendor, claude, body):
    vendor.answer = says(body)
    with pytest.raises(Unreachable):
        await claude.answer(PROMPT, Letter)


async def test_a_page_instead_of_json_is_worth_another_try(vendor, claude):
    vendor.answer = says(b"<html>sign in to the wifi</html>", Content_Type="text/html")
    with pytest.raises(Unreachable):
        await claude.answer(PROMPT, Letter)


async def test_a_call_that_hangs_ends_at_the_deadline(vendor):
    vendor.answer = hangs
    told = []
    options = ClientOptions(timedelta(seconds=0.2), lambda *what: told.append(what[:3]))
    claude = Claude(KEY, vendor.url, "claude-sonnet-5-5", options=options)
    with pytest.raises(Unreachable):
        await claude.answer(PROMPT, Letter)
    await claude.close()
    assert told == [("claude", "answer", 0)]


async def test_endless_retries_end_at_the_deadline(vendor):
    vendor.answer = says(error("api_error"), 500, Retry_After="1")
    options = ClientOptions(timedelta(seconds=0.2))
    claude = Claude(KEY, vendor.url, "claude-sonnet-5-5", options=options)
    with pytest.raises(Unreachable):
        await claude.answer(PROMPT, Letter)
    await claude.close()
    assert len(vendor.seen) == 1


async def test_a_lost_connection_is_tried_again_and_then_unreachable(vendor, claude):
    vendor.answer = in_turn(drops, says(message()))
    assert (await claude.answer(PROMPT, Letter)).value.price == 3


async def test_nobody_there_is_unreachable(closed_url):
    claude = Claude(KEY, closed_url, "m", options=ClientOptions(timedelta(seconds=0.3)))
    with pytest.raises(Unreachable):
        await claude.answer(PROMPT, Letter)
    await claude.close()


async def test_a_key_no_header_can_carry_is_not_quoted(vendor):
    vendor.answer = says(message())
    claude = Claude(
        "sk-ant-secret\nx", vendor.url, "m", options=ClientOptions(timedelta(seconds=0.3))
    )
    with pytest.raises(AuthExpired) as caught:
        await claude.answer(PROMPT, Letter)
    await claude.close()
    assert "secret" not in str(caught.value)
    assert vendor.seen == []


def test_a_prompt_does_not_show_itself():
    assert "ciao" not in repr(PROMPT)
