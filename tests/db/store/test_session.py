"""The database against a real server: commit, roll back, reconnect, and say what is wrong."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import MetaData, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import Field, SQLModel, select

from bot.local.postgres import LOSSY, Postgres
from db.store.session import Database, DatabaseUnavailable
from db.store.types import JsonText, Money, UtcDateTime
from db.store.urls import plain
from db.store.vault import Vault
from tests.kit.waiting import PATIENCE_SECONDS

ROME = timezone(timedelta(hours=1))


class Diary(SQLModel):
    """Keeps this file's table out of the product's metadata."""

    metadata = MetaData()


class Entry(Diary, table=True):
    __tablename__ = "entries"

    id: str = Field(primary_key=True)
    at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    price: int | None = Field(default=None, sa_type=Money)
    body: str | None = Field(default=None, sa_type=JsonText)


@pytest_asyncio.fixture(scope="module")
async def diary(new_database: Callable[[], Awaitable[str]]) -> AsyncIterator[Database]:
    database = Database(await new_database(), Vault({"test": bytes(32)}), pool_size=2)
    async with database.engine.begin() as connection:
        await connection.run_sync(Diary.metadata.create_all)
    yield database
    await database.dispose()


async def kept(diary: Database, entry_id: str) -> Entry | None:
    async with diary.transaction() as session:
        return (await session.exec(select(Entry).where(Entry.id == entry_id))).one_or_none()


async def test_a_block_that_ends_is_kept_and_one_that_raises_is_not(diary: Database) -> None:
    async with diary.transaction() as session:
        session.add(Entry(id="kept"))

    async def interrupted() -> None:
        async with diary.transaction() as session:
            session.add(Entry(id="lost"))
            raise KeyError

    with pytest.raises(KeyError):
        await interrupted()
    assert await kept(diary, "kept")
    assert await kept(diary, "lost") is None


async def test_a_row_can_be_read_after_its_transaction(diary: Database) -> None:
    async with diary.transaction() as session:
        entry = Entry(id="after", price=5)
        session.add(entry)
    assert entry.price == 5


async def test_times_come_back_in_utc(diary: Database) -> None:
    async with diary.transaction() as session:
        session.add(Entry(id="noon", at=datetime(2026, 11, 21, 13, 0, tzinfo=ROME)))
    entry = await kept(diary, "noon")
    assert entry is not None
    assert entry.at == datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    assert entry.at.tzinfo is UTC


@pytest.mark.parametrize(
    "values",
    [
        {"at": datetime(2026, 11, 21)},  # noqa: DTZ001 - a time without a zone is the point
        {"price": 1.5},
        {"price": True},
        {"body": "{not json"},
    ],
)
async def test_values_that_break_a_columns_promise_are_refused(
    diary: Database, values: dict[str, object]
) -> None:
    async with diary.transaction() as session:
        session.add(Entry(id="refused", **values))
        with pytest.raises(StatementError):
            await session.flush()
        await session.rollback()


async def test_a_join_makes_inner_transactions_part_of_the_outer(diary: Database) -> None:
    async with diary.transaction() as outer:
        with diary.joined(outer):
            async with diary.transaction() as inner:
                inner.add(Entry(id="joined"))
        await outer.rollback()
    assert await kept(diary, "joined") is None


async def test_other_database_errors_keep_their_class(diary: Database) -> None:
    async with diary.transaction() as session:
        session.add(Entry(id="twice"))
    with pytest.raises(IntegrityError):
        async with diary.transaction() as session:
            session.add(Entry(id="twice"))


async def test_limits_and_names_are_set_on_every_connection(diary: Database) -> None:
    async with diary.transaction() as session:
        settings = await session.execute(
            text(
                "SELECT current_setting('statement_timeout'), current_setting('TimeZone'),"
                " current_setting('application_name')"
            )
        )
        assert tuple(settings.one()) == ("30s", "UTC", "seguito")


async def test_closed_connections_are_replaced_unnoticed(diary: Database) -> None:
    both = [await diary.engine.connect() for _ in range(2)]
    hung_up = asyncio.Semaphore(0)
    for connection in both:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        raw.add_termination_listener(lambda _: hung_up.release())
    for connection in both:
        await connection.close()
    other = await asyncpg.connect(plain(diary.url))
    await other.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await other.close()
    async with asyncio.timeout(PATIENCE_SECONDS):
        for _ in both:
            await hung_up.acquire()
    await diary.ping()


async def test_a_restart_of_the_server_is_survived(postgres_home: Path) -> None:
    server = Postgres(postgres_home / "restarted", settings=LOSSY)
    database = Database(server.start(), Vault({"test": bytes(32)}), pool_size=3)
    try:
        await asyncio.gather(*(database.ping() for _ in range(3)))
        server.stop()
        with pytest.raises(DatabaseUnavailable):
            await database.ping()
        server.start()
        await asyncio.gather(*(database.ping() for _ in range(5)))
    finally:
        await database.dispose()
        server.stop()
