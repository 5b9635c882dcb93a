"""What Stripe says, written down: snapshots under a guard, facts merged, customers bound."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

import orjson

from db.billing import accounts
from db.billing import subscriptions as table
from db.licensing import customers
from db.store.session import Database, Session
from integrations.stripe.types import (
    OUR_CUSTOMER,
    InvoiceFacts,
    SubscriptionItem,
    SubscriptionSnapshot,
)
from integrations.stripe.webhook import StripeEvent
from services.billing.access import LIVE, OVER, OWING
from services.billing.ports import Payments
from services.errors import translate_vendor_errors
from services.ports import Clock

VENDOR = "Stripe"


class Belonging(StrEnum):
    """Whose a subscription is: a customer's of ours, another product's, or nobody's we know.

    `GONE`: nobody's, and over: there is nothing to be done about it.
    """

    OURS = "ours"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"
    OTHER_CUSTOMER = "other_customer"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class StripeLook:
    """What Stripe answered to look number `ticket`; `snapshot` None: it has none of this id."""

    subscription_id: str
    ticket: int
    snapshot: SubscriptionSnapshot | None
    invoices: tuple[InvoiceFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose it is, and the customer's id when it is ours."""

    belonging: Belonging
    customer_id: str = ""


class Snapshots:
    """Asks Stripe and writes; its `write` runs in the caller's transaction."""

    def __init__(self, database: Database, payments: Payments, clock: Clock) -> None:
        self._database = database
        self._payments = payments
        self._clock = clock

    async def look(self, subscription_id: str) -> StripeLook:
        """Ask Stripe for the subscription as it is now; raises a DomainError.

        The look's number is taken before: whatever looks later sees all that this one saw.
        """
        async with self._database.transaction() as session:
            ticket = await table.take_look(session, subscription_id)
        with translate_vendor_errors(VENDOR):
            snapshot = await self._payments.subscription(subscription_id)
            # Where a grace began is known only when no invoice is missing, whatever events say.
            owing = snapshot is not None and snapshot.status in OWING
            invoices = await self._payments.invoices(subscription_id) if owing else ()
        return StripeLook(subscription_id, ticket, snapshot, invoices)

    async def beside(self, session: Session, looks: Sequence[StripeLook]) -> set[str]:
        """The customer's subscriptions that must be seen together, because one of these is new.

        Whether one began while another ran is known only of looks made after both were there.
        Holds their customer.
        """
        seen = {one.subscription_id for one in looks}
        living: set[str] = set()
        for whom in sorted({one.snapshot.customer_id for one in looks if one.snapshot}):
            await table.hold(session, whom)
            ours = [one for one in await table.of_stripe_customer(session, whom) if one.customer_id]
            if seen - {one.id for one in ours}:
                living |= {one.id for one in ours if one.status not in OVER}
        return living

    async def write(self, session: Session, look: StripeLook) -> Whose:
        """Keep what was seen, unless a later look was written before; whose it is."""
        seen = look.snapshot
        known = await table.find(session, look.subscription_id)
        whom = seen.customer_id if seen else known.stripe_customer_id if known else ""
        await table.hold(session, whom)
        row = await table.find(session, look.subscription_id, lock=True)
        if row is None:
            return Whose(Belonging.GONE)
        if look.ticket > row.seen_look:
            await self._keep(session, row, seen)
            row.seen_look, row.seen_at = look.ticket, self._clock()
        if seen is not None and seen.latest_invoice is not None:
            await keep_invoice(session, seen.latest_invoice, row.customer_id)
        for invoice in look.invoices:
            await keep_invoice(session, invoice, row.customer_id)
        if seen is not None and seen.status in LIVE:
            await table.mark(session, row.id, table.LIVE)
        whose = await self._whose(session, row, seen)
        if whose.customer_id and row.customer_id is None:
            row.customer_id = whose.customer_id
        await session.flush()
        return whose

    async def _keep(
        self, session: Session, row: table.StripeSubscriptionRow, seen: SubscriptionSnapshot | None
    ) -> None:
        if seen is None:
            # Stripe forgets none, so the key is of another account: nobody loses access for it.
            row.missing = True
            return
        item = _counting(seen)
        prices = await accounts.prices(session, (item.price.id,)) if item else []
        if prices:
            row.family, row.plan = prices[0].family, prices[0].plan
        row.missing, row.status, row.livemode = False, seen.status, seen.livemode
        row.stripe_customer_id, row.created_at = seen.customer_id, seen.created_at
        row.trial_start, row.trial_end = seen.trial_start, seen.trial_end
        row.cancel_at, row.cancel_at_period_end = seen.cancel_at, seen.cancel_at_period_end
        row.canceled_at, row.ended_at = seen.canceled_at, seen.ended_at
        row.collection_paused = bool(seen.paused_collection)
        row.latest_invoice_id = seen.latest_invoice.id if seen.latest_invoice else ""
        row.snapshot = orjson.dumps(asdict(seen)).decode()
        if item is not None:
            row.price_id, row.quantity = item.price.id, item.quantity
            row.amount, row.currency = item.price.amount, item.price.currency
            row.interval, row.interval_count = item.price.interval, item.price.interval_count
            row.period_start, row.period_end = item.period_start, item.period_end

    async def _whose(
        self,
        session: Session,
        row: table.StripeSubscriptionRow,
        seen: SubscriptionSnapshot | None,
    ) -> Whose:
        if row.customer_id is not None:
            return Whose(Belonging.OURS, row.customer_id)
        ours = dict(seen.metadata).get(OUR_CUSTOMER, "") if seen else ""
        if not ours and not row.family:
            return Whose(Belonging.FOREIGN)
        bound = await accounts.of_stripe(session, row.stripe_customer_id)
        if bound is not None:
            return Whose(Belonging.OURS, bound.customer_id)
        if ours and await customers.find(session, ours) is not None:
            return await self._bound(session, ours, row.stripe_customer_id)
        over = row.status in OVER
        return Whose(Belonging.GONE if over else Belonging.UNKNOWN)

    async def _bound(self, session: Session, customer_id: str, stripe_customer_id: str) -> Whose:
        known = await accounts.claim_customer(session, customer_id, self._clock())
        if known.stripe_customer_id is None:
            known.stripe_customer_id = stripe_customer_id
            await session.flush()
        if known.stripe_customer_id != stripe_customer_id:
            return Whose(Belonging.OTHER_CUSTOMER)
        return Whose(Belonging.OURS, customer_id)


