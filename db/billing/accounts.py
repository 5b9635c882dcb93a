"""Customers as billing knows them, their access as it was last judged, prices, and effects."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, select

from db.store.session import Session
from db.store.types import JsonText, Money, UtcDateTime

PLATFORM = "platform"
LICENSE = "license"
FAMILIES = (PLATFORM, LICENSE)

WAITING = "waiting"
DONE = "done"
NEEDLESS = "needless"


class BillingCustomerRow(SQLModel, table=True):
    """A customer of ours and the one of Stripe's that is bound to it, None until there is one.

    `trial_ends_at` is the end of the one trial a customer gets, with or without a subscription;
    None: it is still to be had. `trial_plan` is what is tried without a subscription, "" for none.
    """

    __tablename__ = "billing_customers"

    customer_id: str = Field(primary_key=True, foreign_key="customers.id")
    stripe_customer_id: str | None = Field(default=None, unique=True)
    language: str = "en"
    trial_ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    trial_plan: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)


class BillingPriceRow(SQLModel, table=True):
    """A price of Stripe's and what it sells: a plan of a family, for an interval.

    `retired_at`: it renews, but is not sold any more. `amount` is in minor units. `lookup_key` is
    the name it had in Stripe's catalogue when it was put here, "" for none.
    """

    __tablename__ = "billing_prices"

    id: str = Field(primary_key=True)
    family: str
    plan: str
    interval: str
    interval_count: int = 1
    currency: str
    amount: int = Field(sa_type=Money)
    livemode: bool = False
    product_id: str = ""
    lookup_key: str = ""
    retired_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class BillingAccountRow(SQLModel, table=True):
    """What a customer has of one family, as it was last judged; `version` counts the changes.

    `look_at` is when time alone will change it.
    """

    __tablename__ = "billing_accounts"

    customer_id: str = Field(primary_key=True)
    family: str = Field(primary_key=True)
    state: str = "none"
    allowed: bool = False
    rule: str = "no_subscription"
    plan: str = ""
    subscription_id: str = ""
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    look_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 0


class BillingEffectRow(SQLModel, table=True):
    """Something that follows from facts, once: `key` names the fact that it follows from.

    `state` is waiting (a card that must still be posted), done, or needless: when it was time for
    it there was nothing to tell any more.
    """

    __tablename__ = "billing_effects"

    key: str = Field(primary_key=True)
    customer_id: str | None = Field(default=None, index=True)
    family: str = ""
    kind: str
    subscription_id: str = Field(default="", index=True)
    values: str = Field(default="{}", sa_type=JsonText)
    state: str = WAITING
    note: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def customer(
    session: Session, customer_id: str, *, lock: bool = False
) -> BillingCustomerRow | None:
    """What billing knows of the customer; `lock` holds the row until the transaction ends."""
    query = select(BillingCustomerRow).where(BillingCustomerRow.customer_id == customer_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).one_or_none()


async def customers(session: Session, customer_ids: Sequence[str]) -> list[BillingCustomerRow]:
    """Global: what billing knows of these customers."""
    query = select(BillingCustomerRow).where(col(BillingCustomerRow.customer_id).in_(customer_ids))
    return list((await session.exec(query)).all())


async def claim_customer(session: Session, customer_id: str, now: datetime) -> BillingCustomerRow:
    """The customer's row, made when there was none, and locked until the transaction ends.

    The customer exists.
    """
    row = insert(BillingCustomerRow).values(
        BillingCustomerRow(customer_id=customer_id, created_at=now).model_dump()
    )
    await session.execute(row.on_conflict_do_nothing())
    found = await customer(session, customer_id, lock=True)
    if found is None:
        raise LookupError(customer_id)
    return found


async def of_stripe(session: Session, stripe_customer_id: str) -> BillingCustomerRow | None:
    """Global: the customer that this one of Stripe's is bound to."""
    query = select(BillingCustomerRow).where(
        BillingCustomerRow.stripe_customer_id == stripe_customer_id
    )
    return (await session.exec(query)).one_or_none()


async def prices(session: Session, price_ids: Sequence[str] = ()) -> list[BillingPriceRow]:
    """Global: these prices, or all, the cheapest first."""
    query = select(BillingPriceRow)
    if price_ids:
        query = query.where(col(BillingPriceRow.id).in_(price_ids))
    order = (BillingPriceRow.family, BillingPriceRow.amount, BillingPriceRow.id)
    return list((await session.exec(query.order_by(*map(col, order)))).all())


async def account(session: Session, customer_id: str, family: str) -> BillingAccountRow:
    """What the customer has of this family, made when there was none, and locked."""
    new = BillingAccountRow(customer_id=customer_id, family=family)
    await session.execute(
        insert(BillingAccountRow).values(**new.model_dump()).on_conflict_do_nothing()
    )
    query = select(BillingAccountRow).where(
        BillingAccountRow.customer_id == customer_id, BillingAccountRow.family == family
    )
    query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).one()


async def accounts(session: Session, customer_id: str) -> list[BillingAccountRow]:
    """What the customer has, by family."""
    query = select(BillingAccountRow).where(BillingAccountRow.customer_id == customer_id)
    return list((await session.exec(query.order_by(col(BillingAccountRow.family)))).all())


async def due(session: Session, now: datetime, limit: int) -> list[str]:
    """Global: customers whose access time alone may have changed, the longest due first."""
    query = select(BillingAccountRow.customer_id).where(col(BillingAccountRow.look_at) <= now)
    query = query.order_by(col(BillingAccountRow.look_at)).limit(limit)
    return list(dict.fromkeys((await session.exec(query)).all()))


async def add_effect(session: Session, effect: BillingEffectRow) -> bool:
    """Global: write an effect; False when it was written before."""
    query = insert(BillingEffectRow).values(**effect.model_dump()).on_conflict_do_nothing()
    written = await session.execute(query.returning(col(BillingEffectRow.key)))
    return written.scalar_one_or_none() is not None


async def effect(session: Session, key: str, *, lock: bool = False) -> BillingEffectRow | None:
    """Global: one effect by its key."""
    query = select(BillingEffectRow).where(BillingEffectRow.key == key)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).one_or_none()


async def effects(session: Session, customer_id: str, limit: int = 500) -> list[BillingEffectRow]:
    """The customer's effects, the newest first."""
    query = select(BillingEffectRow).where(BillingEffectRow.customer_id == customer_id)
    newest = (col(BillingEffectRow.created_at).desc(), col(BillingEffectRow.key))
    return list((await session.exec(query.order_by(*newest).limit(limit))).all())


async def known_effects(session: Session, keys: Sequence[str]) -> set[str]:
    """Global: which of these were written before."""
    query = select(BillingEffectRow.key).where(col(BillingEffectRow.key).in_(keys))
    return set((await session.exec(query)).all())
