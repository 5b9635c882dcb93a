"""Tenants on a PostgreSQL cluster: who may connect where, and what suspending and deleting do."""

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from pydantic import SecretStr

from bot.local.postgres_binaries import candidates
from integrations.databases import ConnectionParts, DatabaseState, NeedsPerson
from integrations.errors import RefusedByVendor
from integrations.tenant_databases.cluster import PostgresDatabases, PrivilegeBreach
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.dump import PgDump
from integrations.tenant_databases.errors import Reason, TenantUnreachable, state_of
from integrations.tenant_databases.journal import TENANT_LOCK
from tests.kit.relay import Relay
from tests.kit.tenant_parts import parts_of

PASSWORD = SecretStr("a-Password_of-ours")
ENTER = """
SELECT d.datname FROM pg_database d, pg_roles r WHERE r.rolname = $1 AND d.datallowconn
AND (has_database_privilege(r.oid, d.oid, 'CONNECT')
    OR has_database_privilege(r.oid, d.oid, 'TEMPORARY'))
"""


@dataclass(frozen=True, slots=True)
class Handle:
    """As services keep it."""

    ref: str
    name: str
    parts: ConnectionParts


@dataclass(frozen=True, slots=True)
class Desk:
    """A provider on the test server, and a way in as its superuser."""

    provider: PostgresDatabases
    connections: TenantConnections
    cluster: ConnectionParts

    async def made(self, name: str = "") -> Handle:
        name = name or f"tenant-{uuid4().hex[:10]}"
        made = await self.provider.create(name, PASSWORD)
        assert made.state is DatabaseState.READY
        return Handle(made.ref, name, await self.provider.parts(made.ref, PASSWORD))

    def into(self, handle: Handle):
        return self.connections.connect(handle.parts)

    async def ask(self, sql: str, *values: object) -> list[asyncpg.Record]:
        async with self.connections.connect(self.cluster) as connection:
            return await connection.fetch(sql, *values)


@pytest.fixture
def desk(template_url: str) -> Desk:
    cluster = parts_of(template_url, database="postgres")
    connections = TenantConnections()
    dumps = PgDump(connections, candidates)
    return Desk(PostgresDatabases(cluster, connections, dumps), connections, cluster)


async def entered(desk: Desk, role: str) -> set[str]:
    return {row["datname"] for row in await desk.ask(ENTER, role)}


async def refused(desk: Desk, parts: ConnectionParts) -> Reason:
    with pytest.raises(TenantUnreachable) as caught:
        async with desk.connections.connect(parts):
            raise AssertionError("connected")
    return caught.value.reason


async def test_a_tenant_may_connect_to_its_own_database_only(desk, new_database) -> None:
    # The control database, postgres, template1, another tenant, and one that nobody knows of.
    control, other = parts_of(await new_database()), await desk.made()
    mine = await desk.made()
    assert await entered(desk, mine.ref) == {mine.ref}
    assert await entered(desk, other.ref) == {other.ref}
    for database in ("postgres", "template1", control.database, other.ref):
        assert await refused(desk, replace(mine.parts, database=database)) is Reason.CLOSED
    async with desk.into(mine) as connection:
        await connection.execute("CREATE TABLE notes (id int); CREATE TEMP TABLE t (id int)")
        await connection.execute("CREATE SCHEMA own; CREATE EXTENSION IF NOT EXISTS citext")


async def test_a_tenant_can_let_nobody_in(desk) -> None:
    mine, other = await desk.made(), await desk.made()
    async with desk.into(mine) as connection:
        grant = f'GRANT CONNECT ON DATABASE "{mine.ref}" TO "{other.ref}", PUBLIC'
        with suppress(asyncpg.InsufficientPrivilegeError):
            await connection.execute(grant)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE ROLE friend")
    assert await entered(desk, other.ref) == {other.ref}


