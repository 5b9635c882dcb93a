"""Supabase's projects as tenants' databases, against the strict stand-in on a real server."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
import pytest_asyncio
from aiohttp import web
from pydantic import SecretStr

from bot.local.postgres_binaries import candidates
from integrations.databases import ConnectionMode, ConnectionParts, DatabaseState, NeedsPerson
from integrations.errors import AuthExpired, RateLimited, RefusedByVendor, Unreachable
from integrations.http import client
from integrations.sandbox.supabase_management import vendor as sandbox_vendor
from integrations.sandbox.supabase_management.api import LIMIT, TOKEN
from integrations.sandbox.supabase_management.projects import ORGANIZATION
from integrations.sandbox.supabase_management.vendor import ROOT, SupabaseProjects
from integrations.supabase_management.client import SupabaseManagement
from integrations.supabase_management.provider import SupabaseDatabases
from integrations.supabase_management.types import unlimited
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.dump import PgDump
from integrations.tenant_databases.errors import Reason, TenantUnreachable
from tests.integrations.fake_vendor import says
from tests.integrations.sandbox_vendors import Vendors, sandbox_vendors
from tests.kit.waiting import until

PASSWORD = SecretStr("a/Password:of@ours")
QUICK = 0.05


@dataclass(frozen=True, slots=True)
class Handle:
    """As services keep it."""

    ref: str
    name: str
    parts: ConnectionParts


@pytest_asyncio.fixture
async def supabase(template_url: str):
    async with sandbox_vendors((sandbox_vendor.vendors,), database_url=template_url) as running:
        running.sandbox.of(SupabaseProjects).store.lasts = QUICK
        yield running


@pytest.fixture
def store(supabase: Vendors):
    return supabase.sandbox.of(SupabaseProjects).store


def provided(api: SupabaseManagement) -> SupabaseDatabases:
    connections = TenantConnections()
    dumps = PgDump(connections, candidates)
    return SupabaseDatabases(api, connections, dumps, ORGANIZATION, "eu-central-1")


@pytest_asyncio.fixture
async def api(supabase: Vendors):
    async with client(f"{supabase.url}{ROOT}", "supabase") as http:
        yield SupabaseManagement(http, TOKEN, unlimited)


@pytest.fixture
def provider(api: SupabaseManagement) -> SupabaseDatabases:
    return provided(api)


@pytest_asyncio.fixture
async def fake(vendor):
    async with client(vendor.url, "supabase") as http:
        yield SupabaseManagement(http, "sbp_ours", unlimited)


async def settled(provider: SupabaseDatabases, ref: str, *states: DatabaseState) -> DatabaseState:
    """Ask until it is in one of these states."""
    async with asyncio.timeout(20):
        while (state := (await provider.health(ref)).state) not in states:  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(0.02)
    return state


async def made(provider: SupabaseDatabases, name: str) -> Handle:
    project = await provider.create(name, PASSWORD)
    assert project.state is DatabaseState.COMING_UP
    await settled(provider, project.ref, DatabaseState.READY)
    return Handle(project.ref, name, await provider.parts(project.ref, PASSWORD))


async def test_a_project_comes_up_and_is_reached_through_the_session_pooler(provider) -> None:
    project = await made(provider, "seguito-acme")
    assert project.parts.mode is ConnectionMode.SESSION
    assert project.parts.user == f"postgres.{project.ref}"
    async with TenantConnections().connect(project.parts) as connection:
        await connection.execute("CREATE TABLE notes (id int)")
    found = await provider.find("seguito-acme")
    assert (found.ref, found.state) == (project.ref, DatabaseState.READY)
    assert await provider.find("seguito-acm") is None


async def test_the_project_alone_is_not_enough_its_services_must_answer(provider, store) -> None:
    project = await provider.create("seguito-late", PASSWORD)
    stored = store.projects[project.ref]
    stored.until, stored.up = 0.0, store.now() + 1000
    health = await provider.health(project.ref)
    assert health.state is DatabaseState.COMING_UP
    assert "pooler: COMING_UP" in health.detail


async def test_a_lost_answer_leaves_one_project_found_by_its_name(
    provider, supabase, store
) -> None:
    supabase.spoil(vendor="supabase_management", operation="projects.create", kind="lost_reply")
    with pytest.raises(Unreachable):
        await provider.create("seguito-lost", PASSWORD)
    found = await provider.find("seguito-lost")
    assert [one.ref for one in store.projects.values()] == [found.ref]


async def test_a_cap_is_one_call_and_the_vendors_sentence(provider, supabase, store) -> None:
    supabase.spoil(vendor="supabase_management", operation="projects.create", kind="project_cap")
    with pytest.raises(NeedsPerson) as caught:
        await provider.create("seguito-capped", PASSWORD)
    assert "maximum limits for the number of active free projects" in caught.value.sentence
    assert supabase.calls("supabase_management") == 1
    assert not store.projects
    await made(provider, "seguito-capped")
    assert len(store.projects) == 1


async def test_stuck_and_failed_projects_are_told_apart(provider, supabase, store) -> None:
    supabase.spoil(vendor="supabase_management", operation="*", kind="stuck_coming_up")
    stuck = await provider.create("seguito-stuck", PASSWORD)
    supabase.spoil(vendor="supabase_management", operation="*", kind="init_failed")
    failed = await provider.create("seguito-failed", PASSWORD)
    assert (await provider.health(stuck.ref)).state is DatabaseState.COMING_UP
    health = await provider.health(failed.ref)
    assert (health.state, health.detail) == (DatabaseState.BROKEN, "INIT_FAILED")
    # A late one goes on by itself.
    store.stop(store.projects[stuck.ref], "ACTIVE_HEALTHY")
    await settled(provider, stuck.ref, DatabaseState.READY)


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("INACTIVE", DatabaseState.PAUSED),
        ("PAUSING", DatabaseState.PAUSING),
        ("RESTORING", DatabaseState.COMING_UP),
        ("RESTORE_FAILED", DatabaseState.BROKEN),
        ("REMOVED", DatabaseState.GONE),
        ("A_NEW_WORD", DatabaseState.UNKNOWN),
    ],
)
async def test_every_word_of_supabase_is_one_of_our_states(provider, store, word, state) -> None:
    project = await provider.create("seguito-word", PASSWORD)
    store.stop(store.projects[project.ref], word)
    assert (await provider.health(project.ref)).state is state


async def test_suspending_pauses_and_resuming_waits_for_inactive(provider, store) -> None:
    project = await made(provider, "seguito-paused")
    store.lasts = 1000
    assert await provider.suspend(project) is DatabaseState.PAUSING
    assert await provider.suspend(project) is DatabaseState.PAUSING
    # Not yet: asked to come back while it still goes down.
    assert await provider.resume(project) is DatabaseState.PAUSING
    with pytest.raises(TenantUnreachable) as caught:
        async with TenantConnections().connect(project.parts):
            raise AssertionError("connected")
    assert caught.value.reason is Reason.CLOSED
    store.stop(store.projects[project.ref], "INACTIVE")
    store.lasts = QUICK
    with pytest.raises(NeedsPerson):
        [part async for part in provider.export(project)]
    assert await provider.resume(project) is DatabaseState.COMING_UP
    await settled(provider, project.ref, DatabaseState.READY)
    async with TenantConnections().connect(project.parts) as connection:
        assert await connection.fetchval("SELECT 1") == 1


async def test_a_project_is_deleted_once_and_is_gone_when_asked_again(provider, store) -> None:
    project = await made(provider, "seguito-gone")
    assert await provider.delete(project) is DatabaseState.GONE
    assert await provider.delete(project) is DatabaseState.GONE
    assert (await provider.health(project.ref)).state is DatabaseState.GONE
    with pytest.raises(TenantUnreachable):
        async with TenantConnections().connect(project.parts):
            raise AssertionError("connected")


async def test_an_export_is_what_pg_dump_says(provider) -> None:
    project = await made(provider, "seguito-export")
    async with TenantConnections().connect(project.parts) as connection:
        await connection.execute("CREATE TABLE notes (id int)")
    parts = [part async for part in provider.export(project)]
    assert b"".join(parts).startswith(b"PGDMP")


async def test_all_pages_or_an_error_never_a_part(provider, supabase, store) -> None:
    for number in range(150):
        store.add(f"seguito-{number}", "eu-central-1", "")
    assert len(await provider.listed()) == 150
    supabase.spoil(
        vendor="supabase_management", operation="projects.list", kind="status", skip=1, times=None
    )
    with pytest.raises(Unreachable):
        await provider.listed()


async def test_a_page_that_is_short_of_its_promise_is_no_answer(fake, vendor) -> None:
    project = {"ref": "a" * 20, "name": "seguito-a", "status": "ACTIVE_HEALTHY"}
    vendor.answer = says({"projects": [project], "pagination": {"count": 3}})
    with pytest.raises(Unreachable):
        await fake.projects(ORGANIZATION)


async def test_the_vendors_limit_is_told_with_its_seconds(supabase, api) -> None:
    for _ in range(LIMIT):
        await api.organizations()
    with pytest.raises(RateLimited) as caught:
        await api.organizations()
    assert timedelta(0) < caught.value.retry_after <= timedelta(minutes=1)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, {"message": "Unauthorized"}, AuthExpired),
        (403, {"message": "Forbidden"}, NeedsPerson),
        (404, {"message": "Not found"}, RefusedByVendor),
        (500, {}, Unreachable),
        (408, {}, Unreachable),
        (429, {}, RateLimited),
    ],
)
async def test_a_failure_is_one_of_ours(fake, vendor, status, body, error) -> None:
    vendor.answer = says(body, status=status)
    with pytest.raises(error):
        await fake.get("a" * 20)


async def test_a_wrong_token_never_leaves_in_an_error(supabase) -> None:
    async with client(f"{supabase.url}{ROOT}", "supabase") as http:
        with pytest.raises(AuthExpired) as caught:
            await SupabaseManagement(http, "sbp_wrong", unlimited).organizations()
    assert "sbp_wrong" not in str(caught.value)


async def test_where_only_a_shared_pooler_is_told_its_session_port_is_taken(fake, vendor) -> None:
    host = "aws-0-eu-central-1.pooler.supabase.com"
    row = {
        "database_type": "PRIMARY",
        "db_user": "postgres",
        "db_host": host,
        "db_port": 6543,
        "db_name": "postgres",
        "connection_string": f"postgres://postgres.abc:[YOUR-PASSWORD]@{host}:6543/postgres",
        "pool_mode": "transaction",
    }
    replica = {**row, "database_type": "READ_REPLICA", "db_host": "replica.example"}
    vendor.answer = says([replica, row])
    parts = await provided(fake).parts("abc", PASSWORD)
    assert (parts.host, parts.port, parts.user) == (host, 5432, "postgres.abc")
    assert (parts.sslmode, parts.mode) == ("require", ConnectionMode.SESSION)


async def test_without_a_pooler_the_server_is_taken_only_if_it_answers(fake, vendor) -> None:
    async def answer(request: web.Request) -> web.Response:
        if "pooler" in request.path:
            return web.json_response([])
        database = {"host": "db.abc.supabase.invalid"}
        project = {"ref": "abc", "name": "x", "status": "ACTIVE_HEALTHY", "database": database}
        return web.json_response(project)

    vendor.answer = answer
    with pytest.raises(TenantUnreachable) as caught:
        await provided(fake).parts("abc", PASSWORD)
    assert caught.value.reason is Reason.NAME


async def test_our_own_limit_waits_a_little_and_then_says_so(supabase) -> None:
    waits = [timedelta(milliseconds=10), timedelta(0), timedelta(minutes=1)]
    asked = []

    async def turn(operation: str, scope: str) -> timedelta:
        asked.append((operation, scope))
        return waits.pop(0)

    async with client(f"{supabase.url}{ROOT}", "supabase") as http:
        api = SupabaseManagement(http, TOKEN, turn)
        await api.organizations()
        with pytest.raises(RateLimited) as caught:
            await api.projects(ORGANIZATION)
    assert caught.value.retry_after == timedelta(minutes=1)
    assert asked[-1] == ("projects.list", ORGANIZATION)
    assert supabase.calls("supabase_management") == 1


async def test_the_panel_breaks_one_tenant_and_mends_it(provider, supabase) -> None:
    project = await made(provider, "seguito-broken")
    desk = supabase.sandbox.of(SupabaseProjects)
    async with TenantConnections().connect(project.parts) as connection:
        await connection.execute("CREATE TABLE notes (id int)")
    await desk.refresh()
    async with httpx.AsyncClient(base_url=f"{supabase.url}/panel/api/tenants") as panel:

        async def act(what: str) -> httpx.Response:
            return await panel.post("/act", json={"database": project.parts.database, "what": what})

        assert (await act("lock")).json()["said"] == "public.notes"
        assert (await act("unlock")).status_code == 200
        assert (await act("close")).status_code == 200
        with pytest.raises(TenantUnreachable):
            async with TenantConnections().connect(project.parts):
                raise AssertionError("connected")
        assert (await act("open")).status_code == 200
        async with TenantConnections().connect(project.parts) as connection:
            assert await connection.fetchval("SELECT 1") == 1
        assert (await act("paused")).status_code == 200
        assert (await provider.health(project.ref)).state is DatabaseState.PAUSED
        wrong = await panel.post("/act", json={"database": "postgres", "what": "close"})
        assert wrong.status_code == 400
    await until(lambda: any(one["locked"] is False for one in desk.contents()["databases"]))
