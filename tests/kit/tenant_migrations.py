"""Migrations, orders and a database of a tenant for tests of rollouts."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg

from integrations.databases import ConnectionParts
from integrations.postgres_grammar.statements import statements
from integrations.tenant_databases.migrations import Migration, Script
from integrations.tenant_databases.outcomes import Expectation, TenantLimits, TenantOrder
from integrations.tenant_databases.runner import MigrationRunner
from tests.kit.waiting import LOOK_AGAIN_SECONDS, PATIENCE_SECONDS

SCHEMA = """
CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, note text);
CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers, total int DEFAULT 0);
CREATE VIEW totals AS SELECT customer, sum(total) AS total FROM orders GROUP BY customer;
INSERT INTO customers SELECT n, 'c' || n FROM generate_series(1, 50) n;
INSERT INTO orders SELECT n, n, n FROM generate_series(1, 50) n;
"""
UP = """
CREATE TABLE ledger (id int GENERATED ALWAYS AS IDENTITY, line text);
ALTER TABLE customers ADD COLUMN email text;
INSERT INTO ledger (line) VALUES ('once');
"""
DOWN = "ALTER TABLE customers DROP COLUMN email; DROP TABLE ledger"
MIXED = """-- seguito:no-transaction
CREATE TABLE ledger (id int GENERATED ALWAYS AS IDENTITY, line text);
CREATE INDEX CONCURRENTLY by_name ON customers (name);
INSERT INTO ledger (line) VALUES ('once');
CREATE INDEX CONCURRENTLY by_total ON orders (total);
"""
MIXED_DOWN = """-- seguito:no-transaction
DROP INDEX CONCURRENTLY by_total;
DROP INDEX CONCURRENTLY by_name;
DROP TABLE ledger;
"""
# As fast as a test wants it, and never shorter than deadlock_timeout where somebody waits.
QUICK = TenantLimits(
    lock_timeout=timedelta(milliseconds=1200),
    lock_timeout_alone=timedelta(seconds=20),
    statement_timeout=timedelta(seconds=20),
    tries=3,
    first_wait=timedelta(milliseconds=20),
    longest_wait=timedelta(milliseconds=50),
)


def migration(up: str, down: str = "", *, version: str = "0001") -> Migration:
    """A migration of this SQL."""
    back = Script(statements(down)) if down else None
    return Migration(version, Script(statements(up)), back)


def ordered(what: Migration, direction: Any = "up", **changed: Any) -> TenantOrder:
    """An order for it that compares nothing and tries quickly."""
    operation = f"r1:{what.version}:{direction}"
    return replace(TenantOrder(what, direction, operation, {}, QUICK), **changed)


async def expectations(
    runner: MigrationRunner, parts: ConnectionParts, what: Migration
) -> dict[int, Expectation]:
    """What this migration makes of this database, which it changes."""
    before = await runner.fingerprint(parts, lines=True)
    await runner.apply(parts, ordered(what, operation="reference"))
    after = await runner.fingerprint(parts, lines=True)
    return {before.major: Expectation(before, after)}


async def filled(url: str, sql: str = SCHEMA) -> str:
    """The same URL, once its database holds this."""
    await run(url, sql)
    return url


async def run(url: str, sql: str) -> None:
    """SQL by a connection of its own."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def value(url: str, sql: str) -> Any:
    """One value by a connection of its own."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def until_true(connection: asyncpg.Connection, query: str) -> None:
    """Until this query answers something true; TimeoutError after a while."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await connection.fetchval(query):  # noqa: ASYNC110 - another session's doing
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
