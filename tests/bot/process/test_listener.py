"""Connections: whoever sends slowly, half, compressed or no HTTP at all is answered and gone."""

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from time import monotonic

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.process.listener import TIMEOUTS, ListenerTimeouts, add_headers, listening
from handlers.http.kit.endpoints import answer, read, read_bytes
from handlers.http.kit.errors import answer_errors
from views.api.validation import ValidateBody

HOST = "127.0.0.1"
SOON = 0.2
# Far from every timeout of a test, and long before the real ones.
PATIENT = 5.0
POST = b"POST /%b HTTP/1.1\r\nHost: x\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
QUICK = ListenerTimeouts(head=SOON, keepalive=PATIENT, rest=SOON)
REAL_HEADS = replace(QUICK, head=TIMEOUTS.head)


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing that would wake somebody is logged meanwhile, and no traceback."""
    with capture_logs() as lines:
        yield
    ours = [one for one in lines if one["log_level"] not in ("debug", "info")]
    theirs = [one for one in caplog.records if one.levelno >= logging.WARNING or one.exc_info]
    assert not ours + theirs


async def soon(request: web.Request) -> web.Response:
    """An endpoint whose body must come soon."""
    return web.Response(text=str(len(await read_bytes(request, patience=SOON))))


async def later(request: web.Request) -> web.Response:
    """An endpoint as every other."""
    return answer(await read(request, ValidateBody))


async def endless(request: web.Request) -> web.StreamResponse:
    """More than any client takes unread."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"x" * 1024 * 1024)


@asynccontextmanager
async def served(
    timeouts: ListenerTimeouts = REAL_HEADS, *, https: bool = False
) -> AsyncIterator[int]:
    """Our listener and our errors before three endpoints; the port."""
    app = web.Application(middlewares=[answer_errors])
    paths = {"/api/soon": soon, "/api/later": later, "/api/endless": endless}
    app.add_routes([web.post(path, handler) for path, handler in paths.items()])
    add_headers(app, https=https)
    async with listening(app, HOST, 0, timeouts) as port:
        yield port