async def test_a_role_that_could_work_before_still_can(desk, new_database) -> None:
    app = parts_of(await new_database())
    name = f"app_{uuid4().hex[:8]}"
    await desk.ask(f"CREATE ROLE {name} LOGIN PASSWORD 'x'")
    await desk.made()
    async with desk.connections.connect(
        replace(app, user=name, password=SecretStr("x"))
    ) as connection:
        assert await connection.fetchval("SELECT current_user") == name


async def test_the_reconciler_closes_what_was_opened_meanwhile(desk, new_database) -> None:
    mine = await desk.made()
    opened = parts_of(await new_database()).database
    assert opened in await entered(desk, mine.ref)
    assert await desk.provider.breaches() == ()
    assert await entered(desk, mine.ref) == {mine.ref}
    await desk.ask(f'GRANT CONNECT ON DATABASE {opened} TO "{mine.ref}"')
    assert await desk.provider.breaches() == (PrivilegeBreach(mine.ref, opened),)
    await desk.ask(f'REVOKE ALL ON DATABASE {opened} FROM "{mine.ref}"')


async def test_the_password_is_never_told_in_clear(desk) -> None:
    mine = await desk.made()
    asked = "SELECT rolpassword FROM pg_authid WHERE rolname = $1"
    [row] = await desk.ask(asked, mine.ref)
    assert row["rolpassword"].startswith("SCRAM-SHA-256$4096:")


async def test_creating_again_changes_nothing_but_the_password(desk) -> None:
    mine = await desk.made()
    async with desk.into(mine) as connection:
        await connection.execute("CREATE TABLE kept (id int)")
    again = await desk.made(mine.name)
    async with desk.into(again) as connection:
        assert await connection.fetchval("SELECT to_regclass('kept')::text") == "kept"
    assert (await desk.provider.find(mine.name)).state is DatabaseState.READY


async def test_what_was_left_half_made_is_finished(desk) -> None:
    name = f"tenant-{uuid4().hex[:10]}"
    await desk.made()
    async with desk.connections.connect(desk.cluster) as admin:
        await admin.execute(f"CREATE ROLE \"{name}\" LOGIN PASSWORD 'x' IN ROLE seguito_tenants")
        await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE template0 ALLOW_CONNECTIONS false')
    assert (await desk.provider.find(name)).state is DatabaseState.COMING_UP
    assert (await desk.provider.health(name)).state is DatabaseState.READY
    assert await entered(desk, name) == {name}


async def test_a_database_or_role_of_somebody_else_is_never_taken(desk, new_database) -> None:
    theirs = parts_of(await new_database()).database
    with pytest.raises(RefusedByVendor) as caught:
        await desk.provider.find(theirs)
    assert caught.value.code == "name_taken"
    with pytest.raises(RefusedByVendor):
        await desk.provider.delete(Handle(theirs, theirs, desk.cluster))
    role = f"theirs_{uuid4().hex[:8]}"
    await desk.ask(f"CREATE ROLE {role}")
    with pytest.raises(RefusedByVendor):
        await desk.provider.create(role, PASSWORD)


async def test_suspending_ends_a_held_session_and_refuses_new_ones(desk) -> None:
    mine = await desk.made()
    async with desk.into(mine) as watched:
        held = await asyncpg.connect(
            host=mine.parts.host,
            port=mine.parts.port,
            user=mine.parts.user,
            database=mine.parts.database,
            password=PASSWORD.get_secret_value(),
        )
        busy = asyncio.create_task(held.execute("SELECT pg_sleep(30)"))
        begun = asyncio.get_running_loop().time()
        assert await desk.provider.suspend(mine) is DatabaseState.PAUSED
        with pytest.raises(asyncpg.PostgresError) as ended:
            await busy
        assert "57P01" in (state_of(ended.value), state_of(ended.value.__cause__))
        assert asyncio.get_running_loop().time() - begun < 2
        assert watched.is_closed() or await _is_lost(watched)
    assert await refused(desk, mine.parts) is Reason.CLOSED
    assert (await desk.provider.health(mine.ref)).state is DatabaseState.PAUSED
    assert await desk.provider.suspend(mine) is DatabaseState.PAUSED
    assert await desk.provider.resume(mine) is DatabaseState.READY
    async with desk.into(mine) as connection:
        assert await connection.fetchval("SELECT 1") == 1


