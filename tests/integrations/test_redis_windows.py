"""The hour's window in Redis: exact by Redis' clock, and Unreachable when it is not there."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from integrations.errors import Unreachable
from integrations.redis_windows.client import PREFIX, RedisWindows
from integrations.redis_windows.types import Want, WindowRoom
from tests.integrations.redis_servers import KINDS, free_port, running

MINUTE = 60
PATIENCE = timedelta(seconds=20)


@pytest.fixture(scope="module", params=KINDS)
def redis_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    with running(request.param, free_port(), tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest_asyncio.fixture
async def windows(redis_url: str) -> AsyncIterator[RedisWindows]:
    windows = RedisWindows(redis_url, answer=PATIENCE)
    yield windows
    await windows.close()


def want(license_id: str, hourly: int = 100) -> Want:
    return Want(license_id, hourly, uuid4().hex)


async def ago(url: str, license_id: str, *minutes: float) -> None:
    """Hits that were made so many minutes ago."""
    async with Redis.from_url(url) as redis:
        now = time.time()
        scores = {uuid4().hex: int((now - one * MINUTE) * 1_000_000) for one in minutes}
        await redis.zadd(PREFIX + license_id, scores)


async def test_hits_are_taken_while_there_is_room_in_the_order_of_asking(
    windows: RedisWindows,
) -> None:
    license_id, other = uuid4().hex, uuid4().hex
    wants = [want(license_id, 2), want(other), want(license_id, 2), want(license_id, 2)]
    assert await windows.take(wants) == [
        WindowRoom(True, 1, 3_600),
        WindowRoom(True, 99, 3_600),
        WindowRoom(True, 0, 3_600),
        WindowRoom(False, 0, 3_600),
    ]


async def test_the_window_slides_by_single_hits(windows: RedisWindows, redis_url: str) -> None:
    license_id = uuid4().hex
    await ago(redis_url, license_id, 60.1, 59, 30)
    (room,) = await windows.take([want(license_id, 3)])
    assert (room.taken, room.remaining) == (True, 0)
    (full,) = await windows.take([want(license_id, 3)])
    assert not full.taken
    assert 55 <= full.reset_s <= 60
    # A smaller plan waits until two have left.
    (smaller,) = await windows.take([want(license_id, 2)])
    assert 1_795 <= smaller.reset_s <= 1_800


async def test_a_hit_from_the_future_locks_out_for_an_hour_at_most(
    windows: RedisWindows, redis_url: str
) -> None:
    license_id = uuid4().hex
    await ago(redis_url, license_id, -24 * 60)
    (full,) = await windows.take([want(license_id, 1)])
    assert (full.taken, full.reset_s) == (False, 3_600)


async def test_a_hit_asked_again_after_a_lost_reply_is_one(windows: RedisWindows) -> None:
    mine = want(uuid4().hex, 1)
    first, again = await windows.take([mine]), await windows.take([mine])
    assert first[0].taken
    assert again[0].taken
    assert (await windows.look(mine.license_id, 1)).remaining == 0


async def test_200_at_once_over_two_clients_get_exactly_the_hour(redis_url: str) -> None:
    license_id = uuid4().hex
    # How many, not how soon: an imitated Redis on a busy machine is slow.
    clients = [RedisWindows(redis_url, answer=PATIENCE) for _ in range(2)]
    answers = await asyncio.gather(
        *(clients[number % 2].take([want(license_id) for _ in range(10)]) for number in range(20))
    )
    assert sum(room.taken for rooms in answers for room in rooms) == 100
    for client in clients:
        await client.close()


async def test_what_is_given_back_can_be_taken_again(windows: RedisWindows) -> None:
    mine = want(uuid4().hex, 1)
    await windows.take([mine])
    await windows.give_back([mine])
    assert (await windows.take([want(mine.license_id, 1)]))[0].taken


async def test_looking_takes_nothing(windows: RedisWindows) -> None:
    license_id = uuid4().hex
    assert await windows.look(license_id, 5) == WindowRoom(False, 5, 3_600)
    assert await windows.look(license_id, 5) == WindowRoom(False, 5, 3_600)


async def test_no_redis_is_unreachable_and_names_no_password() -> None:
    windows = RedisWindows(f"redis://:hidden@127.0.0.1:{free_port()}/0")
    with pytest.raises(Unreachable) as caught:
        await windows.take([want("any")])
    assert "hidden" not in str(caught.value)
    await windows.close()


async def test_a_redis_that_does_not_answer_is_unreachable_soon() -> None:
    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silence, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    windows = RedisWindows(f"redis://127.0.0.1:{port}/0")
    async with asyncio.timeout(3):
        with pytest.raises(Unreachable):
            await windows.take([want("any")])
    await windows.close()
    server.close()


async def test_a_redis_that_comes_back_is_used_again(tmp_path: Path) -> None:
    port = free_port()
    with running(KINDS[0], port, tmp_path) as url:
        windows = RedisWindows(url)
        assert (await windows.take([want("any")]))[0].taken
    with pytest.raises(Unreachable):
        await windows.take([want("any")])
    with running(KINDS[0], port, tmp_path):
        assert (await windows.take([want("any")]))[0].taken
        await windows.close()
