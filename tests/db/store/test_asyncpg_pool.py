"""The hot path's connections against a real server: restarts, silence, and what is listened to."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from bot.local.postgres import LOSSY, Postgres
from db.store.asyncpg_pool import HEARTBEAT_ANSWER_SECONDS, AsyncpgPool
from db.store.reach import DatabaseUnavailable
from tests.kit.waiting import until


@pytest_asyncio.fixture
async def hot(database_url: str) -> AsyncIterator[AsyncpgPool]:
    hot = AsyncpgPool(database_url, size=2, answer=timedelta(seconds=0.5))
    yield hot
    await hot.close()


async def test_it_answers_without_having_been_started(hot: AsyncpgPool) -> None:
    (row,) = await hot.fetch("SELECT $1::integer + 1 AS sum", 1)
    assert row["sum"] == 2


async def test_more_questions_than_connections_wait_for_their_turn(hot: AsyncpgPool) -> None:
    rows = await asyncio.gather(*(hot.fetch("SELECT pg_backend_pid() AS pid") for _ in range(20)))
    assert len({row["pid"] for (row,) in rows}) <= 2


async def test_a_wrong_statement_keeps_its_error_and_the_connection(hot: AsyncpgPool) -> None:
    (before,) = await hot.fetch("SELECT pg_backend_pid() AS pid")
    with pytest.raises(asyncpg.PostgresSyntaxError):
        await hot.fetch("SELEKT 1")
    (after,) = await hot.fetch("SELECT pg_backend_pid() AS pid")
    assert before["pid"] == after["pid"]


async def test_an_answer_that_does_not_come_is_a_database_that_is_away(hot: AsyncpgPool) -> None:
    with pytest.raises(DatabaseUnavailable):
        await hot.fetch("SELECT pg_sleep(5)")
    assert await hot.fetch("SELECT 1")


async def test_whoever_leaves_leaves_no_connection_in_the_middle(hot: AsyncpgPool) -> None:
    for _ in range(4):
        waiting = asyncio.create_task(hot.fetch("SELECT pg_sleep(5)"))
        await asyncio.sleep(0.02)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    (row,) = await hot.fetch("SELECT 7 AS seven")
    assert row["seven"] == 7


async def test_a_notification_arrives_at_once_also_for_who_began_to_listen_late(
    hot: AsyncpgPool,
) -> None:
    told: list[str] = []
    hot.listen("hot_early", told.append)
    assert not hot.listening
    await hot.start()
    await until(lambda: hot.listening)
    hot.listen("hot_late", told.append)
    since = hot.listening_since
    await until(lambda: hot.listening and hot.listening_since != since)
    await hot.fetch("SELECT pg_notify('hot_early', 'one'), pg_notify('hot_late', 'two')")
    async with asyncio.timeout(1):
        await until(lambda: sorted(told) == ["one", "two"])


async def test_a_listener_that_was_cut_off_says_so_and_comes_back(hot: AsyncpgPool) -> None:
    told: list[str] = []
    hot.listen("hot_cut", told.append)
    await hot.start()
    await until(lambda: hot.listening)
    since = hot.listening_since
    await hot.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE query LIKE ANY ('{LISTEN%,SELECT pg_notify%}') AND pid <> pg_backend_pid()"
    )
    await until(lambda: not hot.listening)
    await until(lambda: hot.listening)
    assert hot.listening_since != since
    await hot.fetch("SELECT pg_notify('hot_cut', 'again')")
    await until(lambda: told == ["again"])


async def test_whoever_does_not_hear_itself_does_not_believe_that_it_hears(
    hot: AsyncpgPool,
) -> None:
    # As behind a pooler that answers every question and keeps the notifications.
    (row,) = await hot.fetch("SELECT current_database() AS name")
    own_first = f'ALTER DATABASE "{row["name"]}" SET search_path = public, pg_catalog'
    await hot.fetch(
        "CREATE FUNCTION public.pg_notify(text, text) RETURNS void LANGUAGE sql AS 'SELECT NULL'"
    )
    await hot.fetch(own_first)
    try:
        await hot.start()
        await asyncio.sleep(HEARTBEAT_ANSWER_SECONDS)
        assert not hot.listening
    finally:
        await hot.fetch("DROP FUNCTION public.pg_notify(text, text)")
        await hot.fetch(own_first.partition(" SET ")[0] + " RESET search_path")
    await until(lambda: hot.listening)


async def test_a_restart_of_the_server_is_noticed_and_survived(postgres_home: Path) -> None:
    server = Postgres(postgres_home / "hot", settings=LOSSY)
    hot = AsyncpgPool(server.start())
    try:
        await hot.start()
        await until(lambda: hot.listening)
        await asyncio.gather(*(hot.fetch("SELECT 1") for _ in range(3)))
        server.stop()
        with pytest.raises(DatabaseUnavailable):
            await hot.fetch("SELECT 1")
        await until(lambda: not hot.listening)
        server.start()
        assert await asyncio.gather(*(hot.fetch("SELECT 1") for _ in range(3)))
        await until(lambda: hot.listening)
    finally:
        await hot.close()
        server.stop()
