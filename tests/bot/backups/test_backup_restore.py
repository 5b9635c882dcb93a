"""Backup and restore: whole and proven or nothing, with the keys' ids and never the keys."""

import io
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from bot.backups.backup import back_up
from bot.backups.manifest import beside, read_manifest
from bot.backups.programs import BackupFailed, find_program
from bot.backups.release import (
    NotReleased,
    is_in_service,
    release,
    take_into_service,
)
from bot.backups.restore import restore
from bot.local.postgres_binaries import candidates
from db.backups import count_rows, server_major
from db.connections import connections
from db.connections.connections import Connection
from db.mail import EmailRow
from db.store.session import Database, seal, unseal
from db.store.vault import KEY_BYTES, Vault
from tests.conftest import NewDatabase

HERE, THERE = "https://bot.example.com", "https://copy.example.com"
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
OLD = b"\1" * KEY_BYTES


@pytest_asyncio.fixture
async def home(migrated_database: NewDatabase) -> AsyncIterator[Database]:
    """A database in use: a secret under each of two keys, and an e-mail that waits."""
    before = Database(await migrated_database(), Vault({"old": OLD}))
    await keep(before, "U1")
    await before.dispose()
    database = Database(before.url, Vault({"new": b"\2" * KEY_BYTES, "old": OLD}))
    await keep(database, "U2")
    async with database.transaction() as session:
        session.add(
            EmailRow(kind="x", to_address="a@b.c", subject_id="1", dedupe="1", language="en",
                     created_at=NOW, due_at=NOW)
        )  # fmt: skip
        # As a provider of databases has some in each.
        await session.execute(text("CREATE SCHEMA providers"))
        await session.execute(text("CREATE TABLE providers.own AS SELECT 1 AS one"))
    assert await take_into_service(database, HERE)
    yield database
    await database.dispose()


@pytest_asyncio.fixture
async def empty(new_database: NewDatabase, home: Database) -> AsyncIterator[Database]:
    database = Database(await new_database(), home.vault)
    yield database
    await database.dispose()


async def keep(database: Database, member: str) -> None:
    async with database.transaction() as session:
        row = Connection(workspace_id="T1", member_id=member, vendor="fathom", secret=b"",
                         connected_at=NOW, status="connected")  # fmt: skip
        seal(session, row, "secret", f"key of {member}")
        session.add(row)


async def made(home: Database, folder: Path) -> Path:
    file = folder / "seguito.dump"
    await back_up(home.url, file, "1.0", io.StringIO())
    return file


