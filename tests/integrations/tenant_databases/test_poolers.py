"""Migrations through PgBouncer: what fits a transaction goes through, and nothing leaks from it."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from integrations.databases import ConnectionMode
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.outcomes import AlreadyApplied, Applied, TenantBusy
from integrations.tenant_databases.runner import MigrationRunner
from tests.kit.tenant_migrations import (
    DOWN,
    MIXED,
    MIXED_DOWN,
    UP,
    filled,
    migration,
    ordered,
    value,
)
from tests.kit.tenant_parts import parts_of
from tests.pgbouncer import accepting, pooler

pytestmark = pytest.mark.external
SETTINGS = "SELECT current_setting('lock_timeout') || current_setting('search_path')"
LOCKS = """
SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
WHERE l.locktype = 'advisory' AND d.datname = current_database()
"""


async def test_a_transaction_pooler_serves_two_runners_once_and_keeps_nothing(
    new_database, tmp_path: Path
) -> None:
    url = await filled(await new_database())
    with pooler(url, "transaction", tmp_path / "bouncer") as pooled:
        parts = parts_of(await accepting(pooled), mode=ConnectionMode.TRANSACTION)
        what = migration(UP, DOWN)
        runners = [MigrationRunner(TenantConnections()) for _ in range(2)]
        found = await asyncio.gather(*(one.apply(parts, ordered(what)) for one in runners))
        assert {type(one) for one in found} <= {Applied, AlreadyApplied, TenantBusy}
        assert sum(isinstance(one, Applied) for one in found) == 1
        assert isinstance(await runners[0].apply(parts, ordered(what, "down")), Applied)
        others = await asyncpg.connect(pooled, statement_cache_size=0)
        assert await others.fetchval(SETTINGS) == '0"$user", public'
        await others.close()
    assert await value(url, LOCKS) == 0


async def test_a_session_pooler_serves_what_runs_alone_and_keeps_no_lock(
    new_database, tmp_path: Path
) -> None:
    url = await filled(await new_database())
    with pooler(url, "session", tmp_path / "bouncer") as pooled:
        parts = parts_of(await accepting(pooled), mode=ConnectionMode.SESSION)
        what, runner = migration(MIXED, MIXED_DOWN), MigrationRunner(TenantConnections())
        assert isinstance(await runner.apply(parts, ordered(what)), Applied)
        assert isinstance(await runner.apply(parts, ordered(what, "down")), Applied)
        others = await asyncpg.connect(pooled, statement_cache_size=0)
        assert await others.fetchval(SETTINGS) == '0"$user", public'
        assert await others.fetchval(LOCKS) == 0
        await others.close()
