"""Stripe's subscriptions as last seen, and facts about them that are only ever added to."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, func, select

from db.billing.accounts import BillingPriceRow
from db.store.session import Session
from db.store.types import JsonText, Money, UtcDateTime

# What a subscription was, at some time, whatever it is now (`SubscriptionMarkRow.kind`).
LIVE = "live"
ENDING = "ending"
# Kinds of money that came back.
REFUND = "refund"
DISPUTE = "dispute"
# An invoice's status only ever moves up this ladder.
LADDER = ("", "draft", "open", "uncollectible", "void", "paid")


class StripeSubscriptionRow(SQLModel, table=True):
    """A subscription as Stripe had it at look number `seen_look`.

    `looks` counts how often Stripe was asked; an answer is written only by a later look than the
    one before, so that a slow answer never undoes a fresher one. `family` is what it sells, as its
    price says, "" while the price is unknown. `amount` is its price for one of `quantity`,
    in minor units. `missing`: Stripe has none of this id.
    """

    __tablename__ = "billing_subscriptions"

    id: str = Field(primary_key=True)
    customer_id: str | None = Field(default=None, index=True)
    stripe_customer_id: str = Field(default="", index=True)
    family: str = ""
    plan: str = ""
    status: str = ""
    livemode: bool = False
    missing: bool = False
    price_id: str = ""
    quantity: int = 0
    currency: str = ""
    amount: int | None = Field(default=None, sa_type=Money)
    interval: str = ""
    interval_count: int = 1
    snapshot: str = Field(default="{}", sa_type=JsonText)
    license_id: str | None = None
    created_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    period_start: datetime | None = Field(default=None, sa_type=UtcDateTime)
    period_end: datetime | None = Field(default=None, sa_type=UtcDateTime)
    trial_start: datetime | None = Field(default=None, sa_type=UtcDateTime)
    trial_end: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cancel_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cancel_at_period_end: bool = False
    canceled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    collection_paused: bool = False
    latest_invoice_id: str = ""
    looks: int = 0
    seen_look: int = 0
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class StripeInvoiceRow(SQLModel, table=True):
    """An invoice, merged from all that was seen of it, in whatever order.

    `failed`: a payment of it was declined at some time. `money_back` is what was refunded in full
    or lost in a dispute, "" for neither.
    """

    __tablename__ = "billing_invoices"

    id: str = Field(primary_key=True)
    subscription_id: str = Field(index=True)
    customer_id: str | None = Field(default=None, index=True)
    status: str = ""
    rank: int = 0
    billing_reason: str = ""
    currency: str = ""
    amount_due: int = Field(default=0, sa_type=Money)
    amount_paid: int = Field(default=0, sa_type=Money)
    failed: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    paid_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    period_end: datetime | None = Field(default=None, sa_type=UtcDateTime)
    hosted_url: str = ""


class SubscriptionMarkRow(SQLModel, table=True):
    """Something that was true of a subscription at some time; marks are only ever added."""

    __tablename__ = "billing_marks"

    subscription_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    value: str = Field(default="", primary_key=True)


class MoneyBackRow(SQLModel, table=True):
    """A refund of a charge (`amount` of `total` until then) or a dispute; rows are only ever added.

    `id` names what was told, also how far it went: a second refund of a charge is another row.
    `closed` is a dispute's end: `won`, `lost`, "" while it is open.
    """

    __tablename__ = "billing_money_back"

    id: str = Field(primary_key=True)
    kind: str
    invoice_id: str = Field(default="", index=True)
    subscription_id: str = Field(default="", index=True)
    customer_id: str | None = Field(default=None, index=True)
    amount: int = Field(sa_type=Money)
    total: int = Field(default=0, sa_type=Money)
    currency: str
    closed: str = ""
    at: datetime = Field(sa_type=UtcDateTime)


async def take_look(session: Session, subscription_id: str) -> int:
    """Global: the number of a new look at Stripe, greater than every one before it."""
    row = insert(StripeSubscriptionRow).values(id=subscription_id, looks=1, snapshot="{}")
    more = row.on_conflict_do_update(
        index_elements=["id"], set_={"looks": StripeSubscriptionRow.looks + 1}
    )
    answer = await session.execute(more.returning(col(StripeSubscriptionRow.looks)))
    return int(answer.scalar_one())


async def hold(session: Session, stripe_customer_id: str) -> None:
    """Global: until the transaction ends nobody else writes about this customer of Stripe's.

    Taken before any row is locked: whoever writes locks several, and no two in another order.
    """
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended('billing:' || :customer, 0))")
    await session.execute(lock, {"customer": stripe_customer_id})


async def find(
    session: Session, subscription_id: str, *, lock: bool = False
) -> StripeSubscriptionRow | None:
    """Global: the subscription; `lock` holds its row, read afresh, until the transaction ends."""
    query = select(StripeSubscriptionRow).where(StripeSubscriptionRow.id == subscription_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).one_or_none()


async def of_customer(session: Session, customer_id: str) -> list[StripeSubscriptionRow]:
    """The customer's subscriptions, the oldest first."""
    query = select(StripeSubscriptionRow).where(StripeSubscriptionRow.customer_id == customer_id)
    oldest = (col(StripeSubscriptionRow.created_at), col(StripeSubscriptionRow.id))
    fresh = {"populate_existing": True}
    return list((await session.exec(query.order_by(*oldest), execution_options=fresh)).all())


