"""Who pays for a tenant decides whether it may go first: read from billing's and tenants' rows."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest_asyncio

from db.billing import accounts
from db.store.session import Database
from db.store.vault import Vault
from db.tenants import tenants as table
from services.billing import BillingTime, Payers
from services.operations import Operations
from services.rollouts import FleetTenant, TenantFleet
from services.rollouts.waves import choose_canary, suitable
from services.tenants import Tenants, TenantTerms
from tests.conftest import NewDatabase
from tests.kit.billing_stage import PROFESSIONAL, STARTER, BillingStage
from tests.services.operations.kitchen import Board

YEARLY = "price_starter_yearly"


class PayingFleet:
    """Tenants with customers at Stripe, and the fleet as rollouts see it."""

    def __init__(self, database: Database) -> None:
        self.billing = BillingStage(database)
        clock, self.database = self.billing.clock, database
        operations = Operations(database, Board(), clock)
        tenants = Tenants(
            database, operations, self.billing.feel.announce, TenantTerms("own", "t-"), clock
        )
        self.fleet = TenantFleet(tenants, Payers(database, BillingTime(clock, livemode=False)))

    async def tenant(self, slug: str, customer_id: str = "", *, plan: str = "starter") -> None:
        """A ready tenant of this customer, whose trial as a tenant ended long ago."""
        now = self.billing.clock()
        row = table.TenantRow(
            company=slug,
            email=f"{slug}@client.example",
            source="operator",
            slug=slug,
            provider="own",
            plan=plan,
            state=table.READY,
            customer_id=customer_id,
            trial_ends_at=now - timedelta(days=100),
            created_at=now,
            updated_at=now,
        )
        async with self.database.transaction() as session:
            session.add(row)

    async def subscribed(self, slug: str, price: str, amount: int, **terms: timedelta) -> str:
        """A tenant whose customer bought this; the subscription's id."""
        customer_id = await self.billing.customer()
        await self.tenant(slug, customer_id)
        bought = self.billing.stripe.subscribe(customer_id, price, amount=amount, **terms)
        await self.billing.catch_up()
        return bought

    async def seen(self) -> dict[str, FleetTenant]:
        """Every tenant by its short name."""
        return {one.name: one for one in await self.fleet.paying()}

    async def first(self) -> str:
        """Who would go first."""
        everybody = await self.fleet.paying()
        chosen = choose_canary("r", [one.candidate(fit=True) for one in everybody], self.now)
        return next((one.name for one in everybody if one.id == chosen), "")

    async def fit(self) -> set[str]:
        """Who may go first."""
        everybody = await self.fleet.paying()
        found = suitable([one.candidate(fit=True) for one in everybody], self.now)
        ids = {one.tenant_id for one in found}
        return {one.name for one in everybody if one.id in ids}

    @property
    def now(self) -> datetime:
        """The time of the stage."""
        return self.billing.clock()


@pytest_asyncio.fixture
async def paying(migrated_database: NewDatabase, vault: Vault) -> AsyncIterator[PayingFleet]:
    """A control database of the test's own: a fleet is all that is in it."""
    database = Database(await migrated_database(), vault)
    yield PayingFleet(database)
    await database.dispose()


async def test_a_tenant_whose_payer_owes_is_never_first_until_it_has_paid(
    paying: PayingFleet,
) -> None:
    owing = await paying.subscribed("owing", STARTER, 9900)
    await paying.subscribed("mid", PROFESSIONAL, 19900)
    await paying.subscribed("big", PROFESSIONAL, 29900)
    assert await paying.first() == "owing"
    paying.billing.later(days=30)
    paying.billing.stripe.renew(owing, paid=False)
    await paying.billing.catch_up()
    assert (await paying.seen())["owing"].dunning
    assert await paying.first() == "mid"
    # Grace is over: no less in dunning.
    paying.billing.later(days=8)
    assert (await paying.seen())["owing"].dunning
    paying.billing.stripe.pay(owing)
    await paying.billing.catch_up()
    assert not (await paying.seen())["owing"].dunning
    assert await paying.first() == "owing"


async def test_the_last_day_of_a_trial_at_stripe_counts_and_an_ended_one_does_not(
    paying: PayingFleet,
) -> None:
    await paying.subscribed("big", PROFESSIONAL, 29900)
    trying = await paying.subscribed("trying", STARTER, 9900, trial=timedelta(days=14))
    seen = (await paying.seen())["trying"]
    assert (seen.price, seen.trial_ends_at) == (0, paying.now + timedelta(days=14))
    assert await paying.fit() == {"trying"}
    paying.billing.later(days=13, hours=1)
    await paying.billing.catch_up()
    assert await paying.fit() == set()
    paying.billing.later(hours=23)
    paying.billing.stripe.renew(trying, paid=True)
    await paying.billing.catch_up()
    assert (await paying.seen())["trying"].trial_ends_at is None
    assert await paying.fit() == {"trying"}


async def test_a_trial_without_a_subscription_counts_as_the_tenants_own(
    paying: PayingFleet,
) -> None:
    await paying.subscribed("big", PROFESSIONAL, 29900)
    customer_id, ends = await paying.billing.customer(), paying.now + timedelta(days=5)
    await paying.tenant("local", customer_id)
    async with paying.database.transaction() as session:
        known = await accounts.claim_customer(session, customer_id, paying.now)
        known.trial_plan, known.trial_ends_at = "starter", ends
    assert (await paying.seen())["local"].trial_ends_at == ends
    assert await paying.first() == "local"
    paying.billing.later(days=4, hours=1)
    assert await paying.first() == ""


async def test_the_biggest_payer_is_who_pays_most_a_month_in_their_currency(
    paying: PayingFleet,
) -> None:
    # A year of 1,188 is 99 a month, however large the invoice.
    customer_id = await paying.billing.customer()
    async with paying.database.transaction() as session:
        session.add(
            accounts.BillingPriceRow(
                id=YEARLY,
                family="platform",
                plan="starter",
                interval="year",
                currency="usd",
                amount=118_800,
                created_at=paying.now,
            )
        )
    await paying.tenant("yearly", customer_id)
    bought = paying.billing.stripe.subscribe(customer_id, YEARLY, amount=118_800)
    item = paying.billing.stripe.held[bought]["items"]["data"][0]["price"]
    item["recurring"] = {"interval": "year", "interval_count": 1}
    await paying.billing.catch_up()
    await paying.subscribed("monthly", PROFESSIONAL, 29900)
    seen = await paying.seen()
    assert (seen["yearly"].price, seen["monthly"].price) == (9_900, 29_900)
    assert await paying.fit() == {"yearly"}
    # By contract, without any subscription: the plan's worth.
    await paying.tenant(f"contract-{uuid4().hex[:4]}", plan="enterprise")
    assert await paying.fit() == {"yearly", "monthly"}
