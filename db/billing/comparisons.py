"""Comparisons with Stripe: each run, whether it saw everything, and what differed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel, col, delete, select, update

from db.billing.subscriptions import StripeSubscriptionRow
from db.store.session import Session
from db.store.types import JsonText, UtcDateTime

RUNNING, COMPLETE, INCOMPLETE = "running", "complete", "incomplete"
OPEN, REPAIRED = "open", "repaired"


class BillingComparisonRow(SQLModel, table=True):
    """One run: `seen` subscriptions of Stripe's; `note` says why it is incomplete."""

    __tablename__ = "billing_comparisons"

    id: str = Field(primary_key=True)
    state: str = RUNNING
    seen: int = 0
    note: str = Field(default="", sa_type=Text)
    began_at: datetime = Field(sa_type=UtcDateTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class BillingDriftRow(SQLModel, table=True):
    """A subscription that is otherwise here than at Stripe; `values` by field: [here, there].

    `kind` is different, unknown_here or unknown_there.
    """

    __tablename__ = "billing_drifts"

    comparison_id: str = Field(
        primary_key=True, foreign_key="billing_comparisons.id", ondelete="CASCADE"
    )
    subscription_id: str = Field(primary_key=True)
    kind: str
    customer_id: str | None = None
    values: str = Field(default="{}", sa_type=JsonText)
    state: str = OPEN


async def latest(session: Session) -> BillingComparisonRow | None:
    """Global: the newest run."""
    query = select(BillingComparisonRow).order_by(col(BillingComparisonRow.began_at).desc())
    return (await session.exec(query.limit(1))).first()


async def drifts(session: Session, comparison_id: str) -> list[BillingDriftRow]:
    """Global: what differed, by subscription."""
    query = select(BillingDriftRow).where(BillingDriftRow.comparison_id == comparison_id)
    return list((await session.exec(query.order_by(col(BillingDriftRow.subscription_id)))).all())


async def drift(
    session: Session, comparison_id: str, subscription_id: str
) -> BillingDriftRow | None:
    """Global: one of them."""
    query = select(BillingDriftRow).where(
        BillingDriftRow.comparison_id == comparison_id,
        BillingDriftRow.subscription_id == subscription_id,
    )
    return (await session.exec(query)).one_or_none()


async def mark_repaired(session: Session, comparison_id: str, subscription_id: str) -> None:
    """Global: it was looked at again."""
    await session.execute(
        update(BillingDriftRow)
        .where(
            col(BillingDriftRow.comparison_id) == comparison_id,
            col(BillingDriftRow.subscription_id) == subscription_id,
        )
        .values(state=REPAIRED)
    )


async def rows(session: Session, ids: Sequence[str]) -> dict[str, StripeSubscriptionRow]:
    """Global: what is kept of these subscriptions, read afresh."""
    query = select(StripeSubscriptionRow).where(col(StripeSubscriptionRow.id).in_(ids))
    fresh = {"populate_existing": True}
    return {row.id: row for row in (await session.exec(query, execution_options=fresh)).all()}


async def living(session: Session, *, livemode: bool) -> set[str]:
    """Global: ids of ours that are not over here."""
    query = select(StripeSubscriptionRow.id).where(
        StripeSubscriptionRow.livemode == livemode,
        col(StripeSubscriptionRow.customer_id).is_not(None),
        col(StripeSubscriptionRow.missing).is_(False),
        col(StripeSubscriptionRow.status).not_in(("canceled", "incomplete_expired", "")),
    )
    return set((await session.exec(query)).all())


async def forget(session: Session, before: datetime) -> None:
    """Global: drop runs that began before."""
    await session.execute(
        delete(BillingComparisonRow).where(col(BillingComparisonRow.began_at) < before)
    )
