"""Migrations tried on copies: what they make, whether they come back, and what cannot be tried."""

from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from bot.local.postgres_binaries import candidates
from integrations.databases import ConnectionParts
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.dump import PgDump
from integrations.tenant_databases.errors import TenantUnreachable
from integrations.tenant_databases.journal import TENANT_LOCK
from integrations.tenant_databases.outcomes import Applied, TenantBusy
from integrations.tenant_databases.runner import MigrationRunner
from integrations.tenant_databases.tryout import ScratchTryOut, hashed
from tests.kit.tenant_migrations import (
    DOWN,
    MIXED,
    MIXED_DOWN,
    SCHEMA,
    UP,
    filled,
    migration,
    ordered,
    run,
    value,
)
from tests.kit.tenant_parts import parts_of

RICH = """
CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE SEQUENCE numbers INCREMENT 3; CREATE TABLE parted (d date) PARTITION BY RANGE (d);
CREATE TABLE part_1 PARTITION OF parted FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.note := 'x'; RETURN NEW; END $$;
CREATE TRIGGER stamps BEFORE INSERT ON customers FOR EACH ROW EXECUTE FUNCTION stamp();
ALTER TABLE customers ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON customers FOR SELECT USING (name = current_user);
GRANT SELECT ON customers TO pg_monitor; COMMENT ON COLUMN customers.note IS 'free; text';
CREATE MATERIALIZED VIEW summed AS SELECT sum(total) FROM orders;
CREATE STATISTICS pair ON id, total FROM orders;
"""
TRIES = "SELECT count(*) FROM pg_database WHERE starts_with(datname, 'seguito_try_')"


@pytest_asyncio.fixture
async def url(new_database) -> str:
    return await filled(await new_database(), SCHEMA + RICH)


@pytest.fixture
def reference(url: str) -> ConnectionParts:
    return parts_of(url)


@pytest.fixture
def runner() -> MigrationRunner:
    return MigrationRunner(TenantConnections())


@pytest.fixture
def tries(template_url: str) -> ScratchTryOut:
    return trying(parts_of(template_url, database="postgres"))


def trying(cluster: ConnectionParts | None, *folders: Path) -> ScratchTryOut:
    connections = TenantConnections()
    places = (lambda: folders) if folders else candidates
    return ScratchTryOut(cluster, connections, PgDump(connections, places))


@pytest.mark.parametrize("both", [(UP, DOWN), (MIXED, MIXED_DOWN)])
async def test_what_the_copy_became_is_what_every_tenant_becomes(
    runner, tries, url, new_database, both
) -> None:
    what, reference = migration(*both), parts_of(url)
    start = await runner.fingerprint(reference, lines=True)
    result = await tries.try_out(what, [reference])
    assert (result.failure, result.impossible) == (None, "")
    assert result.can_roll_back
    assert "relation public.ledger r p" in result.changes.unexpected
    assert result.changes.missing == ()
    assert await value(url, "SELECT to_regclass('ledger')") is None
    assert await value(url, TRIES) == 0
    (expectation,) = result.expected.values()
    assert expectation.before == start
    other = parts_of(await filled(await new_database(), SCHEMA + RICH))
    for tenant in (other, reference):
        done = await runner.apply(tenant, ordered(what, expected=result.expected))
        assert isinstance(done, Applied), done


async def test_lines_are_hashed_here_as_they_are_in_the_server(runner, reference) -> None:
    found = await runner.fingerprint(reference, lines=True)
    assert hashed(found.major, tuple(reversed(found.lines))).hash == found.hash


async def test_a_way_back_that_leaves_something_is_not_offered(tries, reference) -> None:
    result = await tries.try_out(migration(UP, "DROP TABLE ledger"), [reference])
    assert (result.down_returns, result.can_roll_back) == (False, False)
    assert result.down_leaves.unexpected == ("column public.customers.email text",)


async def test_without_a_way_back_there_is_none(tries, reference) -> None:
    result = await tries.try_out(migration(UP), [reference])
    assert (result.failure, result.down_returns, result.can_roll_back) == (None, None, False)


async def test_a_statement_that_fails_on_the_copy_is_named(tries, reference, url) -> None:
    broken = migration("CREATE TABLE a (); ALTER TABLE nowhere ADD b int")
    result = await tries.try_out(broken, [reference])
    assert result.failure is not None
    assert (result.failure.step, result.failure.statement) == ("up", 2)
    assert (result.failure.sqlstate, "nowhere" in result.failure.sentence) == ("42P01", True)
    back = await tries.try_out(migration("CREATE TABLE a ()", "DROP TABLE b"), [reference])
    assert back.failure is not None
    assert (back.failure.step, back.can_roll_back) == ("down", False)
    assert await value(url, TRIES) == 0


async def test_a_new_tenant_gets_the_same_schema_or_it_is_said(tries, reference) -> None:
    base = migration(SCHEMA + RICH, version="0001")
    what = migration(UP, DOWN, version="0002")
    assert (await tries.try_out(what, [reference], [base])).on_empty == "same"
    assert (await tries.try_out(what, [reference])).on_empty == "fails"
    extra = migration("CREATE TABLE only_new ()", version="0000")
    assert (await tries.try_out(what, [reference], [base, extra])).on_empty == "differs"


async def test_a_tenant_of_supabase_is_copied_with_stubs(tries, new_database) -> None:
    url = await new_database()
    await run(
        url,
        "CREATE SCHEMA auth; CREATE TABLE auth.users (id uuid PRIMARY KEY); CREATE FUNCTION "
        "auth.uid() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'; CREATE TABLE notes ("
        "owner uuid REFERENCES auth.users DEFAULT auth.uid()); "
        "CREATE POLICY mine ON notes USING (owner = auth.uid())",
    )
    what = migration("ALTER TABLE notes ADD body text", "ALTER TABLE notes DROP body")
    result = await tries.try_out(what, [parts_of(url)])
    assert (result.failure, result.impossible, result.can_roll_back) == (None, "", True)


async def test_what_cannot_be_tried_is_said_and_still_compared_before(
    runner, reference, template_url, tmp_path: Path
) -> None:
    cluster = parts_of(template_url, database="postgres")
    what, now = migration(UP, DOWN), await runner.fingerprint(reference)
    for tries, why in ((trying(None), "no_scratch"), (trying(cluster, tmp_path), "no_pg_dump")):
        result = await tries.try_out(what, [reference])
        assert (result.impossible, result.can_roll_back) == (why, False)
        (expectation,) = result.expected.values()
        assert (expectation.before and expectation.before.hash) == now.hash
        assert expectation.after is None
    nobody = await trying(cluster).try_out(what, [])
    assert (nobody.expected, nobody.impossible) == ({}, "no_reference")


async def test_a_dump_and_a_migration_of_one_tenant_exclude_each_other(
    runner, reference, url
) -> None:
    dumps = PgDump(TenantConnections(), candidates)
    dumping = dumps.stream(reference, "--schema-only")
    assert await anext(dumping)
    assert await runner.apply(reference, ordered(migration(UP))) == TenantBusy(tries=3)
    await dumping.aclose()
    migrating = await asyncpg.connect(url)
    await migrating.execute("SELECT pg_advisory_lock($1, $2)", *TENANT_LOCK)
    with pytest.raises(TenantUnreachable):
        await anext(dumps.stream(reference, "--schema-only"))
    await migrating.close()
    assert isinstance(await runner.apply(reference, ordered(migration(UP))), Applied)
