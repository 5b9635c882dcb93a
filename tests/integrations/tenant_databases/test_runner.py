"""One migration, one tenant: applied once, refused when history or schema speak against it."""

import asyncio
from dataclasses import replace

import asyncpg
import pytest
import pytest_asyncio

from integrations.databases import ConnectionMode, ConnectionParts
from integrations.postgres_grammar.types import SqlStatement
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.journal import TENANT_LOCK
from integrations.tenant_databases.migrations import Migration, Script
from integrations.tenant_databases.outcomes import (
    AlreadyApplied,
    Applied,
    HistoryChanged,
    SchemaDrifted,
    ServerHalted,
    StatementFailed,
    TenantBusy,
    TenantDeferred,
)
from integrations.tenant_databases.runner import MigrationRunner
from tests.kit.tenant_migrations import (
    DOWN,
    MIXED,
    MIXED_DOWN,
    UP,
    expectations,
    filled,
    migration,
    ordered,
    run,
    until_true,
    value,
)
from tests.kit.tenant_parts import parts_of

BOTH = [(UP, DOWN), (MIXED, MIXED_DOWN)]
INVALID = "SELECT count(*) FROM pg_index WHERE NOT indisvalid"


@pytest_asyncio.fixture
async def url(new_database) -> str:
    return await filled(await new_database())


@pytest.fixture
def parts(url: str) -> ConnectionParts:
    return parts_of(url)


@pytest.fixture
def runner() -> MigrationRunner:
    return MigrationRunner(TenantConnections())


@pytest.mark.parametrize(("up", "down"), BOTH)
async def test_up_again_down_and_up_once_more(runner, parts, url, up: str, down: str) -> None:
    what, start = migration(up, down), await runner.fingerprint(parts)
    first = await runner.apply(parts, ordered(what))
    assert isinstance(first, Applied), first
    assert first.before.hash == start.hash != first.after.hash
    assert (await runner.fingerprint(parts)).hash == first.after.hash
    assert await runner.apply(parts, ordered(what)) == AlreadyApplied(first.after.hash)
    assert await value(url, "SELECT count(*) FROM ledger") == 1
    back = await runner.apply(parts, ordered(what, "down"))
    assert isinstance(back, Applied), back
    assert (await runner.fingerprint(parts)).hash == start.hash
    assert isinstance(await runner.apply(parts, ordered(what, "down")), AlreadyApplied)
    again = await runner.apply(parts, ordered(what, operation="r2"))
    assert isinstance(again, Applied)
    assert again.after.hash == first.after.hash
    told = await runner.journal(parts)
    assert [(one.operation, one.direction) for one in told] == [
        *(("r1:0001:up", "up"), ("r1:0001:down", "down"), ("r2", "up")),
    ]
    assert all(one.ended and one.statements >= 2 for one in told)
    assert [(one.before, one.after) for one in told] == [
        *((start.hash, first.after.hash), (first.after.hash, start.hash)),
        (start.hash, first.after.hash),
    ]


async def test_a_column_that_comes_back_last_changes_the_order_alone(runner, parts, url) -> None:
    what = migration("ALTER TABLE customers DROP name", "ALTER TABLE customers ADD name text")
    await run(url, "ALTER TABLE customers ALTER name DROP NOT NULL")
    start = await runner.fingerprint(parts)
    await runner.apply(parts, ordered(what))
    await runner.apply(parts, ordered(what, "down"))
    end = await runner.fingerprint(parts)
    assert (end.hash, end.order == start.order) == (start.hash, False)


@pytest.mark.parametrize("sql", [UP, MIXED])
async def test_other_sql_under_an_applied_version_is_refused(runner, parts, sql: str) -> None:
    await runner.apply(parts, ordered(migration(sql)))
    changed = migration(sql.replace("'once'", "'twice'"), DOWN)
    expected = HistoryChanged("other_sql", "0001")
    assert await runner.apply(parts, ordered(changed, operation="r2")) == expected
    assert await runner.apply(parts, ordered(changed, "down")) == expected


async def test_a_version_under_a_later_one_is_not_rolled_back(runner, parts, url) -> None:
    first = migration(UP, DOWN)
    second = migration("CREATE TABLE later ()", "DROP TABLE later", version="0002")
    await runner.apply(parts, ordered(first))
    await runner.apply(parts, ordered(second))
    refused = await runner.apply(parts, ordered(first, "down"))
    assert refused == HistoryChanged("later_version", "0002")
    assert await value(url, "SELECT to_regclass('ledger')") is not None
    assert isinstance(await runner.apply(parts, ordered(second, "down")), Applied)
    assert isinstance(await runner.apply(parts, ordered(first, "down")), Applied)


async def test_down_touches_nobody_who_never_had_it(runner, parts) -> None:
    start = await runner.fingerprint(parts)
    assert await runner.apply(parts, ordered(migration(UP, DOWN), "down")) == AlreadyApplied()
    assert await runner.journal(parts) == ()
    assert await runner.fingerprint(parts) == start


