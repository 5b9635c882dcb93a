"""`python -m bot keys`: ages and uses of keys, never their values."""

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest_asyncio
from pydantic import SecretStr

from bot.keys import note_keys, write_keys
from bot.settings.settings import Settings
from db.connections import connections
from db.store.session import Database, seal
from db.store.vault import Vault
from services.audit import AdminKeys
from tests.conftest import NewDatabase
from tests.kit.wired import KEY, foundation

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SECRET = "sk-ant-a-secret-of-the-environment"


@pytest_asyncio.fixture
async def home(migrated_database: NewDatabase, vault: Vault) -> AsyncIterator[Database]:
    database = Database(await migrated_database(), vault)
    yield database
    await database.dispose()


def settings_of(database: Database, keys: str) -> Settings:
    changed = {"encryption_keys": SecretStr(keys), "anthropic_api_key": SecretStr(SECRET)}
    return foundation(database, **changed).settings


async def lines(database: Database, settings: Settings, now: datetime) -> list[str]:
    out = io.StringIO()
    await write_keys(database, settings, now, out)
    assert SECRET not in out.getvalue()
    assert KEY not in out.getvalue()
    return out.getvalue().splitlines()


async def test_each_key_says_since_when_and_what_it_still_seals(home: Database) -> None:
    async with home.transaction() as session:
        row = connections.Connection(
            workspace_id="T1", member_id="U1", vendor="fathom", secret=b"", connected_at=NOW
        )
        seal(session, row, "secret", "a key of Fathom")
        session.add(row)
    await AdminKeys(home, b"pepper", "", lambda: NOW).create("Ada")
    before = settings_of(home, f"test:{KEY}")
    await note_keys(home, before, NOW)
    after = settings_of(home, f"new:{KEY},test:{KEY}")
    later = NOW + timedelta(days=400)
    await note_keys(home, after, later)
    found = await lines(home, after, later + timedelta(days=2))
    assert "ENCRYPTION_KEYS new: in use since 2028-01-02, 2 days" in found
    old = "in use since 2026-11-28, 402 days; older than a year, consider another"
    assert f"ENCRYPTION_KEYS test: {old}" in found
    assert f"ANTHROPIC_API_KEY: {old}" in found
    assert "key “new” seals what is new, and nothing yet" in found
    assert "key “test” still seals 1 connections.secret: python -m bot rotate-keys" in found
    assert any(line.startswith("admin key “Ada”: in use since 2026-11-28") for line in found)
    gone = await lines(home, settings_of(home, f"new:{KEY}"), later)
    assert "key “test” is NOT in ENCRYPTION_KEYS and seals 1 connections.secret" in gone


async def test_a_value_that_changed_is_young_again(home: Database) -> None:
    await note_keys(home, settings_of(home, f"test:{KEY}"), NOW)
    other = foundation(home, anthropic_api_key=SecretStr("sk-ant-another")).settings
    assert "ANTHROPIC_API_KEY: not yet used by a process" in await lines(home, other, NOW)
    await note_keys(home, other, NOW + timedelta(days=3))
    found = await lines(home, other, NOW + timedelta(days=3))
    assert "ANTHROPIC_API_KEY: in use since 2026-12-01, 0 days" in found