async def of_customers(
    session: Session, customer_ids: Sequence[str]
) -> list[StripeSubscriptionRow]:
    """Global: these customers' subscriptions that were seen at Stripe, the oldest first."""
    query = select(StripeSubscriptionRow).where(
        col(StripeSubscriptionRow.customer_id).in_(customer_ids),
        col(StripeSubscriptionRow.created_at).is_not(None),
    )
    oldest = (col(StripeSubscriptionRow.created_at), col(StripeSubscriptionRow.id))
    return list((await session.exec(query.order_by(*oldest))).all())


async def mapped_anew(session: Session, limit: int) -> list[str]:
    """Global: customers with a subscription whose price means something else by now."""
    query = (
        select(StripeSubscriptionRow.customer_id)
        .join(BillingPriceRow, col(BillingPriceRow.id) == StripeSubscriptionRow.price_id)
        .where(
            col(StripeSubscriptionRow.customer_id).is_not(None),
            (col(StripeSubscriptionRow.family) != BillingPriceRow.family)
            | (col(StripeSubscriptionRow.plan) != BillingPriceRow.plan),
        )
        .distinct()
        .limit(limit)
    )
    return [one for one in (await session.exec(query)).all() if one is not None]


async def of_stripe_customer(
    session: Session, stripe_customer_id: str
) -> list[StripeSubscriptionRow]:
    """Global: the subscriptions of a customer of Stripe's, locked."""
    query = select(StripeSubscriptionRow).where(
        StripeSubscriptionRow.stripe_customer_id == stripe_customer_id
    )
    return list((await session.exec(query.with_for_update())).all())


async def of_price(session: Session, price_id: str) -> list[StripeSubscriptionRow]:
    """Global: the subscriptions that have this price."""
    query = select(StripeSubscriptionRow).where(StripeSubscriptionRow.price_id == price_id)
    return list((await session.exec(query)).all())


async def invoices(session: Session, subscription_ids: Sequence[str]) -> list[StripeInvoiceRow]:
    """Global: these subscriptions' invoices, the oldest first."""
    query = select(StripeInvoiceRow).where(
        col(StripeInvoiceRow.subscription_id).in_(subscription_ids)
    )
    oldest = (col(StripeInvoiceRow.created_at), col(StripeInvoiceRow.id))
    fresh = {"populate_existing": True}
    return list((await session.exec(query.order_by(*oldest), execution_options=fresh)).all())


async def merge_invoice(session: Session, row: StripeInvoiceRow) -> None:
    """Global: add what was seen of an invoice to what is known; the order does not matter."""
    new = insert(StripeInvoiceRow).values(**row.model_dump())
    known, seen = StripeInvoiceRow, new.excluded
    further = seen.rank >= col(known.rank)
    merged = new.on_conflict_do_update(
        index_elements=["id"],
        set_={
            "rank": func.greatest(known.rank, seen.rank),
            "status": case((further, seen.status), else_=col(known.status)),
            "amount_due": case((further, seen.amount_due), else_=col(known.amount_due)),
            "amount_paid": func.greatest(known.amount_paid, seen.amount_paid),
            "failed": col(known.failed) | seen.failed,
            "created_at": func.least(known.created_at, seen.created_at),
            "paid_at": func.least(known.paid_at, seen.paid_at),
            "period_end": case((further, seen.period_end), else_=col(known.period_end)),
            "customer_id": func.coalesce(known.customer_id, seen.customer_id),
            "billing_reason": case(
                (col(known.billing_reason) == "", seen.billing_reason),
                else_=col(known.billing_reason),
            ),
            "hosted_url": case(
                (seen.hosted_url != "", seen.hosted_url), else_=col(known.hosted_url)
            ),
        },
    )
    await session.execute(merged)


async def mark_failed(session: Session, invoice_id: str) -> None:
    """Global: note that a payment of this invoice, which is known, was declined."""
    change = update(StripeInvoiceRow).where(col(StripeInvoiceRow.id) == invoice_id)
    await session.execute(change.values(failed=True))


async def add_money_back(session: Session, row: MoneyBackRow) -> None:
    """Global: note a refund or dispute; again changes nothing."""
    new = insert(MoneyBackRow).values(**row.model_dump())
    await session.execute(new.on_conflict_do_nothing())


async def money_back(session: Session, subscription_ids: Sequence[str]) -> list[MoneyBackRow]:
    """Global: refunds and disputes about these subscriptions, the oldest first."""
    query = select(MoneyBackRow).where(col(MoneyBackRow.subscription_id).in_(subscription_ids))
    fresh = {"populate_existing": True}
    oldest = (col(MoneyBackRow.at), col(MoneyBackRow.id))
    return list((await session.exec(query.order_by(*oldest), execution_options=fresh)).all())


async def mark(session: Session, subscription_id: str, kind: str, value: str = "") -> None:
    """Global: note that this was true of the subscription; again changes nothing."""
    row = insert(SubscriptionMarkRow).values(
        subscription_id=subscription_id, kind=kind, value=value
    )
    await session.execute(row.on_conflict_do_nothing())


async def marks(session: Session, subscription_ids: Sequence[str]) -> set[tuple[str, str, str]]:
    """Global: (subscription, kind, value) of all marks of these subscriptions."""
    query = select(
        SubscriptionMarkRow.subscription_id, SubscriptionMarkRow.kind, SubscriptionMarkRow.value
    ).where(col(SubscriptionMarkRow.subscription_id).in_(subscription_ids))
    return {(row[0], row[1], row[2]) for row in (await session.exec(query)).all()}
