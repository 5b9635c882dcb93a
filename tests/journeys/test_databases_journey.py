"""A company's way by the real program: signed up, killed at every step, invited, suspended."""

import asyncio
from contextlib import AsyncExitStack
from secrets import randbelow
from uuid import uuid4

import httpx
from sqlalchemy import text

from db.store.session import Database, unseal
from db.tenants import invitations as invitation_table
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from integrations.sandbox.supabase_management.vendor import SupabaseProjects
from services import Services
from services.tenants import Tenant
from tests.journeys.ledger import Ledger
from tests.journeys.provisioned import RECOVERY
from tests.journeys.steps import message, modal
from tests.kit.product import Product

OPS = "C0OPS"
STEP = text("""
SELECT s.name FROM operation_steps AS s JOIN operations AS o ON o.id = s.operation_id
WHERE o.subject_id = :tenant AND s.name = :name FOR UPDATE OF s
""")
WAITERS = text("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
STEPS = ("create", "health", "parts", "invitation", "smoke", "ready")


async def until_ready(inside: Services, tenant_id: str) -> Tenant:
    """The tenant once it is ready."""
    async with asyncio.timeout(RECOVERY):
        while (seen := await inside.tenants.directory.get(tenant_id)).state != "ready":  # noqa: ASYNC110 - a row
            await asyncio.sleep(0.1)
    return seen


async def sign_up(environment: dict[str, str], inside: Services, company: str) -> Tenant:
    """A company at the public door, from a network of its own."""
    network = ".".join(("8", *(str(randbelow(256)) for _ in range(3))))
    headers, name = {"X-Forwarded-For": network}, f"{company} {uuid4().hex[:8]}"
    body = {"email": f"{uuid4().hex}@example.com", "company_name": name}
    async with httpx.AsyncClient(trust_env=False, base_url=environment["PUBLIC_URL"]) as http:
        told = await http.post("/api/onboarding/signup", json=body, headers=headers)
    assert told.status_code == 202, told.text
    return (await inside.tenants.signups.status(told.json()["id"]))[0]


async def link_of(database: Database, environment: dict[str, str], tenant_id: str) -> str:
    """The link in the invitation's e-mail."""
    async with database.transaction() as session:
        row = await invitation_table.newest(session, tenant_id)
        assert row is not None
        return f"{environment['PUBLIC_URL']}/invitation?token={unseal(session, row, 'token')}"


async def test_a_company_signs_up_and_its_invitation_is_accepted_once(
    product: Product,
    environment: dict[str, str],
    inside: Services,
    database: Database,
    ada: Visitor,
) -> None:
    company = f"Hopper {uuid4().hex[:8]}"
    url = environment["PUBLIC_URL"]
    async with httpx.AsyncClient(trust_env=False, base_url=url) as http:
        body = {"email": f"{uuid4().hex}@example.com", "company_name": company}
        told = await http.post("/api/onboarding/signup", json=body)
        assert told.status_code == 202
        path = f"/api/onboarding/{told.json()['id']}"
        assert await message(ada, f"{company}⁩ is ready as", within=RECOVERY)
        assert (await http.get(path)).json()["state"] == "ready"
        tenant, _ = await inside.tenants.signups.status(told.json()["id"])
        link = await link_of(database, environment, tenant.id)
        assert (await http.post(link, data={"name": "Ada"})).status_code == 200
        assert (await http.post(link, data={"name": "Eve"})).status_code == 410


async def test_a_kill_at_every_step_leaves_one_database_for_each(
    product: Product,
    environment: dict[str, str],
    inside: Services,
    database: Database,
    sandbox: Sandbox,
    ledger: Ledger,
) -> None:
    # Each is held where its database is looked for, until a later step of it is locked.
    ledger.plan(Fault("supabase_management", "projects.list", "slow", seconds=4, times=len(STEPS)))
    made = [await sign_up(environment, inside, f"Killed {name}") for name in STEPS]
    async with AsyncExitStack() as held:
        for tenant, name in zip(made, STEPS, strict=True):
            session = await held.enter_async_context(database.sessions())
            found = await session.execute(STEP, {"tenant": tenant.id, "name": name})
            assert found.scalars().all() == [name]
            held.push_async_callback(session.rollback)
        async with asyncio.timeout(RECOVERY), database.sessions() as session:
            while (await session.execute(WAITERS)).scalar_one() < len(STEPS):  # noqa: ASYNC110 - the fact is another process's
                await asyncio.sleep(0.1)
        product.kill()
    await product.start()
    for tenant in made:
        seen = await until_ready(inside, tenant.id)
        projects = sandbox.of(SupabaseProjects).store.projects.values()
        assert [one.name for one in projects].count(seen.database) == 1
        found = await inside.mail.emails.listed(limit=100)
        assert [one.to for one in found].count(seen.email) == 1


async def test_an_answer_lost_by_the_wire_leaves_one_project(
    environment: dict[str, str], inside: Services, sandbox: Sandbox, ledger: Ledger
) -> None:
    ledger.plan(Fault("supabase_management", "projects.create", "lost_reply"))
    tenant = await sign_up(environment, inside, "Lost")
    seen = await until_ready(inside, tenant.id)
    projects = sandbox.of(SupabaseProjects).store.projects.values()
    assert [one.name for one in projects].count(seen.database) == 1


async def test_a_tenant_is_made_from_the_form_in_slack(
    product: Product, inside: Services, ada: Visitor
) -> None:
    email, company = f"{uuid4().hex}@example.com", f"Slack {uuid4().hex[:8]}"
    assert (await ada.command(f'/tenant-create {email} "{company}"', OPS)).ok
    await modal(ada, "tenants.form")
    await ada.submit()
    assert await message(ada, f"{company}⁩ is ready as", within=RECOVERY)
    (tenant,) = await inside.tenants.directory.list(words=email)
    assert tenant.state == "ready"
