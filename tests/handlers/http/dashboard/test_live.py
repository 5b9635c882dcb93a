"""Live regions: one look a second for all who follow, and an end whenever one is due."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from aiohttp import ClientResponse

from handlers.http.dashboard.kit import live
from handlers.http.dashboard.kit.guard import SESSION
from handlers.http.dashboard.kit.live import LiveFeed, LiveSource, LiveVersion
from tests.handlers.http.dashboard.conftest import Screenless
from views.dashboard.kit.blocks import Prose
from views.dashboard.kit.reader import PageReader

VIEWERS = 50


class Thing:
    """Something that goes on; counts how often it was looked at and drawn."""

    def __init__(self) -> None:
        self.number, self.over, self.looks, self.draws = 1, False, 0, 0

    @property
    def source(self) -> LiveSource:
        return LiveSource(self.version, self.blocks)

    async def version(self) -> LiveVersion:
        self.looks += 1
        return LiveVersion(str(self.number), self.over)

    async def blocks(self, reader: PageReader) -> tuple[Prose, ...]:
        self.draws += 1
        return (Prose("", f"state {self.number}"),)


async def test_fifty_viewers_cost_one_look_and_one_drawing() -> None:
    thing, reader = Thing(), _reader()
    feeds = live.LiveFeeds()

    async def follow() -> str:
        async with feeds.following("thing", thing.source) as feed:
            version = await feed.newer("", 5)
            assert version
            return await feed.html(version, reader)

    seen = await asyncio.gather(*(follow() for _ in range(VIEWERS)))
    assert all("state 1" in text for text in seen)
    assert (thing.looks, thing.draws) == (1, 1)
    assert feeds.feeds == {}


async def test_whoever_waits_is_told_of_the_next_state() -> None:
    thing = Thing()
    feed = LiveFeed(thing.source)
    feed.enter()
    first = await feed.newer("", 5)
    assert first == LiveVersion("1", over=False)
    waiting = asyncio.create_task(feed.newer("1", 10))
    thing.number, thing.over = 2, True
    assert await waiting == LiveVersion("2", over=True)
    feed.leave()


async def test_a_stream_tells_its_region_and_its_end(admin: Screenless) -> None:
    operation_id = await _user(admin)
    async with _opened(admin, operation_id) as answer:
        assert answer.headers["X-Accel-Buffering"] == "no"
        assert answer.content_type == "text/event-stream"
        assert await answer.content.readline() == b"retry: 3000\n"
        text = ""
        while "event: region" not in text:
            text += (await answer.content.readline()).decode()


async def test_a_stream_ends_with_its_session(admin: Screenless) -> None:
    operation_id = await _user(admin)
    async with _opened(admin, operation_id) as answer:
        await answer.content.readline()
        await admin.api.services.admins.sessions.sign_out(admin.cookies[SESSION])
        async with asyncio.timeout(15):
            text = ""
            while "event: ended" not in text:
                text += (await answer.content.readline()).decode()
    path = f"/admin/operations/{operation_id}/live"
    again = {"Accept": "text/event-stream", "Last-Event-ID": "1"}
    assert (await admin.get(path, **again)).status == 204
    assert (await admin.get(path, Accept="text/event-stream")).status == 401


@asynccontextmanager
async def _opened(admin: Screenless, operation_id: str) -> AsyncIterator[ClientResponse]:
    headers = {"Cookie": f"{SESSION}={admin.cookies[SESSION]}", "Accept": "text/event-stream"}
    path = f"/admin/operations/{operation_id}/live"
    async with admin.api.client.get(path, headers=headers) as answer:
        assert answer.status == 200
        yield answer


async def _user(admin: Screenless) -> str:
    """A user whose provisioning nobody does here: the operation to follow."""
    email = f"{admin.operator.id}@example.com"
    seen = await admin.submit("/admin/users/new", "/admin/users", email=email)
    user = await admin.api.services.users.accounts.get(seen.to.rpartition("/")[2])
    return user.operation_id


def _reader() -> PageReader:
    return PageReader("en", datetime.now(UTC))
