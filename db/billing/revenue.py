"""Monthly recurring revenue as it was: a snapshot a day, what moved it, and months that are closed.

A closed month never changes: triggers on these tables see to it (`closed_month_is_kept`).
"""

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import BigInteger, Boolean, Dialect, Text
from sqlalchemy import select as grouped
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel, col, func, select

from db.billing.subscriptions import StripeInvoiceRow, StripeSubscriptionRow
from db.store.session import Session
from db.store.types import UtcDateTime

NEW, REACTIVATION = "new", "reactivation"
LOCK = "billing.mrr"


class Exact(TypeDecorator[Fraction]):
    """A fraction as text, `29900/12`: money that is rounded only when it is shown."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: Dialect) -> str | None:
        return None if value is None else f"{value.numerator}/{value.denominator}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> Fraction | None:
        return None if value is None else Fraction(value)


class MrrDayRow(SQLModel, table=True):
    """A day of the business that was taken: `ended` is its last moment, in its `zone`."""

    __tablename__ = "mrr_days"

    day: date = Field(primary_key=True)
    zone: str
    ended: datetime = Field(sa_type=UtcDateTime)
    taken_at: datetime = Field(sa_type=UtcDateTime)


class MrrLineRow(SQLModel, table=True):
    """A subscription at the end of a day: a month of it is `numerator / denominator` minor units.

    `counted` is paying or trial; `ending`: its end is planned.
    """

    __tablename__ = "mrr_lines"

    day: date = Field(primary_key=True)
    subscription_id: str = Field(primary_key=True)
    customer_id: str
    currency: str
    counted: str
    ending: bool = Field(default=False, sa_type=Boolean)
    numerator: int = Field(sa_type=BigInteger)
    denominator: int = Field(sa_type=BigInteger)


class MrrMovementRow(SQLModel, table=True):
    """A customer's change on a day, in one currency."""

    __tablename__ = "mrr_movements"

    day: date = Field(primary_key=True)
    customer_id: str = Field(primary_key=True, index=True)
    currency: str = Field(primary_key=True)
    kind: str
    amount: Fraction = Field(sa_type=Exact)


class MrrMonthRow(SQLModel, table=True):
    """A closed month in one currency; `opening` and flows give `closing`. `month` is its first."""

    __tablename__ = "mrr_months"

    month: date = Field(primary_key=True)
    currency: str = Field(primary_key=True)
    opening: Fraction = Field(sa_type=Exact)
    new: Fraction = Field(sa_type=Exact)
    expansion: Fraction = Field(sa_type=Exact)
    contraction: Fraction = Field(sa_type=Exact)
    churn: Fraction = Field(sa_type=Exact)
    reactivation: Fraction = Field(sa_type=Exact)
    moved: Fraction = Field(sa_type=Exact)
    closing: Fraction = Field(sa_type=Exact)
    trial: Fraction = Field(sa_type=Exact)
    committed: Fraction = Field(sa_type=Exact)


class MrrClosingRow(SQLModel, table=True):
    """A month that is closed, also one in which nothing was earned."""

    __tablename__ = "mrr_closings"

    month: date = Field(primary_key=True)
    closed_at: datetime = Field(sa_type=UtcDateTime)


