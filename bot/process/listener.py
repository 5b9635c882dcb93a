"""The HTTP listener: what every connection gets before any handler sees a request of it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

from aiohttp import web
from aiohttp.http import HttpProcessingError, RawRequestMessage

# Answers under way when we are told to stop.
SHUTDOWN_SECONDS = 5.0
# On every answer: no browser shall guess at what it is, and nobody needs to know what we run on.
HEADERS = {"Server": "Seguito", "X-Content-Type-Options": "nosniff"}
# For a year browsers come by https only (RFC 6797).
HSTS = {"Strict-Transport-Security": "max-age=31536000"}
BROKEN = "the rest of the body is no HTTP"
# What a client can do wrong on its own; none of it is a failure of ours.
CLIENT_ERRORS = (HttpProcessingError, web.RequestPayloadError, ConnectionError)


@dataclass(frozen=True, slots=True)
class ListenerTimeouts:
    """Seconds: for the head of a request from its first byte (for the first one, from connecting),
    between two requests, for what is left of a body when its answer is given, and for a client to
    take what we send.

    A body's time is counted where it is read, see `handlers.http.kit.endpoints.read_bytes`.
    """

    head: float = 10.0
    keepalive: float = 75.0
    rest: float = 2.0
    unread: float = 75.0


TIMEOUTS = ListenerTimeouts()


class ServerConnection(web.RequestHandler):
    """One connection: compressed bodies stay as they are, and a head has its time."""

    __slots__ = ("_head_timer", "_timeouts")

    def __init__(self, server: web.Server, timeouts: ListenerTimeouts) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=timeouts.keepalive,
            lingering_time=timeouts.rest,
            # A megabyte that unpacks to a gigabyte would hold the loop, and Slack's acks with it.
            auto_decompress=False,
        )
        self._timeouts = timeouts
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody connected: their first request is awaited."""
        super().connection_made(transport)
        self._limit_unread(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Bytes: a head has come whole, or must before long; a broken body is told its reader."""
        heads = self._request_count
        super().data_received(data)
        if self._request_count > heads:
            self._forget_timer()
            if not isinstance(self._messages[-1][0], RawRequestMessage):
                self._break_bodies()
        elif self._head_timer is None and self._waiter is not None:
            self._await_head()

    def connection_lost(self, exc: BaseException | None) -> None:
        """The client hung up: no head is awaited any more."""
        self._forget_timer()
        super().connection_lost(exc)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """As aiohttp does; no signal reaches what it makes."""
        response = super().handle_error(request, status, exc, message)
        response.headers.update(HEADERS)
        return response

    def log_exception(self, *args: object, **kw: object) -> None:
        """As aiohttp does, but a client's mistake is no error and needs no traceback."""
        if isinstance(kw.get("exc_info"), CLIENT_ERRORS):
            self.logger.debug("refused what is no HTTP")
        else:
            super().log_exception(*args, **kw)

    def _await_head(self) -> None:
        self._head_timer = self._loop.call_later(self._timeouts.head, self.force_close)

    def _forget_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _break_bodies(self) -> None:
        """The parser gave up, so that no unfinished body will ever end."""
        request = self._current_request
        bodies = [payload for _, payload in self._messages]
        for body in [request.content, *bodies] if request is not None else bodies:
            if not body.is_eof():
                body.set_exception(web.RequestPayloadError(BROKEN))

    def _limit_unread(self, transport: asyncio.BaseTransport) -> None:
        """Linux counts for us how long a client takes nothing of what waits for it."""
        connected = transport.get_extra_info("socket")
        if connected is not None and hasattr(socket, "TCP_USER_TIMEOUT"):
            limit = round(self._timeouts.unread * 1_000)
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, limit)


def add_headers(app: web.Application, *, https: bool) -> None:
    """Let every response carry HEADERS; `https`: browsers come to us by nothing else."""
    headers = HEADERS | HSTS if https else HEADERS

    async def add(_: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(headers)

    app.on_response_prepare.append(add)


@asynccontextmanager
async def listening(
    app: web.Application, host: str, port: int, timeouts: ListenerTimeouts = TIMEOUTS
) -> AsyncIterator[int]:
    """Serve the app while the block runs, which is given the port; raises OSError for a taken one.

    Afterwards answers under way have SHUTDOWN_SECONDS.
    """
    runner = web.AppRunner(app, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        server = cast(web.Server, runner.server)
        opened = await asyncio.get_running_loop().create_server(
            lambda: ServerConnection(server, timeouts), host, port
        )
        try:
            yield int(opened.sockets[0].getsockname()[1])
        finally:
            opened.close()
    finally:
        await runner.cleanup()
