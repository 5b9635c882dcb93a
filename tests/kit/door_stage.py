"""A stage for the Slack door: our real app behind its door, and a Web API of a few lines."""

import hmac
import io
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import quote_plus, urlencode

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.process.metrics import Metrics
from bot.settings.slack import SlackSettings
from bot.slack.app import SlackApp
from db.store.session import Database
from handlers.slack.kit.routing import Listeners, Router
from services import Services
from services.actors import Actor

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
HOME, ADA = "T0HOME", "U0ADA"
HOME_TOKEN = "xoxb-home-token"
NUMBERS = itertools.count(1)


class FakeSlack:
    """Answers every method with ok; `faults` by method name, `calls` for the curious."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.faults: dict[str, str] = {}
        self.teams = {HOME_TOKEN: HOME}
        self.people: dict[str, dict[str, Any]] = {}
        # By method: what it answers to these arguments, whose bearer is among them.
        self.answers: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}

    def named(self, method: str) -> list[dict[str, Any]]:
        return [arguments for name, arguments in self.calls if name == method]

    async def answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        is_json = request.content_type == "application/json"
        arguments = await request.json() if is_json else dict(await request.post())
        arguments = dict(request.query) | arguments
        self.calls.append((method, arguments))
        if error := self.faults.get(method):
            return web.json_response({"ok": False, "error": error})
        if (own := self.answers.get(method)) is not None:
            bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
            return web.json_response({"ok": True} | own(arguments | {"bearer": bearer}))
        if method == "auth.test":
            return web.json_response(self._identity(request))
        if method == "users.info":
            known = self.people.get(arguments.get("user", ""), {})
            return web.json_response({"ok": True, "user": known})
        view = {"id": f"V{next(NUMBERS)}", "hash": "h", "type": "modal"}
        return web.json_response({"ok": True, "view": view, "channel": "D1", "ts": "1.1"})

    def _identity(self, request: web.Request) -> dict[str, Any]:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        if token not in self.teams:
            return {"ok": False, "error": "invalid_auth"}
        return {"ok": True, "team_id": self.teams[token], "user_id": "U0BOT", "bot_id": "B0BOT"}


class FakeMembers:
    """Everybody speaks the language of their id's first letters."""

    async def who(self, actor: Actor) -> SimpleNamespace:
        return SimpleNamespace(language="it" if actor.member_id.endswith("_it") else "en")


@dataclass
class Answered:
    """What the door said."""

    status: int
    text: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.text)


@dataclass
class Stage:
    """The app with its door open, and a hand that signs."""

    slack: SlackApp
    fake: FakeSlack
    listeners: Listeners
    metrics: Metrics
    server: TestServer
    session: aiohttp.ClientSession
    response_url: str

    async def post(self, raw: Any, headers: dict[str, str], path: str = "events") -> Answered:
        url = self.server.make_url(f"/slack/{path}")
        data = io.BytesIO(raw) if isinstance(raw, bytes) else raw
        async with self.session.post(url, data=data, headers=headers) as response:
            return Answered(response.status, await response.text())

    async def signed(self, raw: bytes, content_type: str, path: str = "events") -> Answered:
        return await self.post(raw, signed_headers(raw, content_type), path)

    async def settled(self) -> None:
        """Listeners go on after their ack; wait for them."""
        await self.slack.drain(timedelta(seconds=5))

    async def command(self, name: str = "/go", **fields: str) -> Answered:
        return await self.signed(*command_body(self, name, **fields), path="commands")

    async def interact(self, payload: dict[str, Any]) -> Answered:
        return await self.signed(*form_body(payload), path="interactions")

    async def event(self, event: dict[str, Any], **outer: Any) -> Answered:
        return await self.signed(*event_body(event, **outer))