async def lock(session: Session) -> None:
    """Global: one transaction at a time writes here."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(LOCK, 0))))


async def last_day(session: Session) -> MrrDayRow | None:
    """Global: the newest day that was taken."""
    query = select(MrrDayRow).order_by(col(MrrDayRow.day).desc()).limit(1)
    return (await session.exec(query)).first()


async def last_day_until(session: Session, day: date) -> date | None:
    """Global: the newest day that was taken, this one or an earlier one."""
    query = select(func.max(MrrDayRow.day)).where(MrrDayRow.day <= day)
    return (await session.exec(query)).one()


async def first_day(session: Session) -> date | None:
    """Global: the oldest day that was taken."""
    return (await session.exec(select(func.min(MrrDayRow.day)))).one()


async def lines(session: Session, day: date) -> list[MrrLineRow]:
    """Global: every subscription that counted at the end of this day."""
    return list((await session.exec(select(MrrLineRow).where(MrrLineRow.day == day))).all())


async def sums(
    session: Session, first: date, last: date
) -> list[tuple[date, str, str, bool, Fraction]]:
    """Global: by day, currency, way of counting and planned end, summed exactly."""
    day, currency = col(MrrLineRow.day), col(MrrLineRow.currency)
    counted, ending = col(MrrLineRow.counted), col(MrrLineRow.ending)
    below = col(MrrLineRow.denominator)
    query = (
        grouped(day, currency, counted, ending, below)
        .add_columns(func.sum(MrrLineRow.numerator).label("above"))
        .where(day >= first, day <= last)
        .group_by(day, currency, counted, ending, below)
        .order_by(day, currency)
    )
    rows = (await session.execute(query)).mappings()
    return [
        (
            row["day"],
            row["currency"],
            row["counted"],
            row["ending"],
            Fraction(int(row["above"]), row["denominator"]),
        )
        for row in rows
    ]


async def movements(session: Session, first: date, last: date) -> list[MrrMovementRow]:
    """Global: what moved on these days, the oldest first."""
    query = select(MrrMovementRow).where(MrrMovementRow.day >= first, MrrMovementRow.day <= last)
    order = (MrrMovementRow.day, MrrMovementRow.customer_id, MrrMovementRow.currency)
    return list((await session.exec(query.order_by(*map(col, order)))).all())


async def paid_ever(session: Session, customer_ids: Sequence[str]) -> set[str]:
    """Global: those of them who were new once."""
    query = select(MrrMovementRow.customer_id).where(
        col(MrrMovementRow.customer_id).in_(customer_ids),
        col(MrrMovementRow.kind).in_((NEW, REACTIVATION)),
    )
    return set((await session.exec(query.distinct())).all())


async def is_closed(session: Session, month: date) -> bool:
    """Global: whether the month is closed."""
    query = select(MrrClosingRow).where(MrrClosingRow.month == month)
    return (await session.exec(query)).one_or_none() is not None


async def last_closing(session: Session) -> date | None:
    """Global: the newest closed month."""
    return (await session.exec(select(func.max(MrrClosingRow.month)))).one()


async def months(session: Session, month: date) -> list[MrrMonthRow]:
    """Global: a closed month, a row for each currency."""
    query = select(MrrMonthRow).where(MrrMonthRow.month == month)
    return list((await session.exec(query.order_by(col(MrrMonthRow.currency)))).all())


async def closed_months(session: Session, limit: int) -> list[MrrMonthRow]:
    """Global: the newest closed months, of each a row for each currency."""
    newest = (
        grouped(col(MrrClosingRow.month)).order_by(col(MrrClosingRow.month).desc()).limit(limit)
    )
    query = select(MrrMonthRow).where(col(MrrMonthRow.month).in_(newest))
    order = (col(MrrMonthRow.month).desc(), col(MrrMonthRow.currency))
    return list((await session.exec(query.order_by(*order))).all())


async def counted(session: Session, after: str, limit: int) -> list[StripeSubscriptionRow]:
    """Global: subscriptions of ours that are not over, by id, after this one."""
    query = select(StripeSubscriptionRow).where(
        StripeSubscriptionRow.id > after,
        StripeSubscriptionRow.family != "",
        col(StripeSubscriptionRow.customer_id).is_not(None),
        col(StripeSubscriptionRow.status).not_in(("canceled", "incomplete_expired", "")),
    )
    return list(
        (await session.exec(query.order_by(col(StripeSubscriptionRow.id)).limit(limit))).all()
    )


async def payers(session: Session, customer_ids: Sequence[str]) -> set[str]:
    """Global: those of them who ever paid an invoice of more than nothing."""
    query = select(StripeInvoiceRow.customer_id).where(
        col(StripeInvoiceRow.customer_id).in_(customer_ids), StripeInvoiceRow.amount_paid > 0
    )
    return {one for one in (await session.exec(query.distinct())).all() if one is not None}
