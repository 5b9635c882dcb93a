"""Checkouts: each try to buy, its idempotency key, and the session that came of it."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel, col, func, or_, select

from db.billing.accounts import BillingCustomerRow, BillingPriceRow
from db.billing.subscriptions import StripeSubscriptionRow
from db.licensing.licenses import LicenseRow
from db.store.session import Session
from db.store.types import UtcDateTime

OPEN = "open"
CLOSED = "closed"


class BillingCheckoutRow(SQLModel, table=True):
    """One try to buy: its id is the idempotency key, and of the address it comes back to.

    `session_id` is "" until Stripe's answer came. Without `customer_id` it is bound to nobody of
    ours: whoever gave the address has not shown that it is theirs. `trial_days` or `trial_end`,
    or neither, as it was offered. `network` is where an anonymous one came from, "" for others.
    """

    __tablename__ = "billing_checkouts"
    __table_args__ = (
        Index(
            "billing_checkouts_one_open_idx",
            "customer_id",
            unique=True,
            postgresql_where=text("state = 'open' AND customer_id IS NOT NULL"),
        ),
        Index("billing_checkouts_network_idx", "network", "created_at"),
        Index("billing_checkouts_email_idx", "email", "created_at"),
    )

    id: str = Field(primary_key=True)
    customer_id: str | None = Field(
        default=None, foreign_key="customers.id", ondelete="CASCADE", index=True
    )
    email: str
    family: str
    plan: str
    interval: str
    price_id: str
    trial_days: int | None = None
    trial_end: datetime | None = Field(default=None, sa_type=UtcDateTime)
    language: str = "en"
    network: str = ""
    session_id: str = Field(default="", index=True)
    state: str = OPEN
    created_at: datetime = Field(sa_type=UtcDateTime)


async def find(session: Session, checkout_id: str) -> BillingCheckoutRow | None:
    """Global: one by its id, which only who began it knows."""
    query = select(BillingCheckoutRow).where(BillingCheckoutRow.id == checkout_id)
    return (await session.exec(query)).one_or_none()


async def open_of(session: Session, customer_id: str) -> BillingCheckoutRow | None:
    """The customer's one open checkout."""
    query = select(BillingCheckoutRow).where(
        BillingCheckoutRow.customer_id == customer_id, BillingCheckoutRow.state == OPEN
    )
    return (await session.exec(query)).one_or_none()


async def open_unbound(session: Session, email: str) -> BillingCheckoutRow | None:
    """Global: the newest open checkout for this address that is bound to nobody."""
    query = select(BillingCheckoutRow).where(
        BillingCheckoutRow.email == email,
        col(BillingCheckoutRow.customer_id).is_(None),
        BillingCheckoutRow.state == OPEN,
    )
    newest = col(BillingCheckoutRow.created_at).desc()
    return (await session.exec(query.order_by(newest).limit(1))).first()


async def count_since(session: Session, network: str, since: datetime) -> int:
    """Global: how many anonymous ones were begun from this network since then."""
    query = select(func.count()).where(
        BillingCheckoutRow.network == network, BillingCheckoutRow.created_at >= since
    )
    return int((await session.exec(query)).one())


async def begun_by_strangers(session: Session, customer_id: str) -> bool:
    """Whether the customer is here for an anonymous checkout alone, and owns nothing yet."""
    began = select(BillingCheckoutRow.id).where(
        BillingCheckoutRow.customer_id == customer_id, BillingCheckoutRow.network != ""
    )
    if (await session.exec(began.limit(1))).first() is None:
        return False
    owned = (
        select(StripeSubscriptionRow.id).where(StripeSubscriptionRow.customer_id == customer_id),
        select(LicenseRow.id).where(LicenseRow.customer_id == customer_id),
        select(BillingCustomerRow.customer_id).where(
            BillingCustomerRow.customer_id == customer_id,
            col(BillingCustomerRow.trial_ends_at).is_not(None),
        ),
    )
    for query in owned:
        if (await session.exec(query.limit(1))).first() is not None:
            return False
    return True


async def lock_email(session: Session, email: str) -> None:
    """Global: let one transaction at a time begin a checkout for this address."""
    key = func.hashtextextended(f"billing.checkout:{email}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def price(session: Session, price_id: str, *, lock: bool = False) -> BillingPriceRow | None:
    """Global: one price of the catalogue."""
    query = select(BillingPriceRow).where(BillingPriceRow.id == price_id)
    return (await session.exec(query.with_for_update() if lock else query)).one_or_none()


async def sold(session: Session, *, livemode: bool) -> list[BillingPriceRow]:
    """Global: the prices of a mode that are sold now, the cheapest first."""
    query = select(BillingPriceRow).where(
        BillingPriceRow.livemode == livemode, col(BillingPriceRow.retired_at).is_(None)
    )
    order = (BillingPriceRow.family, BillingPriceRow.amount, BillingPriceRow.id)
    return list((await session.exec(query.order_by(*map(col, order)))).all())


async def subscription_of(session: Session, subscription_id: str) -> StripeSubscriptionRow | None:
    """Global: what is kept of a subscription, once it was looked at."""
    query = select(StripeSubscriptionRow).where(
        StripeSubscriptionRow.id == subscription_id,
        or_(StripeSubscriptionRow.seen_look > 0, col(StripeSubscriptionRow.missing)),
    )
    return (await session.exec(query)).one_or_none()