async def _is_lost(connection) -> bool:
    try:
        await connection.fetchval("SELECT 1")
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        return True
    return False


async def test_deleting_closes_three_held_sessions_and_may_be_repeated(desk) -> None:
    mine = await desk.made()
    held = [
        await asyncpg.connect(
            host=mine.parts.host,
            port=mine.parts.port,
            user=mine.parts.user,
            database=mine.parts.database,
            password=PASSWORD.get_secret_value(),
        )
        for _ in range(3)
    ]
    assert await desk.provider.delete(mine) is DatabaseState.GONE
    assert await desk.provider.delete(mine) is DatabaseState.GONE
    assert [await _is_lost(one) for one in held] == [True] * 3
    assert await desk.provider.find(mine.name) is None
    assert (await desk.provider.health(mine.ref)).state is DatabaseState.GONE
    assert await refused(desk, mine.parts) in (Reason.LOGIN, Reason.MISSING)
    assert not await desk.ask("SELECT FROM pg_roles WHERE rolname = $1", mine.ref)


async def test_sixteen_at_once_are_ready_while_somebody_sits_in_template1(desk) -> None:
    async with desk.connections.connect(replace(desk.cluster, database="template1")):
        made = await asyncio.gather(*(desk.made() for _ in range(16)))
    listed = {one.ref: one for one in await desk.provider.listed()}
    assert all(listed[one.ref].state is DatabaseState.READY for one in made)
    assert all(listed[one.ref].created_at is not None for one in made)
    for one in made:
        assert await entered(desk, one.ref) == {one.ref}


async def test_databases_that_others_make_meanwhile_stop_no_tenant(desk, new_database) -> None:
    others = asyncio.gather(*(new_database() for _ in range(8)))
    made = await asyncio.gather(*(desk.made() for _ in range(4)))
    await others
    assert await desk.provider.breaches() == ()
    assert len({one.ref for one in made}) == 4


async def test_two_long_names_are_two_databases(desk) -> None:
    long = f"seguito-{uuid4().hex}-a-company-with-a-very-long-name-indeed"
    made = [await desk.made(f"{long}-{which}") for which in ("spa", "srl")]
    assert len({one.ref for one in made}) == 2
    for one in made:
        assert (await desk.provider.find(one.name)).ref == one.ref
        assert await entered(desk, one.ref) == {one.ref}


async def test_a_lost_answer_to_create_leaves_one_database(desk, template_url) -> None:
    name = f"tenant-{uuid4().hex[:10]}"
    async with Relay(template_url) as relay:
        parts = parts_of(relay.url, database="postgres")
        far = PostgresDatabases(parts, desk.connections, PgDump(desk.connections, candidates))
        lost = relay.lose_answer_to(b"CREATE DATABASE")
        trying = asyncio.create_task(far.create(name, PASSWORD))
        await lost.wait()
        await asyncio.wait_for(_made(desk, name), 20)
        await relay.cut()
        with pytest.raises(TenantUnreachable):
            await trying
    assert (await desk.provider.find(name)).state is DatabaseState.COMING_UP
    assert (await desk.provider.health(name)).state is DatabaseState.READY
    assert [one.name for one in await desk.provider.listed()].count(name) == 1


async def _made(desk: Desk, name: str) -> None:
    while not await desk.ask("SELECT FROM pg_database WHERE datname = $1", name):  # noqa: ASYNC110 - no event tells
        await asyncio.sleep(0.02)


