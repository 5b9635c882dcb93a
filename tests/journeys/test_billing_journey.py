"""Billing by the real program: killed while it asks Stripe, and events that travel badly."""

import asyncio
from uuid import uuid4

import httpx

from db.billing import accounts
from db.store.session import Database
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.stripe.vendor import Stripe as StandIn
from tests.journeys.ledger import Ledger
from tests.kit.product import Product

RECOVERY = 120  # seconds, on a busy machine


async def bought(product: Product, environment: dict[str, str]) -> str:
    """A customer who completes a checkout for Starter; their id."""
    admin = {"X-Admin-Key": environment["ADMIN_API_KEY"]}
    async with httpx.AsyncClient(base_url=product.url, headers=admin, trust_env=False) as api:
        made = await api.post("/api/customer", json={"email": f"{uuid4().hex[:12]}@acme.example"})
        customer_id = str(made.json()["id"])
        wish = {"customer_id": customer_id, "plan": "starter", "interval": "monthly"}
        opened = await api.post("/api/billing/checkout", json=wish)
    async with httpx.AsyncClient(trust_env=False) as browser:
        await browser.post(opened.json()["url"], data={"do": "pay", "card": "4242"})
    return customer_id


async def until(database: Database, customer_id: str, state: str) -> None:
    """Until the access is judged so."""
    async with asyncio.timeout(RECOVERY):
        while await state_of(database, customer_id) != state:  # noqa: ASYNC110 - the fact is another process's
            await asyncio.sleep(0.1)


async def state_of(database: Database, customer_id: str) -> str:
    """The access as it was last judged."""
    async with database.transaction() as session:
        found = await accounts.accounts(session, customer_id)
    return found[0].state if found else ""


async def effects(database: Database, customer_id: str) -> list[str]:
    """What followed, by kind."""
    async with database.transaction() as session:
        return sorted(one.kind for one in await accounts.effects(session, customer_id))


async def test_a_kill_while_stripe_is_asked_leaves_each_effect_once(
    ledger: Ledger, database: Database, product: Product, environment: dict[str, str]
) -> None:
    fault = ledger.plan(Fault("stripe", "subscriptions.get", "slow", seconds=3, skip=0))
    customer_id = await bought(product, environment)
    await ledger.spoiled(fault)
    product.kill()
    await product.start()
    await until(database, customer_id, "trialing")
    await ledger.idle()
    assert await effects(database, customer_id) == ["new"]


async def test_events_that_come_twice_and_out_of_order_end_as_they_should(
    ledger: Ledger,
    database: Database,
    sandbox: Sandbox,
    product: Product,
    environment: dict[str, str],
) -> None:
    settings = sandbox.of(StandIn).events.settings
    settings.duplicate = settings.disorder = True
    try:
        customer_id = await bought(product, environment)
        await until(database, customer_id, "trialing")
        await ledger.idle()
        assert await effects(database, customer_id) == ["new"]
    finally:
        settings.duplicate = settings.disorder = False
