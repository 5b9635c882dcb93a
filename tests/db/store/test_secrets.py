"""Encrypted columns: sealed for their own row, found by rotation, and rotated under traffic."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import Column, LargeBinary, MetaData, Table, Text, text
from sqlalchemy.exc import StatementError
from sqlmodel import Field, SQLModel, select

from db.rotation import RotationIncomplete, rotate
from db.store.session import Database, seal, unseal
from db.store.types import Digest, Encrypted, FileBytes, encrypted_columns
from db.store.vault import NotGenuine, Vault, VaultError
from db.tables import metadata
from tests.kit.waiting import PATIENCE_SECONDS

OLD, NEW = secrets.token_bytes(32), secrets.token_bytes(32)
OLD_ONES = text("SELECT count(*) FROM safes WHERE code = ANY(:old)")


class Shelf(SQLModel):
    """Keeps this file's tables out of the product's metadata."""

    metadata = MetaData()


class Safe(Shelf, table=True):
    __tablename__ = "safes"

    house: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    code: bytes | None = Field(default=None, sa_type=Encrypted)
    note: str = ""


@pytest_asyncio.fixture
async def safes(new_database: Callable[[], Awaitable[str]]) -> AsyncIterator[Database]:
    """A database with safes, whose vault still seals under the old key."""
    database = Database(await new_database(), Vault({"old": OLD}), pool_size=5)
    async with database.engine.begin() as connection:
        await connection.run_sync(Shelf.metadata.create_all)
    yield database
    await database.dispose()


@pytest_asyncio.fixture
async def rotating(safes: Database) -> AsyncIterator[Database]:
    """The same database for a process that was given both keys."""
    database = Database(safes.url, Vault({"new": NEW, "old": OLD}), pool_size=5)
    yield database
    await database.dispose()


async def fill(database: Database, count: int) -> None:
    async with database.transaction() as session:
        for number in range(count):
            safe = Safe(house="h:1", number=number)
            seal(session, safe, "code", f"code {number}")
            session.add(safe)


async def codes(database: Database) -> list[str]:
    async with database.transaction() as session:
        rows = (await session.exec(select(Safe).order_by(Safe.number))).all()
        return [unseal(session, row, "code") for row in rows]


async def test_what_was_sealed_is_read_back_from_its_row(safes: Database) -> None:
    await fill(safes, 3)
    assert await codes(safes) == ["code 0", "code 1", "code 2"]


async def test_plain_text_is_refused_before_it_reaches_the_server(safes: Database) -> None:
    with pytest.raises(VaultError, match=r"not filled by db\.session\.seal"):
        async with safes.transaction() as session:
            session.add(Safe(house="h", number=1, code=b"1234"))
    with pytest.raises(StatementError, match="takes what"):
        async with safes.transaction() as session:
            await session.execute(
                Safe.__table__.insert(), {"house": "h", "number": 1, "code": b"1"}
            )


async def test_a_secret_copied_from_another_row_is_refused(safes: Database) -> None:
    await fill(safes, 2)
    async with safes.transaction() as session:
        first = await session.get_one(Safe, ("h:1", 0))
        second = await session.get_one(Safe, ("h:1", 1))
        second.code = first.code
        with pytest.raises(VaultError, match="row h%3A1:1 was not filled"):
            await session.flush()
        await session.rollback()
    assert await codes(safes) == ["code 0", "code 1"]


async def test_a_secret_sealed_before_the_key_changed_is_refused(safes: Database) -> None:
    async with safes.transaction() as session:
        safe = Safe(house="h", number=1)
        seal(session, safe, "code", "1234")
        safe.number = 2
        session.add(safe)
        with pytest.raises(VaultError, match="was not filled"):
            await session.flush()
        await session.rollback()


async def test_a_secret_moved_by_sql_does_not_open(safes: Database) -> None:
    await fill(safes, 2)
    async with safes.transaction() as session:
        await session.execute(
            text("UPDATE safes SET code = (SELECT code FROM safes WHERE number = 0)")
        )
    with pytest.raises(NotGenuine, match=r"safes\.code of row h%3A1:1"):
        await codes(safes)


async def test_sealing_needs_a_primary_key_and_an_encrypted_column(safes: Database) -> None:
    async with safes.transaction() as session:
        with pytest.raises(VaultError, match="primary key"):
            seal(session, Safe(house="h"), "code", "1234")
        with pytest.raises(VaultError, match="not an Encrypted column"):
            seal(session, Safe(house="h", number=1), "note", "1234")
        with pytest.raises(VaultError, match="is empty"):
            unseal(session, Safe(house="h", number=1), "code")


async def test_rotation_wraps_every_secret_and_then_nothing(
    safes: Database, rotating: Database
) -> None:
    await fill(safes, 250)
    assert await rotate(rotating, Shelf.metadata) == 250
    assert await rotate(rotating, Shelf.metadata) == 0
    only_new = Database(safes.url, Vault({"new": NEW}), pool_size=2)
    assert await codes(only_new) == [f"code {number}" for number in range(250)]
    await only_new.dispose()


async def test_rotation_waits_for_rows_in_use_and_loses_no_change(
    safes: Database, rotating: Database
) -> None:
    await fill(safes, 20)
    async with safes.transaction() as session:
        row = await session.get_one(Safe, ("h:1", 7), with_for_update=True)
        old = list((await session.execute(text("SELECT code FROM safes"))).scalars())
        running = asyncio.create_task(rotate(rotating, Shelf.metadata))
        # By then it has met the row in use.
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (await session.execute(OLD_ONES, {"old": old})).scalar_one() > 1:
                pass
        seal(session, row, "code", "changed meanwhile")
        session.add(row)
    assert await running == 20
    assert (await codes(rotating))[7] == "changed meanwhile"


async def test_rotation_beside_processes_of_both_keys_loses_no_write(
    safes: Database, rotating: Database
) -> None:
    """One process was restarted with the new key first, another was not yet."""
    await fill(safes, 12)
    behind = Database(safes.url, Vault({"old": OLD, "new": NEW}), pool_size=3)
    over = asyncio.Event()

    async def count_up(database: Database, number: int) -> int:
        done = 0
        while not over.is_set() or not done:
            async with database.transaction() as session:
                row = await session.get_one(Safe, ("h:1", number), with_for_update=True)
                seal(session, row, "code", f"{unseal(session, row, 'code')}+")
                session.add(row)
            done += 1
        return done

    at_work = [
        asyncio.create_task(count_up(database, number))
        for number, database in enumerate((behind, rotating) * 4)
    ]
    # As long as somebody seals under the old key it may find no end, and then says so.
    with suppress(RotationIncomplete):
        await rotate(rotating, Shelf.metadata, patience=timedelta(seconds=0.5))
    over.set()
    written = await asyncio.gather(*at_work)
    # Once nobody seals under the old key any more, one more rotation ends it.
    await rotate(rotating, Shelf.metadata)
    only_new = Database(safes.url, Vault({"new": NEW}), pool_size=2)
    expected = [f"code {number}{'+' * done}" for number, done in enumerate(written)]
    assert (await codes(only_new))[: len(written)] == expected
    await only_new.dispose()
    await behind.dispose()


async def test_rotation_tells_what_it_could_not_open_after_doing_the_rest(
    safes: Database, rotating: Database
) -> None:
    await fill(safes, 5)
    async with safes.transaction() as session:
        await session.execute(text("UPDATE safes SET code = code || '\\x00' WHERE number = 3"))
    with pytest.raises(RotationIncomplete, match=r"safes\.code of row h%3A1:3"):
        await rotate(rotating, Shelf.metadata)
    assert await rotate_count(rotating) == 4


async def test_rotation_gives_up_on_a_row_that_stays_locked(
    safes: Database, rotating: Database
) -> None:
    await fill(safes, 2)
    async with safes.transaction() as session:
        await session.get_one(Safe, ("h:1", 1), with_for_update=True)
        with pytest.raises(RotationIncomplete, match="stay locked"):
            await rotate(rotating, Shelf.metadata, patience=timedelta(seconds=0.5))
    assert await rotate(rotating, Shelf.metadata) == 1


async def rotate_count(database: Database) -> int:
    async with database.transaction() as session:
        found = await session.execute(
            text("SELECT count(*) FROM safes WHERE substring(code from 3 for 3) = 'new'")
        )
        return int(found.scalar_one())


def test_a_new_encrypted_column_is_found_by_its_type() -> None:
    shelf = MetaData()
    Table("a", shelf, Column("id", Text, primary_key=True), Column("token", Encrypted))
    Table("b", shelf, Column("id", Text, primary_key=True), Column("blob", LargeBinary))
    assert [str(column) for column in encrypted_columns(shelf)] == ["a.token"]


async def test_every_column_of_bytes_in_the_schema_is_one_that_is_known(database: Database) -> None:
    """What the migrations made, not what the tables say: a secret kept raw would be found here."""
    query = text("""
    SELECT table_name || '.' || column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND data_type = 'bytea'
    """)
    async with database.transaction() as session:
        found = set((await session.execute(query)).scalars())
    known = {
        str(column)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Encrypted | Digest | FileBytes)
    }
    assert found == known
    assert {str(column) for column in encrypted_columns(metadata)} <= found


def test_the_products_sealed_columns_are_all_known() -> None:
    sealed = {str(column) for column in encrypted_columns(metadata)}
    raw = {
        str(column)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert "connections.secret" in sealed
    assert raw == set(), "bytes that are no secret need a type of their own"
