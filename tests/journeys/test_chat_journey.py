"""Chats through the running product with the imitated providers, and what is metered of them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import uuid4

import httpx
import orjson
import pytest
import pytest_asyncio

from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.server import Sandbox
from tests.kit.product import Product

MODELS = {
    "openai": "gpt-5.4-mini",
    "anthropic": "claude-haiku-5-5",
    "deepseek": "deepseek-flash",
}
TALK = [
    {"role": "system", "content": "Answer in one sentence."},
    {"role": "user", "content": "What does our opening hours page say about Sundays?"},
]
SETTLED_SECONDS = 10


@dataclass
class Site:
    """A customer's site with its license."""

    http: httpx.AsyncClient
    key: str

    @property
    def headers(self) -> dict[str, str]:
        return {"X-License-Key": self.key}

    async def chat(self, path: str = "/api/chat", **more: object) -> httpx.Response:
        body = {"messages": TALK, **more}
        return await self.http.post(path, json=body, headers=self.headers)

    async def month(self, requests: int) -> dict[str, object]:
        """This month as the license sees it, once so many requests are settled."""
        async with asyncio.timeout(SETTLED_SECONDS):
            while True:
                answer = await self.http.get("/api/usage", headers=self.headers)
                month = answer.json()["month"]
                if month["requests_used"] >= requests and not month["requests_held"]:
                    return month
                await asyncio.sleep(0.1)


@pytest_asyncio.fixture
async def site(product: Product, environment: dict[str, str]) -> AsyncIterator[Site]:
    admin = {"X-Admin-Key": environment["ADMIN_API_KEY"]}
    order = {"email": f"{uuid4().hex}@shop.example", "plan": "pro", "months": 12}
    async with httpx.AsyncClient(base_url=product.url, trust_env=False, timeout=60) as http:
        issued = await http.post("/api/create_license", json=order, headers=admin)
        assert issued.status_code == 201, issued.text
        yield Site(http, issued.json()["license_key"])


def chunks(text: str) -> list[dict]:
    """The JSON of a stream's events; it must have ended."""
    assert text.endswith("data: [DONE]\n\n")
    lines = [line[6:] for line in text.splitlines() if line.startswith("data: {")]
    return [orjson.loads(line) for line in lines]


def said(text: str) -> str:
    return "".join(
        choice["delta"].get("content") or ""
        for chunk in chunks(text)
        for choice in chunk.get("choices", [])
    )


async def test_every_provider_answers_and_usage_shows_exactly_that(site: Site) -> None:
    tokens = {}
    for provider, model in MODELS.items():
        whole = await site.chat(model=model)
        assert whole.status_code == 200, whole.text
        told = whole.json()
        assert told["content"]
        assert told["provider"] == provider
        assert whole.headers["RateLimit-Limit"] == "100"
        streamed = await site.chat(model=model, stream=True)
        assert streamed.headers["Content-Type"].startswith("text/event-stream")
        assert said(streamed.text) == told["content"]
        usage = chunks(streamed.text)[-1]["usage"]
        read = told["usage"]["input_tokens"] + usage["prompt_tokens"]
        written = told["usage"]["output_tokens"] + usage["completion_tokens"]
        tokens[provider] = (2, read, written, 0)
    month = await site.month(6)
    assert month["requests_used"] == 6
    assert {
        one["provider"]: (
            one["requests"],
            one["input_tokens"],
            one["output_tokens"],
            one["estimated"],
        )
        for one in month["providers"]
    } == tokens


@pytest.mark.parametrize("model", MODELS.values())
async def test_openais_clients_are_answered_in_their_form(site: Site, model: str) -> None:
    bearer = {"Authorization": f"Bearer {site.key}"}
    body = {"model": model, "messages": TALK, "max_completion_tokens": 50}
    path = "/v1/chat/completions"
    whole = await site.http.post(path, json=body, headers=bearer)
    told = whole.json()
    assert told["object"] == "chat.completion"
    assert told["choices"][0]["message"]["content"]
    assert told["usage"]["total_tokens"] > 0
    streamed = await site.http.post(path, json={**body, "stream": True}, headers=bearer)
    assert said(streamed.text)
    assert all(chunk["choices"] for chunk in chunks(streamed.text))


