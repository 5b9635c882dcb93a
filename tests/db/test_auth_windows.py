"""Windows count exactly, in all or in none, and are swept away when they are over."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest_asyncio

from db.auth import AuthWindow, AuthWindows
from db.store.asyncpg_pool import AsyncpgPool
from db.store.session import Database

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest_asyncio.fixture
async def pool(database: Database) -> AsyncIterator[AsyncpgPool]:
    made = AsyncpgPool(database.url)
    yield made
    await made.close()


def window(most: int = 2, period: timedelta = MINUTE) -> AuthWindow:
    return AuthWindow(uuid4().bytes, most, period)


async def test_a_full_window_says_when_there_is_room_again(pool: AsyncpgPool) -> None:
    windows, one = AuthWindows(pool), window()
    seconds = [timedelta(seconds=at) for at in (0, 20, 30, 61, 62)]
    waits = [await windows.take([one], at=NOON + at) for at in seconds]
    # At 61 s the first is over; the one of 20 s fills the window again together with it.
    assert waits == [
        timedelta(0),
        timedelta(0),
        timedelta(seconds=30),
        timedelta(0),
        18 * (MINUTE / 60),
    ]


async def test_what_one_window_refuses_is_counted_in_none(pool: AsyncpgPool) -> None:
    windows, full, other = AuthWindows(pool), window(1), window(2)
    await windows.take([full], at=NOON)
    for _ in range(5):
        assert await windows.take([full, other], at=NOON) == MINUTE
    assert await windows.take([other], at=NOON) == timedelta(0)
    assert await windows.take([other], at=NOON) == timedelta(0)
    assert await windows.take([other], at=NOON) == MINUTE


async def test_at_one_moment_exactly_as_many_pass(database: Database) -> None:
    """Two pools are two processes; each asks for two windows in its own order."""
    pools = [AsyncpgPool(database.url) for _ in range(2)]
    one, other = window(30), window(100)
    asked = [
        AuthWindows(pools[n % 2]).take([one, other] if n % 3 else [other, one]) for n in range(60)
    ]
    waits = await asyncio.gather(*asked)
    assert sum(wait == timedelta(0) for wait in waits) == 30
    for pool in pools:
        await pool.close()


async def test_windows_that_are_over_are_swept_away(pool: AsyncpgPool) -> None:
    windows, long_ago = AuthWindows(pool), NOON - timedelta(days=3_000)
    old = [window() for _ in range(3)]
    for one in old:
        await windows.take([one], at=long_ago)
    for _ in range(3):
        await windows.take([window()], at=NOON)
    rows = await pool.fetch(
        "SELECT count(*) AS n FROM auth_windows WHERE key = ANY($1)", [one.key for one in old]
    )
    assert rows[0]["n"] == 0
