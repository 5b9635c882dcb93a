"""A stage for the imitated Slack: the real server, a little app behind it, and the cast."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from integrations.sandbox.kit.changes import Changes
from integrations.sandbox.kit.faults import Faults
from integrations.sandbox.kit.journal import Journal
from integrations.sandbox.kit.stage import SandboxOptions
from integrations.sandbox.kit.stage import Stage as Given
from integrations.sandbox.kit.world import empty_world
from integrations.sandbox.server import assemble
from integrations.sandbox.slack.manifest import parse_manifest
from integrations.sandbox.slack.rules import Rules
from integrations.sandbox.slack.vendor import Slack
from integrations.sandbox.slack.visitor import Visitor

HOME, OTHER = "T0HOME", "T0OTHER"
GENERAL, SALES, OPS = "C0GENERAL", "C0SALES", "C0OPS"

SCOPES = ["chat:write", "commands", "im:history", "im:write", "users:read", "users:read.email"]
EVENTS = ["app_home_opened", "app_uninstalled", "message.im", "tokens_revoked"]


def manifest(**settings: Any) -> dict[str, Any]:
    """A manifest with one of everything; `settings` replace parts of its settings."""
    url = "https://app.example.com"
    return {
        "display_information": {"name": "Stage"},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "bot_user": {"display_name": "Stage"},
            "shortcuts": [
                {"name": "New", "type": "global", "callback_id": "new", "description": "New"},
                {"name": "Task", "type": "message", "callback_id": "task", "description": "Task"},
            ],
            "slash_commands": [
                {
                    "command": "/go",
                    "url": f"{url}/slack/commands",
                    "description": "Go",
                    "should_escape": True,
                },
                {"command": "/raw", "url": f"{url}/slack/commands", "description": "Raw"},
            ],
        },
        "oauth_config": {
            "redirect_urls": [f"{url}/slack/oauth_redirect"],
            "scopes": {"bot": SCOPES},
        },
        "settings": {
            "event_subscriptions": {
                "request_url": f"{url}/slack/events",
                "bot_events": EVENTS,
            },
            "interactivity": {
                "is_enabled": True,
                "request_url": f"{url}/slack/interactions",
                "message_menu_options_url": f"{url}/slack/options",
            },
            **settings,
        },
    }


@dataclass
class Delivered:
    """What reached the app."""

    path: str
    kind: str
    body: dict[str, Any]
    headers: dict[str, str]


@dataclass
class LittleApp:
    """Checks signatures, remembers what came, answers as told by kind of payload."""

    secret: str
    delivered: list[Delivered] = field(default_factory=list)
    answers: dict[str, Callable[[dict[str, Any]], Any]] = field(default_factory=dict)

    def on(self, kind: str, answer: Callable[[dict[str, Any]], Any] | Any) -> None:
        """Answer a kind with a JSON value, a text, a response, or what a function returns."""
        self.answers[kind] = answer if callable(answer) else lambda _: answer

    def last(self, kind: str) -> dict[str, Any]:
        """The newest body of a kind."""
        return next(d.body for d in reversed(self.delivered) if d.kind == kind)

    async def handle(self, request: web.Request) -> web.Response:
        raw = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        assert SignatureVerifier(self.secret).is_valid_request(raw, headers)
        kind, body = read_delivery(raw, request.content_type)
        self.delivered.append(Delivered(request.path, kind, body, headers))
        return await as_response(self.answers.get(kind, lambda _: "")(body))


async def as_response(answer: Any) -> web.Response:
    """An answer in whatever form the test gave it."""
    if hasattr(answer, "__await__"):
        answer = await answer
    if isinstance(answer, web.Response):
        return answer
    if isinstance(answer, str):
        return web.Response(text=answer)
    return web.json_response(answer)


def read_delivery(raw: bytes, content_type: str) -> tuple[str, dict[str, Any]]:
    """The kind and the fields of a body as Slack sends it."""
    if content_type == "application/json":
        body = json.loads(raw)
        return body.get("event", body)["type"], body
    form = dict(parse_qsl(raw.decode(), keep_blank_values=True, strict_parsing=True))
    if "payload" in form:
        body = json.loads(form["payload"])
        return body["type"], body
    return form["command"], form


@dataclass
class Stage:
    """Everything a test needs at once."""

    slack: Slack
    app: LittleApp
    journal: Journal
    faults: Faults
    url: str

    def client(self, team: str = HOME) -> AsyncWebClient:
        """The real SDK with a workspace's bot token."""
        return self.client_with(self.slack.teams[team].workspace.bot_token)

    def client_with(self, token: str | None) -> AsyncWebClient:
        """The real SDK with any token."""
        return AsyncWebClient(token=token, base_url=f"{self.url}/slack/api/", retry_handlers=[])

    @property
    def ada(self) -> Visitor:
        return self.slack.person(HOME, "U0ADA")

    @property
    def giulia(self) -> Visitor:
        return self.slack.person(HOME, "U0GIULIA")

    @property
    def tomas(self) -> Visitor:
        return self.slack.person(OTHER, "U0TOMAS")

    async def opened(self, view: dict[str, Any]) -> dict[str, Any]:
        """Let Ada type /go and open this view; returns the view as the app got it."""
        await self.ada.command("/go")
        trigger_id = self.app.last("/go")["trigger_id"]
        return (await self.client().views_open(trigger_id=trigger_id, view=view))["view"]


@asynccontextmanager
async def stage(
    document: dict[str, Any] | None = None, rules: Rules | None = None
) -> AsyncIterator[Stage]:
    """The imitated Slack with a little app, both on loopback."""
    world = empty_world(datetime(2026, 11, 21, 9, tzinfo=UTC))
    app = LittleApp(world.signing_secret)
    behind = web.Application()
    behind.router.add_route("POST", "/{rest:.*}", app.handle)
    async with TestServer(behind) as app_server:
        app_url = str(app_server.make_url("")).rstrip("/")
        journal, faults, changes = Journal(), Faults(), Changes()
        parsed = parse_manifest(document or manifest(), app_url)
        slack = Slack(world, parsed, journal, changes=changes, rules=rules)
        given = Given(SandboxOptions(), world, journal, faults, changes)
        async with TestServer(assemble(given, (slack,))) as server:
            slack.base_url = str(server.make_url("")).rstrip("/")
            yield Stage(slack, app, journal, faults, slack.base_url)


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(action_id: str, text: str = "Press", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


def actions(*elements: dict[str, Any], block_id: str = "buttons") -> dict[str, Any]:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def text_input(action_id: str, block_id: str = "", **more: Any) -> dict[str, Any]:
    block = {"dispatch_action": more.pop("dispatch_action", False), **more.pop("block", {})}
    return {
        "type": "input",
        "block_id": block_id or action_id,
        "label": plain(f"The {action_id}"),
        "element": {"type": "plain_text_input", "action_id": action_id, **more},
        **block,
    }


def field_of(element: dict[str, Any], block_id: str = "field", **more: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain("Field"),
        "element": element,
        **more,
    }


def modal(*blocks: dict[str, Any], title: str = "A modal", **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": plain(title),
        "blocks": list(blocks),
        "submit": plain("Save"),
        **more,
    }


def option(value: str, text: str = "") -> dict[str, Any]:
    return {"text": plain(text or value.title()), "value": value}