async def test_the_plan_decides_when_no_model_is_named_and_another_provider_helps_out(
    site: Site, sandbox: Sandbox
) -> None:
    assert (await site.chat()).json()["provider"] == "openai"
    sandbox.faults.add(Fault("openai", kind="status", status=503))
    assert (await site.chat()).json()["provider"] == "anthropic"
    sandbox.faults.add(Fault("openai", kind="status", status=429, retry_after=9))
    refused = await site.chat(model=MODELS["openai"])
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "9")
    assert refused.json()["error"]["code"] == "provider_rate_limited"
    assert (await site.month(2))["requests_used"] == 2


@pytest.mark.parametrize("provider", MODELS)
@pytest.mark.parametrize("kind", ["cut_stream", "error_mid_stream", "no_usage", "zero_usage"])
async def test_trouble_in_mid_stream_is_told_and_metered_once(
    site: Site, sandbox: Sandbox, provider: str, kind: str
) -> None:
    sandbox.faults.add(Fault(provider, kind=kind))
    answer = await site.chat(model=MODELS[provider], stream=True)
    assert answer.status_code == 200
    failed = [chunk for chunk in chunks(answer.text) if "error" in chunk]
    assert bool(failed) is (kind in ("cut_stream", "error_mid_stream"))
    month = await site.month(1)
    assert (month["requests_used"], month["requests_held"]) == (1, 0)
    (one,) = month["providers"]
    assert one["estimated"] == (0 if kind == "zero_usage" else 1)
    assert (month["tokens_used"] == 0) is (kind == "zero_usage")


async def test_a_client_that_leaves_in_mid_stream_is_metered(site: Site, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("openai", kind="slow_stream", seconds=2))
    body = {"messages": TALK, "model": MODELS["openai"], "stream": True}
    async with site.http.stream("POST", "/api/chat", json=body, headers=site.headers) as answer:
        await anext(answer.aiter_bytes())
    month = await site.month(1)
    assert (month["requests_used"], month["providers"][0]["estimated"]) == (1, 0)
    assert month["tokens_used"] > 0


async def test_a_starter_chats_with_a_key_of_its_own(
    site: Site, environment: dict[str, str]
) -> None:
    admin = {"X-Admin-Key": environment["ADMIN_API_KEY"]}
    order = {"email": f"{uuid4().hex}@shop.example", "plan": "starter", "months": 1}
    issued = await site.http.post("/api/create_license", json=order, headers=admin)
    starter = Site(site.http, issued.json()["license_key"])
    refused = await starter.chat()
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "provider_key_needed")
    path, own = "/api/provider-keys/deepseek", environment["DEEPSEEK_API_KEY"]
    saved = await site.http.put(path, json={"key": own}, headers=starter.headers)
    assert saved.json()["hint"] == own[-4:]
    answered = await starter.chat()
    assert answered.json()["provider"] == "deepseek"
    assert (await starter.month(1))["cost_micro"] == 0
    gone = await site.http.delete(path, headers=starter.headers)
    assert gone.status_code == 204
    assert (await starter.chat()).status_code == 403


async def test_who_has_no_key_is_told_before_anything_is_asked(
    site: Site, sandbox: Sandbox
) -> None:
    body = {"messages": TALK}
    for headers, code in (
        ({}, "license_key_missing"),
        ({"X-License-Key": "CHA-00000000-00000000-00000000-00000000"}, "license_key_unknown"),
    ):
        answer = await site.http.post("/api/chat", json=body, headers=headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, code)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"messages": []}, 400),
        ({"messages": [{"role": "robot", "content": "x"}]}, 400),
        ({"messages": TALK, "n": 2}, 400),
        ({"messages": TALK, "max_tokens": 0}, 400),
        ({"messages": TALK, "temperature": "hot"}, 400),
        ({"messages": TALK, "model": "gpt-2"}, 400),
        ({"messages": TALK, "model": "claude-opus-5-5"}, 403),
        ({"messages": TALK, "seed": 2**80}, 400),
        ({"messages": [{"role": "user", "content": "x" * 34_000_000}]}, 413),
    ],
)
async def test_what_cannot_be_asked_is_refused_in_one_sentence(
    site: Site, body: dict[str, object], status: int
) -> None:
    answer = await site.http.post("/api/chat", json=body, headers=site.headers)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["message"]