async def keep_invoice(session: Session, seen: InvoiceFacts, customer_id: str | None) -> None:
    """Merge what was seen of an invoice into what is known of it."""
    if seen.id and seen.subscription_id:
        await table.merge_invoice(session, invoice_row(seen, customer_id))


def invoice_row(seen: InvoiceFacts, customer_id: str | None) -> table.StripeInvoiceRow:
    """What is kept of an invoice that was seen once."""
    unpaid = seen.status in ("open", "uncollectible")
    rank = table.LADDER.index(seen.status) if seen.status in table.LADDER else 0
    return table.StripeInvoiceRow(
        id=seen.id,
        subscription_id=seen.subscription_id,
        customer_id=customer_id,
        status=seen.status,
        rank=rank,
        billing_reason=seen.billing_reason,
        currency=seen.currency,
        amount_due=seen.amount_due,
        amount_paid=seen.amount_paid,
        failed=unpaid and seen.attempt_count > 0,
        created_at=seen.created_at,
        paid_at=seen.paid_at if seen.status == "paid" else None,
        period_end=seen.period_end,
        hosted_url=seen.hosted_url,
    )


async def keep_told(session: Session, told: StripeEvent, invoice: InvoiceFacts | None) -> None:
    """Merge the facts that an event itself carries; `invoice`: that of a refund or dispute."""
    if told.kind == "subscription" and told.subscription_id:
        if told.status in LIVE:
            await table.mark(session, told.subscription_id, table.LIVE)
        if told.ends_at is not None and told.status in LIVE:
            value = told.ends_at.isoformat()
            await table.mark(session, told.subscription_id, table.ENDING, value)
    if told.invoice is not None:
        await _keep_told_invoice(session, told, told.invoice)
    if told.payment is not None and invoice is not None:
        await keep_invoice(session, invoice, None)
        await table.add_money_back(session, _money_back(told, invoice))


async def _keep_told_invoice(session: Session, told: StripeEvent, seen: InvoiceFacts) -> None:
    await keep_invoice(session, seen, None)
    if told.type == "invoice.payment_failed" and seen.subscription_id:
        await table.mark_failed(session, seen.id)


def _money_back(told: StripeEvent, invoice: InvoiceFacts) -> table.MoneyBackRow:
    payment = told.payment
    if payment is None:
        raise ValueError(told.id)
    how_far = payment.closed or "open" if told.kind == "dispute" else payment.amount
    return table.MoneyBackRow(
        id=f"{payment.id}:{how_far}",
        kind=table.DISPUTE if told.kind == "dispute" else table.REFUND,
        invoice_id=invoice.id,
        subscription_id=invoice.subscription_id,
        amount=payment.amount,
        total=payment.total,
        currency=payment.currency,
        closed=payment.closed,
        at=payment.at,
    )


def _counting(seen: SubscriptionSnapshot) -> SubscriptionItem | None:
    """The item whose price says what is sold: the first one."""
    return seen.items[0] if seen.items else None
