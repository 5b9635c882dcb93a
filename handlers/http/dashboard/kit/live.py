"""Live regions by server-sent events: one poll per process and thing, however many look on.

A page that follows a thing needs a cheap look at its version (`LiveSource.version`, once a second)
and its blocks (`LiveSource.blocks`, once per version and language). Its GET at the stream's address
answers `stream(visit, key, source)`; the page itself has a `Live` block with that address.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog
from aiohttp import web

from handlers.http.dashboard.kit.headers import HEADERS
from handlers.http.dashboard.kit.visit import Visit
from services.errors import DomainError
from services.ports import DatabaseUnavailable
from views.dashboard.kit.blocks import PageBlock
from views.dashboard.kit.reader import PageReader
from views.dashboard.kit.render import region

POLL, HEARTBEAT, WRITE = 1.0, 15.0, 10.0
# Seconds: a session that ended is noticed within fifteen.
SESSION = 10.0
# Railway lets a request go on for fifteen minutes; browsers come again by themselves.
LONGEST = 600.0
STREAM_HEADERS = {
    **HEADERS,
    "Content-Type": "text/event-stream; charset=utf-8",
    "X-Accel-Buffering": "no",
}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LiveVersion:
    """Which state of a thing it is: changes with everything that is seen of it."""

    mark: str
    over: bool


@dataclass(frozen=True, slots=True)
class LiveSource:
    """How a thing is followed; both may raise a DomainError, and are then asked again."""

    version: Callable[[], Awaitable[LiveVersion]]
    blocks: Callable[[PageReader], Awaitable[tuple[PageBlock, ...]]]


class LiveFeed:
    """One thing that is followed by somebody."""

    def __init__(self, source: LiveSource) -> None:
        self._source = source
        self._changed = asyncio.Event()
        self._drawn: dict[tuple[str, str], asyncio.Task[str]] = {}
        self._poll: asyncio.Task[None] | None = None
        self.version: LiveVersion | None = None
        self.viewers = 0

    def enter(self) -> None:
        """One more looks on; the first one starts the poll."""
        self.viewers += 1
        if self._poll is None:
            self._poll = asyncio.create_task(self._look())

    def leave(self) -> None:
        """One fewer."""
        self.viewers -= 1
        if self.viewers == 0:
            self.stop()

    def stop(self) -> None:
        """Nobody polls any more; whoever waits is let go."""
        if self._poll is not None:
            self._poll.cancel()
        self._changed.set()

    async def newer(self, mark: str, seconds: float) -> LiveVersion | None:
        """The version once it is another than `mark`; None when that takes longer."""
        changed = self._changed
        if self.version is not None and self.version.mark != mark:
            return self.version
        try:
            async with asyncio.timeout(seconds):
                await changed.wait()
        except TimeoutError:
            return None
        return self.version

    async def html(self, version: LiveVersion, reader: PageReader) -> str:
        """The region, drawn once for all who read it in this language."""
        known = (version.mark, reader.language)
        if known not in self._drawn:
            if self.version is not None:
                kept = {version.mark, self.version.mark}
                self._drawn = {one: task for one, task in self._drawn.items() if one[0] in kept}
            self._drawn[known] = asyncio.create_task(self._draw(reader))
        return await asyncio.shield(self._drawn[known])

    async def _draw(self, reader: PageReader) -> str:
        return region(await self._source.blocks(reader), reader)

    async def _look(self) -> None:
        while True:
            try:
                found: LiveVersion | None = await self._source.version()
            except (DomainError, DatabaseUnavailable) as error:
                log.warning("dashboard.live_not_read", reason=type(error).__name__)
                found = self.version
            if found != self.version:
                self.version = found
                self._changed.set()
                self._changed = asyncio.Event()
            await asyncio.sleep(POLL)


@dataclass(frozen=True, slots=True)
class LiveFeeds:
    """All that is followed in this process, by key."""

    feeds: dict[str, LiveFeed] = field(default_factory=dict)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def following(self, key: str, source: LiveSource) -> AsyncIterator[LiveFeed]:
        """The feed of this thing, while the block runs."""
        feed = self.feeds.get(key) or self.feeds.setdefault(key, LiveFeed(source))
        feed.enter()
        try:
            yield feed
        finally:
            feed.leave()
            if feed.viewers == 0:
                self.feeds.pop(key, None)

    async def close(self, _: web.Application) -> None:
        """Let every stream end: the program stops."""
        self.closing.set()
        for feed in self.feeds.values():
            feed.stop()


FEEDS: web.AppKey[LiveFeeds] = web.AppKey("live", LiveFeeds)


async def stream(visit: Visit, key: str, source: LiveSource) -> web.StreamResponse:
    """The region of a thing as it changes; 204, which ends a browser's tries, once it is over."""
    seen, feeds = visit.request.headers.get("Last-Event-ID", ""), visit.request.app[FEEDS]
    now = await source.version()
    if now.over and seen == now.mark:
        return web.Response(status=204, headers=HEADERS)
    response = web.StreamResponse(headers=STREAM_HEADERS)
    await response.prepare(visit.request)
    try:
        async with feeds.following(key, source) as feed:
            await _send(response, b"retry: 3000\n\n")
            await _follow(visit, response, feed, seen)
    except (TimeoutError, ConnectionError):
        # Half open, or gone: whoever looked on comes again.
        return response
    return response


async def _follow(visit: Visit, response: web.StreamResponse, feed: LiveFeed, seen: str) -> None:
    """Send what is new, look at the session, and end in time."""
    loop, feeds = asyncio.get_running_loop(), visit.request.app[FEEDS]
    end, look = loop.time() + LONGEST, loop.time() + SESSION
    while loop.time() < end and not feeds.closing.is_set():
        version = await feed.newer(seen, min(HEARTBEAT, max(0.0, look - loop.time())))
        if loop.time() >= look:
            look = loop.time() + SESSION
            if await visit.services.admins.sessions.watch(visit.key) is None:
                return await _send(response, b"event: ended\ndata: session\n\n")
            await _send(response, b": still here\n\n")
        if version is not None and version.mark != seen:
            seen = version.mark
            await _send(response, await _event(feed, version, visit.reader))
        if version is not None and version.over:
            return await _send(response, b"event: over\ndata: done\n\n")
    return None


async def _event(feed: LiveFeed, version: LiveVersion, reader: PageReader) -> bytes:
    lines = "\n".join(f"data: {line}" for line in (await feed.html(version, reader)).split("\n"))
    return f"id: {version.mark}\nevent: region\n{lines}\n\n".encode()


async def _send(response: web.StreamResponse, data: bytes) -> None:
    async with asyncio.timeout(WRITE):
        await response.write(data)
