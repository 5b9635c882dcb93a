"""What licenses have used: sums by month and by day, kept by the ledger's SQL functions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, Column, DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel, col, select

from db.store.session import Session
from db.store.types import Money


class UsageMonth(SQLModel, table=True):
    """One license's month (its first day, UTC), and its calls that have not ended yet.

    `calls` has for the id of each of the `held` ones when it was held (seconds since 1970), what
    it may cost and, once its answer has begun, with what it is charged if nobody ends it. `hits`
    is when the calls of the last hour were held, oldest first, never more than the limit; only
    the latest month has any.
    """

    __tablename__ = "usage_months"

    license_id: str = Field(primary_key=True)
    month: date = Field(primary_key=True)
    held: int
    used: int
    input_tokens: int = Field(sa_type=Money)
    output_tokens: int = Field(sa_type=Money)
    cost_micro: int = Field(sa_type=Money)
    held_micro: int = Field(sa_type=Money)
    calls: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False, server_default="{}"))
    hits: list[datetime] = Field(
        sa_column=Column(ARRAY(DateTime(timezone=True)), nullable=False, server_default="{}")
    )


class UsageDay(SQLModel, table=True):
    """One license's day with one model; `estimated` of the `requests` had no usage of their own."""

    __tablename__ = "usage_days"

    license_id: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    provider: str = Field(primary_key=True)
    model: str = Field(primary_key=True)
    requests: int
    input_tokens: int = Field(sa_type=Money)
    output_tokens: int = Field(sa_type=Money)
    cost_micro: int = Field(sa_type=Money)
    estimated: int


async def of_month(session: Session, license_id: str, month: date) -> UsageMonth | None:
    """The sums of one month, named by its first day; None when nothing was ever held in it."""
    return await session.get(UsageMonth, (license_id, month))


async def of_days(session: Session, license_id: str, since: date) -> list[UsageDay]:
    """The sums of every day from `since` on, newest day first."""
    query = (
        select(UsageDay)
        .where(UsageDay.license_id == license_id, UsageDay.day >= since)
        .order_by(col(UsageDay.day).desc(), col(UsageDay.provider), col(UsageDay.model))
    )
    return list((await session.exec(query)).all())
