"""Selling: the catalogue and checkouts over a real database, Stripe from the sandbox."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from db.licensing.customers import CustomerRow
from db.store.session import Database
from integrations.http import client
from integrations.sandbox.stripe.vendor import Stripe as Account
from integrations.sandbox.stripe.vendor import vendors as imitated
from integrations.sandbox.stripe.wire import SECRET_KEY
from integrations.stripe.client import Stripe
from services.actors import Operator
from services.billing.catalogue import Catalogue
from services.billing.checkout import Buyer, CheckoutPlaces, Checkouts, OpenedCheckout, Wish
from tests.integrations.sandbox_vendors import Vendors, sandbox_vendors

ADMIN = Operator("admin_key", "tests")
MONTHLY = Wish("professional", "monthly")


@dataclass
class SellingStage:
    """What buys and what is bought; `now` is the product's clock."""

    database: Database
    vendors: Vendors
    stripe: Stripe
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        self.catalogue = Catalogue(self.database, self.stripe, self.clock)
        places = CheckoutPlaces(
            "http://localhost:3000/billing/done", "http://localhost:3000/pricing"
        )
        self.checkouts = Checkouts(self.database, self.stripe, self.catalogue, places, self.clock)

    @property
    def account(self) -> Account:
        """The stand-in's insides."""
        return self.vendors.sandbox.of(Account)

    def clock(self) -> datetime:
        """The product's."""
        return self.now

    def sessions(self, status: str = "open") -> list[str]:
        """Sessions at Stripe with this status."""
        table = self.account.account.table("checkout.session")
        return [one["id"] for one in table.values() if one["status"] == status]

    async def customer(self, email: str = "") -> CustomerRow:
        """A customer of ours, of whom Stripe knows nothing."""
        row = CustomerRow(
            email=email or f"{uuid4().hex[:10]}@acme.example",
            created_at=self.now,
            updated_at=self.now,
        )
        async with self.database.transaction() as session:
            session.add(row)
        return row

    async def open(self, buyer: Buyer, wish: Wish = MONTHLY) -> OpenedCheckout:
        """Begin to buy."""
        return await self.checkouts.open(buyer, wish)

    def pay(self, opened: OpenedCheckout, email: str = "ada@acme.example") -> dict[str, object]:
        """Complete it on Stripe's page with a card that works."""
        session_id = opened.url.rpartition("/")[2]
        session = self.account.account.get("checkout.session", session_id)
        return self.account.checkout.complete(session, "4242", email)


@asynccontextmanager
async def selling_stage(database: Database) -> AsyncIterator[SellingStage]:
    """A stage with an account of its own at Stripe, its catalogue learnt."""
    async with (
        sandbox_vendors([imitated]) as vendors,
        client(f"{vendors.url}/stripe", "stripe") as http,
    ):
        stage = SellingStage(database, vendors, Stripe(http, SECRET_KEY))
        await stage.catalogue.sync(ADMIN)
        yield stage
