"""A stream's headers go out with its first events, as the client's socket sees it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer

from handlers.http.gateway.chat import EventStream

EVENT = b'data: {"n":1}\n\n'
Play = Callable[[EventStream], Awaitable[None]]


@asynccontextmanager
async def asked(play: Play) -> AsyncIterator[asyncio.StreamReader]:
    """What a client reads whose stream has been prepared and does as `play` says."""

    async def stream(request: web.Request) -> web.StreamResponse:
        response = EventStream(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await play(response)
        await response.write_eof()
        return response

    app = web.Application()
    app.router.add_get("/", stream)
    async with TestServer(app) as server:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        yield reader
        writer.close()
        await writer.wait_closed()


async def test_headers_wait_for_the_first_events_and_come_with_them() -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def one_event(response: EventStream) -> None:
        begun.set()
        await go.wait()
        await response.write(EVENT)

    async with asked(one_event) as reader:
        await begun.wait()
        arriving = asyncio.create_task(reader.read(65_536))
        await asyncio.sleep(0.05)
        assert not arriving.done()
        go.set()
        first = await arriving
    assert first.startswith(b"HTTP/1.1 200 OK\r\n")
    assert EVENT in first


async def test_a_stream_without_events_still_has_its_headers() -> None:
    async def nothing(response: EventStream) -> None:
        assert response.prepared

    async with asked(nothing) as reader:
        assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
