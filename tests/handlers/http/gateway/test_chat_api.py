"""The gateway's doors: what is handed on of a chat, how large it may be, which models there are."""

from io import BytesIO
from typing import Any
from uuid import uuid4

import orjson
import pytest
import pytest_asyncio

from handlers.http.gateway.chat import LARGEST_CHAT
from handlers.http.kit.endpoints import MAX_BYTES
from tests.handlers.http.conftest import ADMIN, Api
from views.api.gateway.chat import ChatBody, question

HI = [{"role": "user", "content": "Hi"}]
NOBODY = {"Authorization": "Bearer CHA-00000000-00000000-00000000-00000000"}
TOOL = {"type": "function", "function": {"name": "weather"}}


@pytest_asyncio.fixture
async def bearer(api: Api) -> dict[str, str]:
    """A pro license as OpenAI's clients send it."""
    order = {"email": f"{uuid4().hex}@example.com", "plan": "pro", "months": 12}
    told = await api.post("/api/create_license", order)
    return {"Authorization": f"Bearer {told.json['license_key']}"}


@pytest.mark.parametrize(
    ("given", "handed_on"),
    [
        ({"tool_choice": "none"}, {}),
        ({"tool_choice": "auto", "tools": []}, {}),
        ({"parallel_tool_calls": True}, {}),
        ({"response_format": {"type": "text"}}, {}),
        ({"logprobs": False, "logit_bias": {}, "stop": []}, {}),
        ({"tool_choice": "required"}, {"tool_choice": "required"}),
        ({"tools": [TOOL], "tool_choice": "none"}, {"tools": [TOOL], "tool_choice": "none"}),
        ({"temperature": 0, "stop": "\n"}, {"temperature": 0, "stop": "\n"}),
    ],
)
def test_what_asks_for_nothing_is_handed_to_nobody(
    given: dict[str, Any], handed_on: dict[str, Any]
) -> None:
    body = ChatBody.model_validate({"messages": HI, **given})
    asked = question(body, size=1, created=0, shows_usage=False)
    assert asked.ask.options == handed_on


async def test_the_plans_models_are_listed_as_openai_lists_them(
    api: Api, bearer: dict[str, str]
) -> None:
    told = await api.get("/v1/models", headers=bearer)
    assert (told.status, told.json["object"]) == (200, "list")
    plan = (await api.get("/api/plans/pro")).json
    assert [one["id"] for one in told.json["data"]] == plan["models"]
    assert {one["object"] for one in told.json["data"]} == {"model"}
    one = told.json["data"][0]
    assert (await api.get(f"/v1/models/{one['id']}", headers=bearer)).json == one


async def test_a_model_that_the_plan_has_not_is_not_found(api: Api, bearer: dict[str, str]) -> None:
    told = await api.get("/v1/models/gpt-2", headers=bearer)
    assert (told.status, told.code) == (404, "model_not_found")


@pytest.mark.parametrize(
    ("headers", "code"), [({}, "license_key_missing"), (NOBODY, "license_key_unknown")]
)
async def test_models_are_told_to_license_holders_only(
    api: Api, headers: dict[str, str], code: str
) -> None:
    for path in ("/v1/models", "/v1/models/gpt-5.4-mini"):
        told = await api.get(path, headers=headers)
        assert (told.status, told.code) == (401, code)


@pytest.mark.parametrize("path", ["/api/chat", "/v1/chat/completions"])
async def test_a_chat_may_be_as_large_as_a_provider_takes_it(
    api: Api, bearer: dict[str, str], path: str
) -> None:
    # A model that is not there: nobody is asked, but all of it was read.
    body = large("messages", [{"role": "user", "content": "x" * 4 * MAX_BYTES}])
    assert (await api.post(path, data=body, headers=bearer)).code == "model_not_found"
    told = await api.post(path, data=b"{", headers={**bearer, **announcing(LARGEST_CHAT + 1)})
    assert (told.status, told.code) == (413, "too_large")


async def test_who_sends_much_is_known_before_it_is_read(api: Api) -> None:
    headers = {**NOBODY, **announcing(LARGEST_CHAT)}
    told = await api.post("/v1/chat/completions", data=b"{", headers=headers)
    assert (told.status, told.code) == (401, "license_key_unknown")


async def test_only_chats_may_be_that_large(api: Api) -> None:
    headers = {**ADMIN, **announcing(MAX_BYTES + 1)}
    told = await api.post("/api/customer", data=b"{", headers=headers)
    assert (told.status, told.code) == (413, "too_large")


def announcing(size: int) -> dict[str, str]:
    """A body of so many bytes is about to come, and nothing after it."""
    return {"Content-Length": str(size), "Connection": "close"}


def large(name: str, value: object) -> BytesIO:
    """A body as a client sends it piece by piece."""
    return BytesIO(orjson.dumps({"model": "gpt-2", name: value}))
