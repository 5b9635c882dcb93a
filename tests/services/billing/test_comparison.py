"""The comparison with Stripe sees everything or says that it did not, and repairs by looking."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import orjson
import pytest
import pytest_asyncio

from db.billing import accounts
from db.billing.subscriptions import StripeSubscriptionRow
from db.store.session import Database
from db.store.vault import Vault
from integrations.sandbox.stripe.objects import new_card
from services.billing.comparison import COMPLETE, INCOMPLETE, Comparison
from services.errors import Conflict, NotFound
from tests.conftest import NewDatabase
from tests.kit.selling_stage import ADMIN, SellingStage, selling_stage


@dataclass
class Looking:
    """Looks again by copying, and remembers at whom."""

    seen: list[str] = field(default_factory=list)

    async def look_again(self, customer_id: str) -> None:
        self.seen.append(customer_id)


@dataclass
class Night:
    stage: SellingStage
    looking: Looking
    comparison: Comparison

    async def known(self, customer_id: str, count: int) -> list[str]:
        """So many subscriptions at Stripe, and here as they are there."""
        stripe = self.stage.stripe
        made = await stripe.create_customer(customer_id, "ada@acme.example", "", key=customer_id)
        async with self.stage.database.transaction() as session:
            known = await accounts.claim_customer(session, customer_id, self.stage.now)
            known.stripe_customer_id = made.id
        account = self.stage.account
        price = next(iter(account.account.table("price").values()))
        card = new_card(account.account, made.id, "4242")["id"]
        given = {"default_payment_method": card}
        customer = account.account.get("customer", made.id)
        items = [{"price": price, "quantity": 1}]
        ids = [account.subscribing.begin(customer, items, given, None)["id"] for _ in range(count)]
        async for one in stripe.subscriptions(made.id):
            await self.write(customer_id, await stripe.subscription(one.id))
        return ids

    async def write(self, customer_id: str, one) -> None:
        row = StripeSubscriptionRow(
            id=one.id,
            customer_id=customer_id,
            stripe_customer_id=one.customer_id,
            family="platform",
            status=one.status,
            price_id=one.items[0].price.id,
            quantity=one.items[0].quantity,
            created_at=one.created_at,
            period_end=one.items[0].period_end,
            seen_look=1,
            snapshot=orjson.dumps({}).decode(),
        )
        async with self.stage.database.transaction() as session:
            await session.merge(row)


@pytest_asyncio.fixture
async def night(migrated_database: NewDatabase, vault: Vault) -> AsyncIterator[Night]:
    database = Database(await migrated_database(), vault)
    async with selling_stage(database) as stage:
        looking = Looking()
        yield Night(stage, looking, Comparison(database, stage.stripe, looking, stage.clock))
    await database.dispose()


async def test_one_of_250_that_was_cancelled_there_is_found_on_page_three(night: Night) -> None:
    customer = await night.stage.customer()
    ids = await night.known(customer.id, 250)
    assert (await night.comparison.run()).is_clean
    # Newest first, a hundred a page: the tenth made is on the third.
    account = night.stage.account
    account.charging.end(account.account.get("subscription", ids[9]), "cancellation_requested")
    found = await night.comparison.run()
    assert (found.state, found.seen, found.is_clean) == (COMPLETE, 250, False)
    (drift,) = found.drifts
    assert (drift.subscription_id, drift.kind) == (ids[9], "different")
    assert ("status", "active", "canceled") in drift.values
    repaired = await night.comparison.repair(ADMIN, ids[9])
    assert night.looking.seen == [customer.id]
    assert repaired.is_clean
    with pytest.raises(NotFound):
        await night.comparison.repair(ADMIN, ids[0])


async def test_a_page_that_fails_is_told_and_never_looks_clean(night: Night) -> None:
    customer = await night.stage.customer()
    await night.known(customer.id, 150)
    fault = {"vendor": "stripe", "operation": "subscriptions.list", "status": 500}
    night.stage.vendors.spoil(**fault, times=3, skip=1)
    found = await night.comparison.run()
    assert (found.state, found.seen, found.is_clean) == (INCOMPLETE, 100, False)
    assert "500" in found.note
    assert await night.comparison.latest() == found


async def test_what_only_one_side_knows_is_found(night: Night) -> None:
    customer = await night.stage.customer()
    (here,) = await night.known(customer.id, 1)
    async with night.stage.database.transaction() as session:
        row = await session.get_one(StripeSubscriptionRow, here)
        copy = StripeSubscriptionRow(**{**row.model_dump(), "id": "sub_nowhere"})
        session.add(copy)
        await session.delete(row)
    found = {one.subscription_id: one for one in (await night.comparison.run()).drifts}
    assert found[here].kind == "unknown_here"
    assert found[here].customer_id == customer.id
    assert found["sub_nowhere"].kind == "unknown_there"


async def test_another_products_subscriptions_are_nobodys_business(night: Night) -> None:
    account = night.stage.account
    foreign = await night.stage.stripe.create_customer("x", "x@other.example", "", key="x")
    account.account.get("customer", foreign.id)["metadata"] = {}
    from integrations.sandbox.stripe.objects import new_price  # noqa: PLC0415 - once

    given = {"currency": "usd", "unit_amount": 5, "recurring": {"interval": "month"}}
    price = new_price(account.account, given, next(iter(account.account.table("product"))))
    customer = account.account.get("customer", foreign.id)
    card = new_card(account.account, foreign.id, "4242")["id"]
    items = [{"price": price, "quantity": 1}]
    account.subscribing.begin(customer, items, {"default_payment_method": card}, None)
    assert (await night.comparison.run()).is_clean


async def test_nobodys_subscription_is_not_repaired_but_linked(night: Night) -> None:
    account = night.stage.account
    foreign = await night.stage.stripe.create_customer("x", "x@other.example", "", key="x")
    account.account.get("customer", foreign.id)["metadata"] = {}
    customer = account.account.get("customer", foreign.id)
    price = next(iter(account.account.table("price").values()))
    card = new_card(account.account, foreign.id, "4242")["id"]
    items = [{"price": price, "quantity": 1}]
    made = account.subscribing.begin(customer, items, {"default_payment_method": card}, None)
    (drift,) = (await night.comparison.run()).drifts
    assert (drift.kind, drift.customer_id) == ("unknown_here", "")
    with pytest.raises(Conflict):
        await night.comparison.repair(ADMIN, made["id"])