def within(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def tool(folder: Path, name: str, script: str) -> Path:
    """A program of this name that does what the script says."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return folder


async def test_a_copy_is_the_whole_database_and_names_the_keys_it_needs(
    home: Database, empty: Database, tmp_path: Path
) -> None:
    said = io.StringIO()
    file = tmp_path / "seguito.dump"
    manifest = await back_up(home.url, file, "1.0", said)
    assert manifest.key_ids == ("new", "old")
    assert "new, old" in said.getvalue()
    assert within(tmp_path) == ["seguito.dump", "seguito.dump.json"]
    assert {stat.S_IMODE(one.stat().st_mode) for one in (file, beside(file))} == {0o600}
    kept = file.read_bytes() + beside(file).read_bytes()
    assert OLD not in kept
    await restore(empty, file, ("new", "old", "newer"), io.StringIO())
    assert await count_rows(empty.url) == manifest.rows == await count_rows(home.url)
    async with empty.transaction() as session:
        found = await connections.find(session, "T1", "U1", "fathom")
        assert found is not None
        assert unseal(session, found, "secret") == "key of U1"


async def test_nothing_leaves_a_copy_until_its_name_is_typed(
    home: Database, empty: Database, tmp_path: Path
) -> None:
    await restore(empty, await made(home, tmp_path), ("new", "old"), io.StringIO())
    assert not await is_in_service(empty, HERE)
    said = io.StringIO()
    with pytest.raises(NotReleased, match=r"release copy\.example\.com"):
        await release(empty, THERE, "", (), said)
    assert "1 e-mails that wait to be sent: leave" in said.getvalue()
    with pytest.raises(NotReleased):
        await release(empty, THERE, "bot.example.com", (), said)
    assert not await is_in_service(empty, THERE)
    await release(empty, THERE, "copy.example.com", ("emails",), said)
    assert await is_in_service(empty, THERE)
    async with empty.transaction() as session:
        states = (await session.execute(text("SELECT state FROM emails"))).scalars().all()
    assert states == ["dropped"]
    # Elsewhere it is a copy again.
    assert not await is_in_service(empty, HERE)
    assert await is_in_service(home, HERE)


async def test_a_database_that_moves_to_another_address_waits_for_an_operator(
    home: Database,
) -> None:
    assert not await is_in_service(home, THERE)
    await release(home, THERE, "copy.example.com", (), io.StringIO())
    assert await is_in_service(home, THERE)
    said = io.StringIO()
    await release(home, THERE, "anything", (), said)
    assert "nothing to release" in said.getvalue()


async def test_without_the_right_keys_nothing_is_restored(
    home: Database, empty: Database, tmp_path: Path
) -> None:
    file = await made(home, tmp_path)
    with pytest.raises(BackupFailed, match="ENCRYPTION_KEYS lacks old"):
        await restore(empty, file, ("new",), io.StringIO())
    assert await count_rows(empty.url) == {}


async def test_a_key_of_the_right_name_and_another_content_is_told(
    home: Database, empty: Database, tmp_path: Path
) -> None:
    file = await made(home, tmp_path)
    other = Database(empty.url, Vault({"new": b"\2" * KEY_BYTES, "old": b"\3" * KEY_BYTES}))
    with pytest.raises(BackupFailed, match=r"secrets do not open: connections\.secret"):
        await restore(other, file, ("new", "old"), io.StringIO())
    assert not await is_in_service(other, HERE)
    with pytest.raises(NotReleased, match="do not open"):
        await release(other, HERE, "bot.example.com", (), io.StringIO())
    await other.dispose()


async def test_a_file_that_is_cut_or_changed_or_alone_is_not_restored(
    home: Database, empty: Database, tmp_path: Path
) -> None:
    file = await made(home, tmp_path)
    whole = file.read_bytes()
    changed = bytearray(whole)
    changed[len(whole) // 2] ^= 1
    for content in (whole[:-1], bytes(changed), b""):
        file.write_bytes(content)
        with pytest.raises(BackupFailed, match="not the file that was written"):
            await restore(empty, file, ("new", "old"), io.StringIO())
    file.write_bytes(whole)
    beside(file).unlink()
    with pytest.raises(BackupFailed, match="both files"):
        await restore(empty, file, ("new", "old"), io.StringIO())
    with pytest.raises(BackupFailed):
        await restore(empty, tmp_path / "missing", ("new", "old"), io.StringIO())
    assert await count_rows(empty.url) == {}


async def test_a_database_in_use_is_never_restored_into(home: Database, tmp_path: Path) -> None:
    file = await made(home, tmp_path)
    before = await count_rows(home.url)
    with pytest.raises(BackupFailed, match="empty one"):
        await restore(home, file, ("new", "old"), io.StringIO())
    assert await count_rows(home.url) == before


async def test_a_backup_takes_the_place_of_no_other(home: Database, tmp_path: Path) -> None:
    file = await made(home, tmp_path)
    before = file.read_bytes()
    with pytest.raises(BackupFailed, match="there already"):
        await back_up(home.url, file, "1.0", io.StringIO())
    part = tmp_path / "other.part"
    part.write_text("of another process")
    with pytest.raises(BackupFailed, match="another backup runs"):
        await back_up(home.url, tmp_path / "other", "1.0", io.StringIO())
    assert (file.read_bytes(), part.read_text()) == (before, "of another process")


OLDER = "echo 'pg_dump (PostgreSQL) 9.6'"
NEWER = "[ $1 = --version ] && echo 'pg_dump (PostgreSQL) 99' && exit 0"
FAILS = f"{NEWER}\necho 'no space left' >&2\nexit 1"
EMPTY = f"{NEWER}\nexit 0"


@pytest.mark.parametrize(
    ("script", "words"),
    [(OLDER, "PostgreSQL 9"), (FAILS, "no space left"), (EMPTY, "pg_restore ended")],
)
async def test_a_dump_that_failed_leaves_no_file(
    home: Database, tmp_path: Path, script: str, words: str
) -> None:
    programs = tool(tmp_path / "bin", "pg_dump", script)
    places = [programs, *(one for one in candidates() if not words.startswith("PostgreSQL"))]
    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(BackupFailed, match=words):
        await back_up(home.url, folder / "seguito.dump", "1.0", io.StringIO(), places)
    assert within(folder) == []


async def test_a_dump_with_fewer_rows_than_the_database_is_no_backup(
    home: Database, tmp_path: Path
) -> None:
    """A pg_dump that succeeds and leaves a table's rows out."""
    real = find_program("pg_dump", await server_major(home.url))
    programs = tool(
        tmp_path / "bin", "pg_dump", f'exec {real} "$@" --exclude-table-data=public.emails'
    )
    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(BackupFailed, match=r"rows of public\.emails"):
        await back_up(home.url, folder / "a", "1.0", io.StringIO(), [programs, *candidates()])
    assert within(folder) == []


async def test_where_nothing_can_be_written_it_says_so(home: Database, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="No such file"):
        await back_up(home.url, tmp_path / "no" / "such" / "a", "1.0", io.StringIO())


async def test_the_manifest_is_read_as_it_was_written(home: Database, tmp_path: Path) -> None:
    file = await made(home, tmp_path)
    manifest = read_manifest(file)
    assert manifest.rows["public.emails"] == 1
    assert not {"public.in_service", "providers.own"} & manifest.rows.keys()
    assert manifest.bytes == len(file.read_bytes())
    beside(file).write_text("{}")
    with pytest.raises(BackupFailed, match="no manifest"):
        read_manifest(file)