@asynccontextmanager
async def stage(
    database: Database, *, beside: Sequence[web.RouteDef] = (), **settings: str
) -> AsyncIterator[Stage]:
    """The home workspace has the token of the settings; other workspaces come from the store.

    `beside` are more of Slack's own addresses.
    """
    fake = FakeSlack()
    outside = web.Application()
    outside.add_routes(beside)
    outside.add_routes([web.route("*", "/api/{method}", fake.answer)])
    metrics = Metrics()
    async with TestServer(outside) as vendor:
        url = str(vendor.make_url("/api/"))
        given = {"signing_secret": SECRET, "bot_token": HOME_TOKEN, "api_url": url} | settings
        said = SlackSettings.model_validate({f"slack_{name}": one for name, one in given.items()})
        slack = SlackApp(said, database, metrics, lambda: datetime.now(UTC))
        services = cast(Services, SimpleNamespace(people=FakeMembers()))
        inside = web.Application()
        async with ending(slack):
            # As `slack.serve` does, but without the product's own features.
            listeners = Listeners()
            Router(listeners, services).attach(slack.app)
            slack.register_immediate(listeners)
            inside.add_routes(slack.routes())
            inside.add_routes(slack.installs(""))
            async with TestServer(inside) as server, aiohttp.ClientSession() as hand:
                yield Stage(slack, fake, listeners, metrics, server, hand, url + "response")


@asynccontextmanager
async def ending(slack: SlackApp) -> AsyncIterator[None]:
    """As the program ends: listeners at work finish, then the session hangs up."""
    try:
        yield
    finally:
        await slack.drain(timedelta(seconds=2))
        await slack.close()


def signed_headers(raw: bytes, content_type: str, at: float | None = None) -> dict[str, str]:
    timestamp = str(int(time.time() if at is None else at))
    mac = hmac.new(SECRET.encode(), b"v0:" + timestamp.encode() + b":" + raw, "sha256")
    return {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": "v0=" + mac.hexdigest(),
    }


def trigger() -> str:
    return f"{next(NUMBERS)}.trigger"


def command_body(s: Stage, name: str = "/go", **fields: str) -> tuple[bytes, str]:
    given = {
        "command": name,
        "text": "",
        "team_id": HOME,
        "user_id": ADA,
        "channel_id": "C1",
        "trigger_id": trigger(),
        "response_url": s.response_url,
    } | fields
    return urlencode(given).encode(), "application/x-www-form-urlencoded"


def form_body(payload: dict[str, Any]) -> tuple[bytes, str]:
    raw = "payload=" + quote_plus(json.dumps(payload))
    return raw.encode(), "application/x-www-form-urlencoded"


def event_body(event: dict[str, Any], **outer: Any) -> tuple[bytes, str]:
    body = {
        "type": "event_callback",
        "team_id": HOME,
        "event_id": f"Ev{next(NUMBERS)}",
        "event_time": int(time.time()),
        "event": event,
    } | outer
    return json.dumps(body).encode(), "application/json"


def person(member: str = ADA, team: str = HOME) -> dict[str, Any]:
    return {"user": {"id": member}, "team": {"id": team}, "trigger_id": trigger()}


def view(**changes: Any) -> dict[str, Any]:
    return {
        "id": "V0FORM",
        "type": "modal",
        "hash": "1.a",
        "callback_id": "form",
        "root_view_id": "V0FORM",
        "previous_view_id": None,
        "private_metadata": "",
        "blocks": [{"type": "input", "block_id": "b1"}],
        "state": {"values": {"b1": {"name": {"type": "plain_text_input", "value": "Ada"}}}},
    } | changes


def click(action_id: str = "press", **changes: Any) -> dict[str, Any]:
    action = {"type": "button", "action_id": action_id, "block_id": "b1", "value": "v"}
    return {"type": "block_actions", **person(), "actions": [action]} | changes


def on_message(s: Stage) -> dict[str, Any]:
    container = {"type": "message", "message_ts": "1.5", "channel_id": "C1"}
    return {"container": container, "channel": {"id": "C1"}, "response_url": s.response_url}


def submission(**changes: Any) -> dict[str, Any]:
    return {"type": "view_submission", **person(), "view": view()} | changes
