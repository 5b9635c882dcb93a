"""Socket Mode: the app's open sockets, envelopes out, acknowledgements back."""

import asyncio
import itertools
import json
import secrets
import time
import uuid
from dataclasses import dataclass

from aiohttp import WSMsgType, web

from integrations.sandbox.kit.wire import STOPPING
from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.deliver_http import JSON, Answer
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.rules import Rules

MOST_SOCKETS = 10
CONNECTION_SECONDS = 3600
HOST = "applink-sandbox"


@dataclass(frozen=True, slots=True)
class Envelope:
    """One payload on its way; `kind` is slash_commands, interactive or events_api."""

    kind: str
    payload: Json
    accepts_response: bool
    retry_attempt: int | None = None
    retry_reason: str | None = None


class Sockets:
    """Each payload goes to one socket; they take turns."""

    def __init__(self, app_id: str, rules: Rules) -> None:
        self._app_id = app_id
        self._rules = rules
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[bytes]] = {}
        self._turns = itertools.count()

    @property
    def connected(self) -> int:
        """How many sockets are open."""
        return len(self._open)

    def ticket(self) -> str:
        """The right to open one socket. SlackError when there are ten already."""
        if len(self._open) >= MOST_SOCKETS:
            raise SlackError("too_many_websockets")
        ticket = secrets.token_urlsafe(18)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request, *, enabled: bool) -> web.WebSocketResponse:
        """One socket from hello to goodbye; `enabled` false: link_disabled at once.

        When the sandbox stops, it closes the socket instead of waiting for the app to do so.
        """
        ticket = request.match_info["ticket"]
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="this ticket was not issued, or is used up")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if not enabled:
            await self._say_goodbye(socket, "link_disabled")
            return socket
        self._open.append(socket)
        watch = asyncio.create_task(_close_when(request.app.get(STOPPING), socket))
        try:
            await socket.send_json(self._hello())
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledged(message.data)
        finally:
            self._open.remove(socket)
            watch.cancel()
        return socket

    async def deliver(self, envelope: Envelope) -> Answer:
        """Send to the socket whose turn it is; waits for the acknowledgement."""
        begun = time.perf_counter()
        if not self._open:
            return Answer(0, b"", 0.0, "dispatch_failed", "connection_failed")
        socket = self._open[next(self._turns) % len(self._open)]
        envelope_id = str(uuid.uuid4())
        answered: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = answered
        try:
            await socket.send_json(_wire(envelope, envelope_id))
            body = await asyncio.wait_for(answered, self._rules.ack_seconds)
        except TimeoutError:
            return Answer(0, b"", _ms(begun), "operation_timeout", "http_timeout")
        except ConnectionError:
            return Answer(0, b"", _ms(begun), "dispatch_failed", "connection_failed")
        finally:
            del self._waiting[envelope_id]
        return Answer(200, body, _ms(begun), content_type=JSON)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every socket to go: warning, refresh_requested or link_disabled."""
        for socket in tuple(self._open):
            await self._say_goodbye(socket, reason)

    async def _say_goodbye(self, socket: web.WebSocketResponse, reason: str) -> None:
        message = {"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}}
        await socket.send_json(message)
        if reason != "warning":
            await socket.close()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "debug_info": {
                "host": HOST,
                "build_number": 1,
                "approximate_connection_time": CONNECTION_SECONDS,
            },
            "connection_info": {"app_id": self._app_id},
        }

    def _acknowledged(self, text: str) -> None:
        try:
            message = json.loads(text)
        except ValueError:
            return
        answered = self._waiting.get(message.get("envelope_id", ""))
        if answered is not None and not answered.done():
            payload = message.get("payload")
            answered.set_result(json.dumps(payload).encode() if payload else b"")


async def _close_when(stopping: asyncio.Event | None, socket: web.WebSocketResponse) -> None:
    if stopping is not None:
        await stopping.wait()
        await socket.close()


def _wire(envelope: Envelope, envelope_id: str) -> Json:
    message = {
        "envelope_id": envelope_id,
        "type": envelope.kind,
        "payload": envelope.payload,
        "accepts_response_payload": envelope.accepts_response,
    }
    if envelope.kind == "events_api":
        message["retry_attempt"] = envelope.retry_attempt or 0
        message["retry_reason"] = envelope.retry_reason or ""
    return message


def _ms(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000