async def told(port: int, *sent: bytes) -> bytes:
    """All that comes back until the other side closes, each part sent by itself."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        async with asyncio.timeout(PATIENT):
            for part in sent:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(SOON / 10)
            return await reader.read()
    finally:
        writer.close()


async def press_on(writer: asyncio.StreamWriter) -> None:
    """Send without ever reading, until the other side has had enough."""
    while True:
        await asyncio.sleep(SOON)
        writer.write(b"x")
        await writer.drain()


@pytest.mark.parametrize("sent", [b"", b"POST /api/later HTTP/1.1\r\nHo", b"\r\n\r\n"])
async def test_a_head_that_does_not_come_ends_the_connection(sent: bytes) -> None:
    async with served(QUICK) as port:
        assert await told(port, sent) == b""


async def test_bytes_one_by_one_do_not_prolong_the_time_of_a_head() -> None:
    async with served(QUICK) as port:
        began = monotonic()
        with pytest.raises(ConnectionError):
            await told(port, *[b"G"] * 1_000)
        assert monotonic() - began < PATIENT


async def test_a_later_head_has_its_time_too() -> None:
    whole = POST % b"api/later" + b"Content-Length: 0\r\n\r\n"
    async with served(QUICK) as port:
        answers = await told(port, whole, whole, b"POST")
        assert answers.count(b"HTTP/1.1 200 OK") == 2


async def test_between_two_requests_there_is_more_time_than_for_a_head() -> None:
    whole = POST % b"api/later" + b"Content-Length: 0\r\n\r\n"
    async with served(replace(QUICK, keepalive=SOON * 3)) as port:
        began = monotonic()
        await told(port, whole)
        assert SOON * 3 <= monotonic() - began < PATIENT


@pytest.mark.parametrize("head", [b"Content-Length: 9\r\n\r\n", CHUNKED])
async def test_a_body_that_does_not_come_is_told(head: bytes) -> None:
    async with served() as port:
        reader, writer = await asyncio.open_connection(HOST, port)
        writer.write(POST % b"api/soon" + head)
        async with asyncio.timeout(PATIENT):
            assert b" 408 " in await reader.readline()
        writer.close()


async def test_a_long_body_has_longer_as_long_as_it_comes() -> None:
    part = b"x" * 64 * 1024
    head = POST % b"api/soon" + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % (8 * len(part))
    async with served() as port:
        reader, writer = await asyncio.open_connection(HOST, port)
        writer.write(head)
        for _ in range(8):
            writer.write(part)
            await asyncio.sleep(SOON / 2)
        assert b" 200 " in await reader.readline()
        writer.close()


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("broken", [b"2\r\n{}\r\nZZ\r\n", b"ZZ\r\n", b"2\r\n{}x"])
async def test_a_broken_chunk_is_answered_and_closed(broken: bytes) -> None:
    async with served() as port:
        head = POST % b"api/later" + CHUNKED
        for sent in ((head, broken), (head + broken,)):
            assert (await told(port, *sent)).split()[1] == b"400"


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\nrubbish\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_refused_without_an_error_of_ours(sent: bytes) -> None:
    async with served() as port:
        answers = await told(port, sent)
    assert b" 500 " not in answers
    assert b"aiohttp" not in answers


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("sent", [b"", b"half", b"half of it"])
async def test_who_hangs_up_in_a_body_leaves_no_error(sent: bytes) -> None:
    async with served() as port:
        for path in (b"api/later", b"api/soon", b"api/nowhere"):
            _, writer = await asyncio.open_connection(HOST, port)
            writer.write(POST % path + b"Content-Length: 10000\r\n\r\n" + sent)
            await asyncio.sleep(SOON / 10)
            writer.transport.abort()
        await asyncio.sleep(SOON)


@pytest.mark.parametrize("encoding", [b"gzip", b"deflate", b"br", b"identity, gzip", b"x", b"GZIP"])
@pytest.mark.parametrize("path", [b"api/later", b"api/nowhere", b"nowhere"])
async def test_what_is_compressed_is_refused_unread(encoding: bytes, path: bytes) -> None:
    bomb = gzip.compress(bytes(10 * 1024 * 1024))
    head = b"Content-Encoding: %b\r\nContent-Length: %d\r\n\r\n" % (encoding, len(bomb))
    async with served() as port:
        reader, writer = await asyncio.open_connection(HOST, port)
        # Nothing of the body is needed for the answer.
        writer.write(POST % path + head)
        async with asyncio.timeout(PATIENT):
            assert b" 415 " in await reader.readline()
        writer.close()


@pytest.mark.parametrize("encoding", [b"identity", b"Identity", b""])
async def test_what_is_sent_as_it_is_may_say_so(encoding: bytes) -> None:
    head = b"Connection: close\r\nContent-Encoding: %b\r\nContent-Length: 2\r\n\r\n" % encoding
    async with served() as port:
        assert (await told(port, POST % b"api/later" + head + b"{}")).startswith(b"HTTP/1.1 200 ")


@pytest.mark.usefixtures("quiet")
async def test_who_reads_nothing_is_hung_up_on() -> None:
    async with served(replace(QUICK, unread=1.0)) as port:
        _, writer = await asyncio.open_connection(HOST, port, limit=1)
        writer.write(POST % b"api/endless" + b"Content-Length: 0\r\n\r\n")
        with pytest.raises(ConnectionError):
            await asyncio.wait_for(press_on(writer), PATIENT * 4)


@pytest.mark.parametrize("path", [b"/nowhere", b"/api/nowhere", b"/api/later"])
@pytest.mark.parametrize("https", [True, False])
async def test_every_answer_says_little_of_us_and_forbids_guessing(
    path: bytes, *, https: bool
) -> None:
    async with served(https=https) as port:
        head = await told(port, b"GET %b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" % path)
    lines = head.lower().split(b"\r\n")
    assert b"server: seguito" in lines
    assert lines.count(b"x-content-type-options: nosniff") == 1
    assert (b"strict-transport-security: max-age=31536000" in lines) == https
