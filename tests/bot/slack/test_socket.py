"""Socket Mode: the same app behind the other door."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from bot.slack.socketmode import RefusedSocket
from db.store.session import Database
from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Command, Event, Submission
from tests.kit.door_stage import Stage, click, person, stage, submission

GOOD_TOKEN, BAD_TOKEN = "xapp-good", "xapp-bad"


@dataclass
class Sockets:
    """Slack's end: opens sockets for one app token, sends envelopes, keeps the acks."""

    acks: dict[str, Any] = field(default_factory=dict)
    socket: web.WebSocketResponse | None = None
    opened: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    numbers: Any = field(default_factory=itertools.count)

    async def open(self, request: web.Request) -> web.Response:
        if request.headers["Authorization"] != f"Bearer {GOOD_TOKEN}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        self.opened += 1
        return web.json_response({"ok": True, "url": f"ws://{request.host}/socket"})

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello"})
        self.socket = socket
        self.arrived.set()
        async for message in socket:
            ack = message.json()
            self.acks[ack["envelope_id"]] = ack.get("payload")
            self.arrived.set()
        return socket

    async def deliver(self, kind: str, payload: dict[str, Any], **more: Any) -> Any:
        """The ack's payload; raises TimeoutError when none comes."""
        envelope = f"e{next(self.numbers)}"
        assert self.socket is not None
        body = {"type": kind, "envelope_id": envelope, "payload": payload}
        await self.socket.send_json(body | {"accepts_response_payload": True} | more)
        async with asyncio.timeout(2):
            while envelope not in self.acks:
                self.arrived.clear()
                await self.arrived.wait()
        return self.acks[envelope]

    def routes(self) -> list[web.RouteDef]:
        opening = web.post("/api/apps.connections.open", self.open)
        return [opening, web.get("/socket", self.connect)]

    async def connected(self, besides: web.WebSocketResponse | None = None) -> None:
        """Wait for a socket, another one than `besides`."""
        async with asyncio.timeout(5):
            while self.socket is besides:
                self.arrived.clear()
                await self.arrived.wait()


@asynccontextmanager
async def socket_stage(database: Database) -> AsyncIterator[tuple[Stage, Sockets]]:
    sockets = Sockets()
    async with (
        stage(database, beside=sockets.routes(), app_token=GOOD_TOKEN) as s,
        s.slack.socket(),
    ):
        await sockets.connected()
        yield s, sockets


def command(**fields: str) -> dict[str, str]:
    return {
        "command": "/go",
        "team_id": "T0HOME",
        "user_id": "U0ADA",
        "trigger_id": person()["trigger_id"],
    } | fields


async def test_a_command_by_socket_is_answered_by_socket(database: Database) -> None:
    async with socket_stage(database) as (s, sockets):

        async def go(turn: Turn, command: Command) -> None:
            await turn.ack(f"hello {turn.actor.member_id}")

        s.listeners.command("/go", go)
        assert await sockets.deliver("slash_commands", command()) == {"text": "hello U0ADA"}


async def test_a_response_action_travels_by_socket(database: Database) -> None:
    async with socket_stage(database) as (s, sockets):

        async def send(turn: Turn, form: Submission) -> None:
            await turn.errors({"b1": "too short"})

        s.listeners.view("form", send)
        expected = {"response_action": "errors", "errors": {"b1": "too short"}}
        assert await sockets.deliver("interactive", submission()) == expected


async def test_whatever_comes_is_acknowledged_known_or_not(database: Database) -> None:
    async with socket_stage(database) as (_, sockets):
        assert await sockets.deliver("interactive", click("gone")) is None
        assert await sockets.deliver("interactive", {"type": "invented_later"}) is None
        assert await sockets.deliver("interactive", {"type": "block_actions"}) is None


async def test_an_event_comes_once_over_two_deliveries(database: Database) -> None:
    async with socket_stage(database) as (s, sockets):
        heard: list[str] = []

        async def joined(turn: Turn, event: Event) -> None:
            heard.append(event.type)

        s.listeners.event("team_join", joined)
        body = {"type": "event_callback", "team_id": "T0HOME", "event_id": "Ev1"}
        event = body | {"event": {"type": "team_join"}, "event_time": 1}
        assert await sockets.deliver("events_api", event) is None
        assert await sockets.deliver("events_api", event, retry_attempt=1) is None
        assert heard == ["team_join"]


async def test_an_event_that_could_not_be_taken_is_left_to_be_delivered_again(
    database: Database,
) -> None:
    async with socket_stage(database) as (s, sockets):
        s.fake.faults["auth.test"] = "internal_error"
        body = {"type": "event_callback", "team_id": "T0HOME", "event_id": "Ev2"}
        event = body | {"event": {"type": "team_join"}, "event_time": 1}
        with pytest.raises(TimeoutError):
            await sockets.deliver("events_api", event)


async def test_a_socket_that_ends_is_opened_anew(database: Database) -> None:
    async with socket_stage(database) as (s, sockets):

        async def go(turn: Turn, command: Command) -> None:
            await turn.ack("here")

        s.listeners.command("/go", go)
        first = sockets.socket
        assert first is not None
        await first.send_json({"type": "disconnect", "reason": "refresh_requested"})
        await sockets.connected(besides=first)
        assert await sockets.deliver("slash_commands", command()) == {"text": "here"}
        assert sockets.opened == 2


async def test_a_wrong_app_token_says_so_instead_of_trying_for_ever(database: Database) -> None:
    async with stage(database, beside=Sockets().routes(), app_token=BAD_TOKEN) as s:
        with pytest.raises(RefusedSocket, match="invalid_auth"):
            async with s.slack.socket():
                pytest.fail("it opened")
