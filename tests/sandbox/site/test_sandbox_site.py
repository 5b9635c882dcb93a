"""The customer's site: webhooks it gets and checks, and what it asks the product."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from typing import Any

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.sandbox.outside_stage import Outside, outside

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"type": "license.issued", "timestamp": "2026-11-21T12:00:00Z", "data": {"id": "lic_1"}}'


def signed(body: bytes = BODY, *, age: int = 0, secret: str = SECRET) -> dict[str, str]:
    """The headers of a delivery as Standard Webhooks says, computed apart from the sandbox."""
    stamp = str(int(time.time()) - age)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"msg_1.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,bm90aGluZw== v1,{base64.b64encode(digest).decode()}",
        "Content-Type": "application/json",
    }


async def deliver(world: Outside, headers: dict[str, str], body: bytes = BODY) -> int:
    return (await world.http.post("/site/webhooks", content=body, headers=headers)).status_code


async def shown(world: Outside) -> list[dict[str, Any]]:
    return list((await world.http.get("/panel/api/outside")).json()["site"])


async def test_without_a_secret_everything_is_kept(world: Outside) -> None:
    assert await deliver(world, {}) == 204
    (one,) = await shown(world)
    assert (one["type"], one["signed"]) == ("license.issued", None)
    assert one["body"]["data"] == {"id": "lic_1"}


async def test_with_a_secret_only_what_it_signed_is_taken(world: Outside) -> None:
    told = await world.http.post("/panel/api/site/secret", json={"secret": SECRET})
    assert told.json() == {"ok": True}
    assert await deliver(world, signed()) == 204
    assert await deliver(world, signed(), body=BODY + b" ") == 401
    assert await deliver(world, signed(age=600)) == 401
    assert await deliver(world, {"webhook-id": "msg_1"}) == 401
    problems = [one["problem"] for one in await shown(world)]
    assert problems == [
        "the header webhook-timestamp is missing",
        "webhook-timestamp is more than five minutes away",
        "no signature fits the secret",
        "",
    ]


async def test_a_secret_told_later_judges_what_came_before(world: Outside) -> None:
    await deliver(world, signed())
    await world.http.post("/panel/api/site/secret", json={"secret": SECRET})
    assert (await shown(world))[0]["signed"] is True
    wrong = await world.http.post("/panel/api/site/secret", json={"secret": "hush"})
    assert wrong.json()["ok"] is False


async def test_a_receiver_can_be_spoiled(world: Outside) -> None:
    await world.fault(vendor="site", operation="webhook", kind="status", status=410)
    assert await deliver(world, signed()) == 410
    assert await shown(world) == []
    await world.fault(vendor="site", kind="lost_reply")
    with pytest.raises(httpx.RemoteProtocolError):
        await deliver(world, signed())
    assert len(await shown(world)) == 1


class LittleProduct:
    """Answers what a test wants and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str, Any]] = []

    async def take(self, request: web.Request) -> web.StreamResponse:
        body = await request.json() if request.body_exists else None
        key = request.headers.get("X-License-Key", "")
        self.asked.append((request.method, request.path, key, body))
        if not (body or {}).get("stream"):
            limits = {"RateLimit-Remaining": "99"}
            return web.json_response({"valid": False}, status=402, headers=limits)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for piece in (b"data: {}\n\n", b"data: [DONE]\n\n"):
            await response.write(piece)
            await asyncio.sleep(0.05)
        if body["messages"][0]["content"] == "cut" and request.transport:
            request.transport.close()
        return response


async def ask(product: LittleProduct, **fields: Any) -> tuple[httpx.Response, list[dict[str, Any]]]:
    """Let the site ask; its answer, and what the journal says."""
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", product.take)
    async with TestServer(app) as server:
        url = str(server.make_url("")).rstrip("/")
        async with outside(app_url=url) as world:
            reply = await world.http.post("/panel/api/site/ask", json=fields)
            return reply, world.sandbox.journal.entries(vendor="site")


async def test_the_site_asks_with_its_key_and_shows_the_answer_as_it_is() -> None:
    product = LittleProduct()
    reply, journal = await ask(product, call="validate", key=" CHA-1 ", domain="shop.example")
    assert product.asked == [("POST", "/api/validate", "CHA-1", {"domain": "shop.example"})]
    assert (reply.status_code, reply.headers["X-Site-Status"]) == (200, "402")
    assert json.loads(reply.headers["X-Site-Headers"])["RateLimit-Remaining"] == "99"
    assert reply.json() == {"valid": False}
    assert (journal[-1]["direction"], journal[-1]["status"]) == ("out", 402)
    assert "CHA-1" not in str(journal)


async def test_the_site_relays_a_stream_and_says_when_it_was_cut() -> None:
    product = LittleProduct()
    chat = {"call": "chat", "key": "k", "provider": "deepseek", "stream": True}
    reply, _ = await ask(product, **chat, message="Hello")
    assert reply.text == "data: {}\n\ndata: [DONE]\n\n"
    message = {"role": "user", "content": "Hello"}
    assert product.asked[-1][3] == {"messages": [message], "provider": "deepseek", "stream": True}
    reply, _ = await ask(product, **chat, message="cut")
    assert reply.text.endswith("[the connection was cut]")


async def test_usage_and_limits_are_asked_without_a_body() -> None:
    product = LittleProduct()
    for call in ("usage", "limits"):
        await ask(product, call=call, key="k")
    asked = [(method, path, body) for method, path, _, body in product.asked]
    assert asked == [("GET", "/api/usage", None), ("GET", "/api/limits/check", None)]


async def test_nonsense_from_the_page_and_an_absent_product_are_told() -> None:
    async with outside(app_url="http://127.0.0.1:9") as world:
        wrong = await world.http.post("/panel/api/site/ask", json={"call": "dance"})
        assert wrong.status_code == 400
        for key in ("a\r\nX-Admin-Key: b", "🗝"):
            unsent = await world.http.post(
                "/panel/api/site/ask", json={"call": "usage", "key": key}
            )
            assert (unsent.status_code, unsent.headers["X-Site-Status"]) == (200, "0")
            assert unsent.text == "No license key has such characters: paste it again."
        reply = await world.http.post("/panel/api/site/ask", json={"call": "usage", "key": "k"})
        assert reply.headers["X-Site-Status"] == "0"
        assert "does not answer" in reply.text