async def test_an_export_is_a_whole_dump_also_of_a_suspended_tenant(desk, tmp_path: Path) -> None:
    mine = await desk.made()
    async with desk.into(mine) as connection:
        await connection.execute("CREATE TABLE notes (words text)")
        await connection.execute(
            "INSERT INTO notes SELECT repeat('grüße ', 100) || n FROM generate_series(1, 2000) n"
        )
    assert await desk.provider.suspend(mine) is DatabaseState.PAUSED
    dump = b"".join([part async for part in desk.provider.export(mine)])
    assert dump.startswith(b"PGDMP")
    path = tmp_path / "tenant.dump"
    path.write_bytes(dump)
    folder = next(one for one in candidates() if (one / "pg_restore").exists())
    restore = [folder / "pg_restore", "-f", "-", path]
    listing = (await asyncio.to_thread(subprocess.check_output, restore)).decode()
    assert listing.count("grüße") >= 2000


async def test_an_export_that_breaks_off_says_so(desk) -> None:
    mine = await desk.made()
    async with desk.into(mine) as connection:
        await connection.execute("CREATE TABLE notes (words text)")
        await connection.execute("BEGIN; LOCK TABLE notes IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(TenantUnreachable) as caught:
            [part async for part in desk.provider.export(mine)]
    assert caught.value.passing


async def test_an_export_and_a_rollout_exclude_each_other(desk) -> None:
    mine = await desk.made()
    async with desk.connections.connect(replace(desk.cluster, database=mine.ref)) as rollout:
        await rollout.execute("BEGIN")
        assert await rollout.fetchval("SELECT pg_try_advisory_xact_lock($1, $2)", *TENANT_LOCK)
        with pytest.raises(TenantUnreachable) as caught:
            [part async for part in desk.provider.export(mine)]
    assert (caught.value.reason, caught.value.passing) == (Reason.BUSY, True)
    assert b"".join([part async for part in desk.provider.export(mine)]).startswith(b"PGDMP")


async def test_without_pg_dump_it_is_said(desk) -> None:
    mine = await desk.made()
    provider = PostgresDatabases(desk.cluster, desk.connections, PgDump(desk.connections, list))
    with pytest.raises(RefusedByVendor) as caught:
        [part async for part in provider.export(mine)]
    assert caught.value.code == "no_pg_dump"


@pytest.fixture
def manager() -> Iterator[str]:
    return f"manager_{uuid4().hex[:8]}"


async def test_an_owner_who_is_no_superuser_is_told_what_to_close(desk, manager) -> None:
    await desk.ask(f"CREATE ROLE {manager} LOGIN CREATEDB CREATEROLE PASSWORD 'x'")
    theirs = replace(desk.cluster, user=manager, password=SecretStr("x"))
    provider = PostgresDatabases(theirs, desk.connections, PgDump(desk.connections, candidates))
    # Nothing that it could not close is open; then it can do all of it.
    assert await desk.provider.breaches() == ()
    name = f"tenant-{uuid4().hex[:10]}"
    await desk.ask(f"GRANT seguito_tenants TO {manager} WITH ADMIN OPTION")
    await desk.ask(f"GRANT CONNECT ON DATABASE postgres TO {manager}")
    made = await provider.create(name, PASSWORD)
    handle = Handle(made.ref, name, await provider.parts(name, PASSWORD))
    assert await entered(desk, name) == {name}
    assert await provider.suspend(handle) is DatabaseState.PAUSED
    assert await provider.resume(handle) is DatabaseState.READY
    assert await provider.delete(handle) is DatabaseState.GONE
    await desk.ask("CREATE DATABASE foreign_app")
    try:
        with pytest.raises(NeedsPerson) as caught:
            await provider.create(name, PASSWORD)
        assert "foreign_app" in caught.value.sentence
        assert (await provider.find(name)).state is DatabaseState.COMING_UP
    finally:
        await desk.ask("DROP DATABASE foreign_app")
        await provider.delete(handle)
