"""All that is kept of a customer's subscriptions, read as values."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from db.billing import accounts
from db.billing import subscriptions as table
from db.store.session import Session
from services.billing.access import SubscriptionFacts
from services.billing.known import KnownInvoice, KnownMoneyBack, KnownSubscription


async def read_subscriptions(session: Session, customer_id: str) -> tuple[KnownSubscription, ...]:
    """The customer's subscriptions, the oldest first, those with an unknown price too."""
    rows = [row for row in await table.of_customer(session, customer_id) if row.created_at]
    return await read_rows(session, rows)


async def read_rows(
    session: Session, rows: Sequence[table.StripeSubscriptionRow]
) -> tuple[KnownSubscription, ...]:
    """These subscriptions with all that is known of them."""
    if not rows:
        return ()
    ids = [row.id for row in rows]
    invoices: dict[str, list[KnownInvoice]] = defaultdict(list)
    for invoice in await table.invoices(session, ids):
        invoices[invoice.subscription_id].append(_invoice(invoice))
    backs: dict[str, list[KnownMoneyBack]] = defaultdict(list)
    for back in await table.money_back(session, ids):
        backs[back.subscription_id].append(_money_back(back))
    marks = await table.marks(session, ids)
    prices = {price.id for price in await accounts.prices(session, [row.price_id for row in rows])}
    return tuple(
        KnownSubscription(
            id=row.id,
            family=row.family,
            plan=row.plan,
            price_id=row.price_id,
            price_known=row.price_id in prices,
            facts=_facts(row),
            was_live=(row.id, table.LIVE, "") in marks,
            endings=tuple(
                sorted(
                    datetime.fromisoformat(value)
                    for of, kind, value in marks
                    if (of, kind) == (row.id, table.ENDING)
                )
            ),
            interval=row.interval,
            interval_count=row.interval_count,
            amount=row.amount,
            currency=row.currency,
            created_at=_made(row),
            ended_at=row.ended_at,
            trial_start=row.trial_start,
            license_id=row.license_id,
            invoices=tuple(invoices[row.id]),
            money_back=tuple(backs[row.id]),
        )
        for row in rows
    )


def _made(row: table.StripeSubscriptionRow) -> datetime:
    if row.created_at is None:
        raise ValueError(f"{row.id} was never seen")
    return row.created_at


def _facts(row: table.StripeSubscriptionRow) -> SubscriptionFacts:
    return SubscriptionFacts(
        status=row.status,
        created_at=_made(row),
        period_end=row.period_end,
        trial_end=row.trial_end,
        cancel_at=row.cancel_at,
        cancel_at_period_end=row.cancel_at_period_end,
        collection_paused=row.collection_paused,
    )


def _invoice(row: table.StripeInvoiceRow) -> KnownInvoice:
    paid_at = row.paid_at or row.created_at if row.status == "paid" else None
    return KnownInvoice(
        id=row.id,
        status=row.status,
        reason=row.billing_reason,
        currency=row.currency,
        amount_due=row.amount_due,
        amount_paid=row.amount_paid,
        failed=row.failed,
        created_at=row.created_at,
        paid_at=paid_at,
        period_end=row.period_end,
    )


def _money_back(row: table.MoneyBackRow) -> KnownMoneyBack:
    return KnownMoneyBack(
        id=row.id,
        kind=row.kind,
        invoice_id=row.invoice_id,
        amount=row.amount,
        total=row.total,
        currency=row.currency,
        closed=row.closed,
        at=row.at,
    )
