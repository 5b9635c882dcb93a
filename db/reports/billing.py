"""Rows of exports about money: subscriptions, what moved revenue, and months that are closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, Numeric, Select, Text, case, cast, func, select, type_coerce
from sqlalchemy.orm import Mapped
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col

from db.billing.revenue import MrrDayRow, MrrLineRow, MrrMonthRow, MrrMovementRow
from db.billing.subscriptions import StripeSubscriptionRow
from db.licensing.customers import CustomerRow
from db.store.session import Session

DOWN = ("contraction", "churn")
Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class SoughtSubscriptions:
    """Which ones: every word in address, name or id; of this status of Stripe's, "" for all."""

    words: tuple[str, ...] = ()
    status: str = ""


def subscriptions(wanted: SoughtSubscriptions) -> Query:
    """Subscriptions, the newest first, with who pays and what they counted as on the last day.

    A subscription's own price, and a month of it rounded; None where it did not count.
    """
    row, line = StripeSubscriptionRow, MrrLineRow
    last = select(func.max(MrrDayRow.day)).scalar_subquery()
    mine = (col(line.subscription_id) == row.id) & (col(line.day) == last)
    monthly = func.round(cast(line.numerator, Numeric) / line.denominator)
    at_period_end = case((col(row.cancel_at_period_end), col(row.period_end)))
    ends = func.coalesce(row.ended_at, row.cancel_at, at_period_end)
    return (
        select(
            col(row.id),
            col(row.customer_id),
            col(CustomerRow.email),
            col(CustomerRow.name),
            col(row.plan),
            col(row.status),
            col(row.quantity),
            col(row.amount),
            col(row.currency),
            col(row.interval),
            cast(monthly, BigInteger),
            col(line.counted),
            col(row.created_at),
            col(row.trial_end),
            col(row.period_end),
            ends,
        )
        .outerjoin(CustomerRow, col(CustomerRow.id) == row.customer_id)
        .outerjoin(line, mine)
        .where(col(row.created_at).is_not(None), *_sought(wanted))
        .order_by(col(row.created_at).desc(), col(row.id).desc())
    )


def movements(first: date, last: date) -> Query:
    """What moved on these days, the oldest first; what takes away is below zero."""
    row = MrrMovementRow
    amount = _minor(col(row.amount))
    signed = case((col(row.kind).in_(DOWN), -amount), else_=amount)
    return (
        select(
            col(row.day),
            col(row.customer_id),
            col(CustomerRow.email),
            col(CustomerRow.name),
            col(row.kind),
            signed,
            col(row.currency),
        )
        .outerjoin(CustomerRow, col(CustomerRow.id) == row.customer_id)
        .where(col(row.day) >= first, col(row.day) <= last)
        .order_by(col(row.day), col(row.customer_id), col(row.currency))
    )


def closed_months() -> Query:
    """Closed months, the newest first, a row for each currency."""
    row = MrrMonthRow
    moved = (row.opening, row.new, row.reactivation, row.expansion)
    lost = (row.contraction, row.churn)
    rest = (row.moved, row.closing, row.trial, row.committed)
    amounts = (
        *(_minor(col(one)) for one in moved),
        *(-_minor(col(one)) for one in lost),
        *(_minor(col(one)) for one in rest),
    )
    query = select(col(row.month), col(row.currency), *amounts)
    return query.order_by(col(row.month).desc(), col(row.currency))


async def first_rows(session: Session, rows: Query, limit: int) -> Sequence[Sequence[Any]]:
    """Global: the first so many of these rows."""
    return (await session.execute(rows.limit(limit))).all()


def _sought(wanted: SoughtSubscriptions) -> list[ColumnElement[bool]]:
    row = StripeSubscriptionRow
    found: list[ColumnElement[bool]] = [
        col(CustomerRow.email).icontains(word, autoescape=True)
        | col(CustomerRow.name).icontains(word, autoescape=True)
        | col(row.id).icontains(word, autoescape=True)
        for word in wanted.words
    ]
    return [*found, col(row.status) == wanted.status] if wanted.status else found


def _minor(exact: Mapped[Fraction]) -> ColumnElement[Any]:
    """A fraction `29900/12` in whole minor units, halves away from zero."""
    above, below = (
        cast(func.split_part(type_coerce(exact, Text), "/", part), Numeric) for part in (1, 2)
    )
    return cast(func.round(above / below), BigInteger)
