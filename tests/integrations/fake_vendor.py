"""A vendor on localhost that answers with whatever function it is given, and remembers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import orjson
from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return orjson.loads(self.body)

    @property
    def form(self):
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class FakeVendor:
    """Set `answer`; read `seen`."""

    url: str = ""
    answer: Answer | None = None
    seen: list[Seen] = field(default_factory=list)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        query = dict(request.query)
        body = await request.read()
        self.seen.append(Seen(request.method, request.path, query, headers, body))
        return await self.answer(request)


@asynccontextmanager
async def fake_vendor() -> AsyncIterator[FakeVendor]:
    """A fake on a port of its own."""
    fake = FakeVendor()
    runner = web.ServerRunner(
        web.Server(fake.handle, handler_cancellation=True), shutdown_timeout=0.1
    )
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield fake
    await runner.cleanup()


def says(body: object = None, status: int = 200, **headers: str) -> Answer:
    """Always this answer; header names are written with underscores."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    content = body if isinstance(body, bytes) else orjson.dumps(body)

    async def answer(_: web.BaseRequest) -> web.StreamResponse:
        kind = {"Content-Type": "application/json"} | names
        return web.Response(body=content, status=status, headers=kind)

    return answer


def in_turn(*answers: Answer) -> Answer:
    """One answer after the other; the last one for all that follow."""
    left = list(answers)

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return await (left.pop(0) if len(left) > 1 else left[0])(request)

    return answer


def by_path(**answers: Answer) -> Answer:
    """The answer whose name is the last part of the path."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return await answers[request.path.rpartition("/")[2]](request)

    return answer


async def hangs(request: web.BaseRequest) -> web.StreamResponse:
    """No answer as long as anybody waits."""
    await asyncio.sleep(900)
    return web.Response()


async def drops(request: web.BaseRequest) -> web.StreamResponse:
    """The work is done, the answer gets lost."""
    request.transport.close()
    return web.Response()
