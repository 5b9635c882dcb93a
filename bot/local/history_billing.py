"""A year of subscriptions as the sandbox's Stripe has them: read like those of any account.

Customers, snapshots, invoices and access come about as they always do; only nobody is told of what
is long past. What Stripe does not tell any more, revenue on each day, is worked out of its invoices
in `history_revenue`.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import orjson
from pydantic import JsonValue

from bot.local.history_revenue import invent_revenue
from db.billing import subscriptions as table
from db.billing.accounts import DONE, BillingCustomerRow, BillingEffectRow
from db.licensing.customers import CustomerRow
from db.reports.history import load_revenue
from db.store.session import Database, Session
from integrations.stripe.client import Stripe
from integrations.stripe.types import OUR_CUSTOMER, InvoiceFacts, SubscriptionSnapshot
from services.billing import (
    BillingTime,
    Catalogue,
    Consequence,
    Followers,
    Judging,
    KnownSubscription,
    LicenseSold,
    Revenue,
    Snapshots,
    StripeLook,
    Telling,
    TenantAccess,
    invoice_row,
)
from services.ports import Clock, Letter

AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A subscription with all its invoices, oldest first, and whose it is."""

    snapshot: SubscriptionSnapshot
    invoices: tuple[InvoiceFacts, ...]

    @property
    def customer_id(self) -> str:
        """The customer of ours."""
        return self.snapshot.metadata[OUR_CUSTOMER]


async def invent_billing(database: Database, stripe: Stripe, zone: ZoneInfo, now: datetime) -> int:
    """Fill billing with what this account holds; how many subscriptions."""

    def clock() -> datetime:
        return now

    await Catalogue(database, stripe, clock).learn()
    snapshots = [one async for one in stripe.subscriptions() if OUR_CUSTOMER in one.metadata]
    room = asyncio.Semaphore(AT_ONCE)
    found = await asyncio.gather(*(_with_invoices(stripe, one, room) for one in snapshots))
    found.sort(key=lambda one: one.snapshot.created_at)
    await _customers(database, stripe, found, room)
    await _subscriptions(database, stripe, found, clock)
    whose = {one.snapshot.id: one.customer_id for one in found}
    past = [(one.snapshot, one.invoices, whose[one.snapshot.id]) for one in found]
    await load_revenue(database.url, invent_revenue(past, zone, now))
    # From the day before yesterday on it goes by itself, and closes the months behind.
    await Revenue(database, zone, clock).take()
    return len(found)


async def _with_invoices(
    stripe: Stripe, one: SubscriptionSnapshot, room: asyncio.Semaphore
) -> Subscribed:
    async with room:
        invoices = await stripe.invoices(one.id)
    return Subscribed(one, tuple(sorted(invoices, key=lambda bill: bill.created_at)))


async def _customers(
    database: Database, stripe: Stripe, found: Iterable[Subscribed], room: asyncio.Semaphore
) -> None:
    async def named(one: Subscribed) -> CustomerRow:
        async with room:
            known = await stripe.customer(one.snapshot.customer_id)
        since = one.snapshot.created_at
        return CustomerRow(
            id=one.customer_id,
            email=known.email if known else "",
            name=known.name if known else "",
            created_at=since,
            updated_at=since,
        )

    first: dict[str, Subscribed] = {}
    for one in found:
        first.setdefault(one.customer_id, one)
    rows = await asyncio.gather(*map(named, first.values()))
    async with database.transaction() as session:
        session.add_all(rows)


async def _subscriptions(
    database: Database, stripe: Stripe, found: Sequence[Subscribed], clock: Clock
) -> None:
    snapshots = Snapshots(database, stripe, clock)
    followers = Followers(_NoTenants(), _NoLicenses(), _unheard)
    time = BillingTime(clock, livemode=stripe.livemode)
    judging = Judging(followers, _ToldLongAgo(_NoLetters(), clock), time, clock)
    async with database.transaction() as session:
        for one in found:
            ticket = await table.take_look(session, one.snapshot.id)
            seen = one.snapshot
            await snapshots.write(session, StripeLook(seen.id, ticket, seen))
            # Those before the latest all at once: nothing else was seen of them.
            last = seen.latest_invoice.id if seen.latest_invoice else ""
            earlier = (bill for bill in one.invoices if bill.id != last)
            session.add_all(invoice_row(bill, one.customer_id) for bill in earlier)
            # All of them were, at their time.
            await table.mark(session, one.snapshot.id, table.LIVE)
        for customer_id in dict.fromkeys(one.customer_id for one in found):
            await judging.judge(session, customer_id)


class _ToldLongAgo(Telling):
    """Whoever it concerned heard of it at its time."""

    async def tell(
        self,
        session: Session,
        customer: BillingCustomerRow,
        known: Sequence[KnownSubscription],
        found: Iterable[Consequence],
        now: datetime,
    ) -> None:
        """Kept as done, together."""
        session.add_all(
            BillingEffectRow(
                key=one.key,
                customer_id=customer.customer_id,
                family=one.family,
                kind=one.kind,
                subscription_id=one.subscription_id,
                values=orjson.dumps({**one.values, "about": one.about}).decode(),
                state=DONE,
                created_at=now,
                done_at=now,
            )
            for one in {one.key: one for one in found}.values()
        )


class _NoTenants:
    """None of these customers has one yet."""

    async def follow(self, session: Session, customer_id: str, access: TenantAccess) -> None:
        """Nothing follows."""


class _NoLicenses:
    """None of these subscriptions is of a license."""

    async def issue(self, session: Session, sold: LicenseSold) -> str | None:
        """None."""
        return None

    async def renew(self, session: Session, license_id: str, months: int) -> bool:
        """None."""
        return False

    async def follow(self, session: Session, sold: LicenseSold, *, allowed: bool) -> None:
        """Nothing follows."""


class _NoLetters:
    """What was written then was sent then."""

    async def queue(self, session: Session, letter: Letter) -> bool:
        """No letter leaves."""
        return False


async def _unheard(session: Session, event: str, values: Mapping[str, JsonValue]) -> None:
    """Nobody listened yet."""