@pytest.mark.parametrize("sql", [UP, MIXED])
async def test_a_drifted_tenant_is_left_alone(runner, parts, url, new_database, sql) -> None:
    what = migration(sql)
    reference = parts_of(await filled(await new_database()))
    expected = await expectations(runner, reference, what)
    await run(url, "ALTER TABLE orders ADD by_hand int; DROP VIEW totals")
    found = await runner.apply(parts, ordered(what, expected=expected))
    assert isinstance(found, SchemaDrifted), found
    assert (found.when, found.kept) == ("before", False)
    assert found.difference.unexpected == ("column public.orders.by_hand integer",)
    assert any(line.startswith("relation public.totals v") for line in found.difference.missing)
    assert await runner.journal(parts) == ()


async def test_a_migration_that_ends_elsewhere_than_on_the_canary_is_taken_back(
    runner, parts, url, new_database
) -> None:
    # The same SQL, but what it makes depends on the tenant's rows.
    what = migration(
        "DO $$ BEGIN IF (SELECT count(*) > 49 FROM customers) THEN CREATE TABLE many (); END IF; "
        "END $$; CREATE TABLE always ()"
    )
    reference = parts_of(await filled(await new_database()))
    expected = await expectations(runner, reference, what)
    await run(url, "DELETE FROM orders; DELETE FROM customers")
    found = await runner.apply(parts, ordered(what, expected=expected))
    assert isinstance(found, SchemaDrifted), found
    assert (found.when, found.kept) == ("after", False)
    assert found.difference.missing == ("relation public.many r p",)
    assert await value(url, "SELECT to_regclass('always')") is None
    assert await runner.journal(parts) == ()


async def test_a_failed_statement_is_named_and_takes_all_back(runner, parts, url) -> None:
    sql = "CREATE TABLE one (); INSERT INTO customers VALUES (1, 'taken'); CREATE TABLE two ()"
    failed = await runner.apply(parts, ordered(migration(sql)))
    assert isinstance(failed, StatementFailed)
    assert (failed.statement, failed.sqlstate) == (2, "23505")
    assert "customers_pkey" in failed.sentence
    assert await value(url, "SELECT to_regclass('one')") is None
    assert await runner.journal(parts) == ()


async def test_a_failure_in_the_middle_of_segments_goes_on_where_it_stopped(
    runner, parts, url
) -> None:
    await run(url, "UPDATE customers SET name = 'twin' WHERE id < 3")
    what = migration(
        "-- seguito:no-transaction\nCREATE TABLE ledger AS SELECT 1 AS line;\n"
        "CREATE UNIQUE INDEX CONCURRENTLY one_name ON customers (name);\nCREATE TABLE last ()",
        "DROP TABLE last, ledger",
    )
    failed = await runner.apply(parts, ordered(what))
    assert isinstance(failed, StatementFailed)
    assert (failed.statement, failed.sqlstate) == (2, "23505")
    assert await value(url, INVALID) == 0
    (told,) = await runner.journal(parts)
    assert (told.statements, told.ended) == (1, None)
    half = HistoryChanged("half_applied", "0001")
    assert await runner.apply(parts, ordered(migration(UP), operation="r2")) == half
    await run(url, "UPDATE customers SET name = 'c' || id")
    assert isinstance(await runner.apply(parts, ordered(what)), Applied)
    assert await value(url, "SELECT count(*) FROM ledger") == 1


async def test_an_invalid_index_of_a_killed_try_is_mended_and_a_strangers_is_not(
    runner, parts, url
) -> None:
    what = migration("CREATE INDEX CONCURRENTLY by_name ON customers (name)")
    await run(url, "CREATE INDEX by_name ON customers (note)")
    found = await runner.apply(parts, ordered(what))
    assert isinstance(found, SchemaDrifted)
    assert found.difference.unexpected == ("index public.by_name is there already",)
    await run(url, "DROP INDEX by_name")
    # As a killed try leaves it: intent written, index invalid.
    holder = await asyncpg.connect(url)
    await holder.execute("BEGIN; LOCK customers IN ROW EXCLUSIVE MODE")
    trying = asyncio.create_task(runner.apply(parts, ordered(what)))
    watching = await asyncpg.connect(url)
    await until_true(watching, INVALID)
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ~ '^CREATE INDEX C'"
    await watching.execute(end)
    await holder.close()
    assert isinstance(await trying, Applied)
    assert await watching.fetchval(INVALID) == 0
    await watching.close()
    defined = "SELECT pg_get_indexdef('by_name'::regclass)"
    assert (await value(url, defined)).endswith("USING btree (name)")


@pytest.mark.parametrize("sql", [UP, MIXED])
async def test_two_runners_apply_once(parts, url, sql: str) -> None:
    what = migration(sql)
    runners = [MigrationRunner(TenantConnections()) for _ in range(4)]
    found = await asyncio.gather(*(one.apply(parts, ordered(what)) for one in runners))
    kinds = {type(one) for one in found}
    assert kinds <= {Applied, AlreadyApplied, TenantBusy}
    assert sum(isinstance(one, Applied) for one in found) == 1
    assert await value(url, "SELECT count(*) FROM ledger") == 1
    assert len(await runners[0].journal(parts)) == 1


