"""Billing on a real database, before a pure fake of Stripe, with followers that remember."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import uuid4

import orjson

from db.billing import accounts
from db.billing import events as event_table
from db.licensing.customers import CustomerRow
from db.store.session import Database, Session
from services.billing.handling import BillingDeps, BillingTimer, EventHandling
from services.billing.inbox import InboxTerms, StripeInbox
from services.billing.judging import Followers, Judging
from services.billing.ports import CardOffer, LicenseSold, Payments, TenantAccess
from services.billing.snapshots import Snapshots
from services.billing.telling import BillingCards, Telling
from services.billing.times import BillingTime
from services.ports import Letter
from tests.kit.fake_stripe import SECRET, FakeStripe, signature

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
STARTER, PROFESSIONAL, PRO = "price_starter", "price_professional", "price_license_pro"
PRICES = (
    (STARTER, "platform", "starter", 9900),
    (PROFESSIONAL, "platform", "professional", 29900),
    (PRO, "license", "pro", 2900),
)


@dataclass
class Feelers:
    """Tenants, licenses, mail, Slack and webhooks, each as a list of what it was told."""

    tenants: dict[str, TenantAccess] = field(default_factory=dict)
    moves: list[tuple[str, str]] = field(default_factory=list)
    licenses: dict[str, bool] = field(default_factory=dict)
    issued: list[str] = field(default_factory=list)
    renewed: Counter[str] = field(default_factory=Counter)
    letters: list[Letter] = field(default_factory=list)
    cards: list[CardOffer] = field(default_factory=list)
    announced: list[str] = field(default_factory=list)

    async def follow(
        self, session: Session, about: object, access: object = None, *, allowed: bool = False
    ) -> None:
        """Tenants, by customer; licenses, by id."""
        if isinstance(about, LicenseSold):
            self.licenses[about.license_id or ""] = allowed
            return
        given = cast(TenantAccess, access)
        if self.tenants.get(str(about)) != given:
            self.moves.append((str(about), given.state))
        self.tenants[str(about)] = given

    async def issue(self, session: Session, sold: LicenseSold) -> str | None:
        """A license."""
        self.issued.append(sold.subscription_id)
        return f"lic_{sold.subscription_id}"

    async def renew(self, session: Session, license_id: str, months: int) -> bool:
        """Months more."""
        self.renewed[license_id] += months
        return True

    async def queue(self, session: Session, letter: Letter) -> bool:
        """An e-mail."""
        self.letters.append(letter)
        return True

    async def card(self, offer: CardOffer) -> None:
        """A card."""
        self.cards.append(offer)

    async def announce(self, session: Session, kind: str, data: object) -> None:
        """Other people's systems."""
        self.announced.append(kind)


class BillingStage:
    """One installation's billing; `process()` makes another of the same installation."""

    def __init__(self, database: Database, stripe: FakeStripe | None = None) -> None:
        self.database = database
        self.stripe = stripe or FakeStripe(NOW)
        self.feel = Feelers()
        self.terms = InboxTerms((SECRET,), livemode=False, has_key=True)
        self.telling = Telling(self.feel, self.clock)
        payments = cast(Payments, self.stripe)
        snapshots = Snapshots(database, payments, self.clock)
        followers = Followers(self.feel, self.feel, self.feel.announce)
        time = BillingTime(self.clock, livemode=False)
        judging = Judging(followers, self.telling, time, self.clock)
        deps = BillingDeps(
            database, payments, snapshots, judging, self.telling, self.terms, self.clock
        )
        self.deps, self.erased = deps, list[str]()
        self.handling = EventHandling(deps)
        self.timer = BillingTimer(deps, self.handling)
        self.inbox = StripeInbox(database, self.terms, self.telling, self.clock)
        self.cards = BillingCards(database, self.feel, self.clock)

    def clock(self) -> datetime:
        """Stripe's and ours are one."""
        return self.stripe.now

    def later(self, **time: float) -> None:
        """Time passes."""
        self.stripe.now += timedelta(**time)

    async def erase(self, operator: object, customer_id: str) -> None:
        """What licensing does when a customer is deleted."""
        self.erased.append(customer_id)

    async def customer(self) -> str:
        """A customer of ours, and prices that are for sale."""
        customer_id = f"cus_{uuid4().hex}"
        async with self.database.transaction() as session:
            session.add(
                CustomerRow(
                    id=customer_id,
                    email=f"{customer_id[-8:]}@acme.example",
                    name="Acme",
                    created_at=NOW,
                    updated_at=NOW,
                )
            )
            for price_id, family, plan, amount in PRICES:
                await session.merge(
                    accounts.BillingPriceRow(
                        id=price_id,
                        family=family,
                        plan=plan,
                        interval="month",
                        currency="usd",
                        amount=amount,
                        created_at=NOW,
                    )
                )
        return customer_id

    async def deliver(self, raw: bytes) -> bool:
        """Stripe delivers it now; False: it is here already."""
        return await self.inbox.receive(raw, signature(raw, self.clock()))

    async def handle(self, raw: bytes) -> None:
        """What the job of this event does."""
        event_id = orjson.loads(raw)["id"]
        async with self.database.transaction() as session:
            row = await event_table.find(session, event_id)
        if row is not None:
            await self.handling.handle(event_id, str(row.run))

    async def arrive(self, *bodies: bytes) -> None:
        """Deliver and handle, one after the other."""
        for raw in bodies:
            await self.deliver(raw)
            await self.handle(raw)

    async def catch_up(self) -> None:
        """All events that were made and not delivered, in their order; and what time does."""
        bodies, self.stripe.events = self.stripe.events, []
        await self.arrive(*bodies)
        await self.tick()

    async def tick(self) -> None:
        """The clock looks at what is due."""
        for customer_id in await self.timer.due():
            await self.timer.look(customer_id)

    async def account(
        self, customer_id: str, family: str = "platform"
    ) -> accounts.BillingAccountRow:
        """The access as it was last judged."""
        async with self.database.transaction() as session:
            return await accounts.account(session, customer_id, family)

    async def effects(self, customer_id: str) -> dict[str, str]:
        """Every effect's state by key."""
        async with self.database.transaction() as session:
            return {one.key: one.state for one in await accounts.effects(session, customer_id)}

    async def kinds(self, customer_id: str) -> list[str]:
        """The kinds of what was told, needless ones left out, sorted."""
        async with self.database.transaction() as session:
            found = await accounts.effects(session, customer_id)
        return sorted(one.kind for one in found if one.state != accounts.NEEDLESS)

    async def event(self, raw: bytes) -> event_table.StripeEventRow:
        """What became of it."""
        async with self.database.transaction() as session:
            row = await event_table.find(session, orjson.loads(raw)["id"])
        assert row is not None
        return row
