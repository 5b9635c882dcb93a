"""Companies get databases by the real program: at Supabase, on a cluster, broken and mended."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from db.store.session import Database
from db.tenants import tenants as table
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.supabase_management.vendor import SupabaseProjects
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.errors import TenantUnreachable
from services.tenants.rows import parts_of
from tests.kit.product import Product

PATIENCE = 120
OPERATOR = {"X-Admin-Key": "adm_sandbox-0123456789-0123456789-0123456789-00"}
LOOK_AGAIN = 0.1


@pytest_asyncio.fixture
async def http(product: Product) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=product.url, trust_env=False, timeout=20, headers=OPERATOR
    ) as client:
        yield client


@pytest.fixture
def projects(sandbox: Sandbox) -> SupabaseProjects:
    """Supabase, where projects come up at once."""
    vendor = sandbox.of(SupabaseProjects)
    vendor.store.lasts = 0.2
    return vendor


async def made(http: httpx.AsyncClient) -> str:
    """The id of a new tenant."""
    company = f"Company {uuid4().hex[:10]}"
    body = {"email": f"it@{uuid4().hex[:10]}.example", "company_name": company}
    answer = await http.post("/api/admin/tenants", json=body)
    assert answer.status_code in (200, 201, 202), answer.text
    return str(answer.json()["id"])


async def until(http: httpx.AsyncClient, tenant: str, *states: str) -> dict[str, object]:
    async with asyncio.timeout(PATIENCE):
        while True:
            told: dict[str, object] = (await http.get(f"/api/admin/tenants/{tenant}")).json()
            if told["state"] in states:
                return told
            await asyncio.sleep(LOOK_AGAIN)


async def answers(database: Database, tenant: str) -> bool:
    """Whether the tenant's database lets us in by its stored parts."""
    async with database.transaction() as session:
        row = await table.find(session, tenant)
        assert row is not None
        parts = parts_of(session, row)
    try:
        async with TenantConnections().connect(parts) as connection:
            return await connection.fetchval("SELECT current_database()") == parts.database
    except TenantUnreachable:
        return False


async def test_a_company_gets_a_database_loses_and_regains_it(
    http: httpx.AsyncClient, database: Database, projects: SupabaseProjects
) -> None:
    tenant = await made(http)
    told = await until(http, tenant, "ready")
    assert told["provider"] == "supabase"
    assert await answers(database, tenant)
    reason = {"reason": "Unpaid"}
    assert (await http.post(f"/api/admin/tenants/{tenant}/suspend", json=reason)).is_success
    await until(http, tenant, "suspended")
    # The word is there at once; the database is closed a moment later.
    async with asyncio.timeout(PATIENCE):
        while await answers(database, tenant):  # noqa: ASYNC110 - another process closes it
            await asyncio.sleep(LOOK_AGAIN)
    assert (await http.post(f"/api/admin/tenants/{tenant}/resume")).is_success
    await until(http, tenant, "ready")
    assert await answers(database, tenant)


async def test_a_cap_waits_for_a_person_and_goes_on_with_one_project(
    http: httpx.AsyncClient, sandbox: Sandbox, projects: SupabaseProjects
) -> None:
    before = len(projects.store.projects)
    sandbox.faults.add(
        Fault(
            vendor="supabase_management",
            operation="projects.create",
            kind="project_cap",
            times=None,
        )
    )
    tenant = await made(http)
    told = await until(http, tenant, "needs_person")
    assert "maximum limits for the number of active free projects" in str(told["problem"])
    asked = [
        one
        for one in sandbox.journal.entries(vendor="supabase_management")
        if one["request"]["operation"] == "projects.create" and one["status"] == 400
    ]
    assert 1 <= len(asked) <= 2
    sandbox.faults.remove()
    assert (await http.post(f"/api/admin/tenants/{tenant}/retry")).is_success
    await until(http, tenant, "ready")
    assert len(projects.store.projects) == before + 1


async def test_a_lost_answer_leaves_one_project(
    http: httpx.AsyncClient, sandbox: Sandbox, projects: SupabaseProjects
) -> None:
    before = len(projects.store.projects)
    lost = {"vendor": "supabase_management", "operation": "projects.create"}
    sandbox.faults.add(Fault(**lost, kind="lost_reply"))
    await until(http, await made(http), "ready")
    assert len(projects.store.projects) == before + 1


async def test_the_panel_makes_many_at_once(
    http: httpx.AsyncClient, sandbox_url: tuple[str, Sandbox], projects: SupabaseProjects
) -> None:
    before = len(projects.store.projects)
    async with httpx.AsyncClient(base_url=sandbox_url[0], trust_env=False, timeout=60) as panel:
        answer = await panel.post("/panel/api/tenants/signup", json={"count": 5})
    assert answer.json() == {"made": 5, "error": ""}
    async with asyncio.timeout(PATIENCE):
        while len(projects.store.projects) < before + 5:  # noqa: ASYNC110 - another process makes them
            await asyncio.sleep(LOOK_AGAIN)