async def test_who_holds_the_tenants_lock_makes_it_busy_and_not_failed(runner, parts, url) -> None:
    exporting = await asyncpg.connect(url)
    await exporting.execute("SELECT pg_advisory_lock($1, $2)", *TENANT_LOCK)
    assert await runner.apply(parts, ordered(migration(UP))) == TenantBusy(tries=3)
    assert await runner.apply(parts, ordered(migration(MIXED))) == TenantBusy(tries=3)
    await exporting.close()
    assert isinstance(await runner.apply(parts, ordered(migration(UP))), Applied)


async def test_a_locked_table_defers_the_tenant_and_no_reader_waits_long(
    runner, parts, url
) -> None:
    holder, reader = await asyncpg.connect(url), await asyncpg.connect(url)
    await holder.execute("BEGIN; LOCK customers IN ACCESS SHARE MODE")
    trying = asyncio.create_task(runner.apply(parts, ordered(migration(UP))))
    loop, longest = asyncio.get_running_loop(), 0.0
    while not trying.done():
        began = loop.time()
        await reader.fetchval("SELECT count(*) FROM customers")
        longest = max(longest, loop.time() - began)
        await asyncio.sleep(0.01)
    found = await trying
    assert isinstance(found, TenantDeferred)
    assert (found.reason, found.sqlstate, found.tries) == ("locked", "55P03", 3)
    # The promise to people: two seconds of lock_timeout, and a little.
    assert 0.5 < longest < 2.5
    await holder.close()
    await reader.close()
    assert isinstance(await runner.apply(parts, ordered(migration(UP))), Applied)


async def test_a_commit_hidden_from_the_grammar_is_noticed_at_once(runner, parts) -> None:
    hidden = SqlStatement("COMMIT", "COMMIT", 1, 1)
    up = migration(UP).up.statements
    what = Migration("0001", Script((up[0], hidden, up[1])))
    found = await runner.apply(parts, ordered(what))
    assert isinstance(found, StatementFailed)
    assert (found.statement, found.sqlstate) == (2, "")
    # What it committed is not built upon.
    assert await runner.apply(parts, ordered(what)) == HistoryChanged("half_applied", "0001")


@pytest.mark.parametrize(
    ("state", "expected"),
    [("53100", ServerHalted), ("57P01", TenantDeferred), ("40P01", TenantDeferred)],
)
async def test_what_the_server_says_decides_what_becomes_of_it(
    runner, parts, state: str, expected: type
) -> None:
    sql = f"DO $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '{state}'; END $$"
    found = await runner.apply(parts, ordered(migration(sql)))
    assert isinstance(found, expected), found
    assert found.sqlstate == state


async def test_a_server_without_a_free_connection_defers(runner, parts, url) -> None:
    role = "crowded_" + parts.database
    await run(url, f"CREATE ROLE {role} LOGIN PASSWORD 'x' CONNECTION LIMIT 0")
    crowded = replace(parts, user=role, password=type(parts.password)("x"))
    found = await runner.apply(crowded, ordered(migration(UP)))
    assert isinstance(found, TenantDeferred)
    assert (found.reason, found.tries) == ("connections", 3)


async def test_a_tenant_that_is_down_is_deferred(runner, parts) -> None:
    gone = replace(parts, database="nobody_made_it")
    found = await runner.apply(gone, ordered(migration(UP)))
    assert isinstance(found, TenantDeferred)
    # Nobody makes it by waiting.
    assert (found.reason, found.tries) == ("unreachable", 1)


async def test_a_terminated_backend_is_tried_again(runner, parts, url) -> None:
    holder = await asyncpg.connect(url)
    await holder.execute("BEGIN; LOCK customers IN ACCESS SHARE MODE")
    trying = asyncio.create_task(runner.apply(parts, ordered(migration(UP))))
    await until_blocked_in(url)
    ours = "FROM pg_stat_activity WHERE application_name = 'seguito rollouts'"
    await holder.execute(
        f"SELECT pg_terminate_backend(pid) {ours} AND datname = current_database()"
    )
    await holder.close()
    assert isinstance(await trying, Applied)


async def test_statements_that_run_alone_do_not_pass_a_transaction_pooler(runner, parts) -> None:
    pooled = replace(parts, mode=ConnectionMode.TRANSACTION)
    found = await runner.apply(pooled, ordered(migration(MIXED)))
    assert isinstance(found, StatementFailed)
    assert (found.statement, found.sqlstate) == (2, "")
    assert isinstance(await runner.apply(pooled, ordered(migration(UP))), Applied)


async def until_blocked_in(url: str) -> None:
    waiting = (
        "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
        "WHERE NOT l.granted AND d.datname = current_database()"
    )
    connection = await asyncpg.connect(url)
    await until_true(connection, waiting)
    await connection.close()
