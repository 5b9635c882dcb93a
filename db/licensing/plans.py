"""Plans: every version ever sold, and the stock of those that are limited."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Field, SQLModel, col, select

from db.store.session import Session
from db.store.types import JsonText, Money, UtcDateTime


class PlanVersion(SQLModel, table=True):
    """One version of a plan, never changed: licenses keep the version they were sold with.

    `features`, `providers` (in the order they are tried) and `models` are JSON lists; None as
    `monthly_requests` or `max_sites` means unlimited.
    """

    __tablename__ = "plans"

    name: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    display_name: str
    price_minor: int = Field(sa_type=Money)
    currency: str
    features: str = Field(sa_type=JsonText)
    monthly_requests: int | None = None
    max_sites: int | None = None
    ai_included: bool = False
    own_key: bool = False
    providers: str = Field(sa_type=JsonText)
    models: str = Field(sa_type=JsonText)
    max_tokens: int
    hourly_requests: int
    lifetime: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)


class PlanStock(SQLModel, table=True):
    """How many licenses of a limited plan there are; plans without a row are not limited."""

    __tablename__ = "plan_stock"

    plan: str = Field(primary_key=True)
    total: int
    sold: int = 0


async def current(session: Session) -> list[PlanVersion]:
    """Global: the newest version of every plan, by price."""
    query = (
        select(PlanVersion)
        .ext(distinct_on(col(PlanVersion.name)))
        .order_by(col(PlanVersion.name), col(PlanVersion.version).desc())
    )
    rows = (await session.exec(query)).all()
    return sorted(rows, key=lambda row: (row.lifetime, row.price_minor, row.name))


async def newest(session: Session, name: str) -> PlanVersion | None:
    """Global: the plan as it is sold now."""
    query = select(PlanVersion).where(PlanVersion.name == name)
    query = query.order_by(col(PlanVersion.version).desc()).limit(1)
    return (await session.exec(query)).one_or_none()


async def version(session: Session, name: str, number: int) -> PlanVersion | None:
    """Global: the plan as it was sold."""
    return await session.get(PlanVersion, (name, number))


async def lock(session: Session, name: str) -> None:
    """Global: keep others from revising this plan until the transaction ends."""
    first = select(PlanVersion.version).where(PlanVersion.name == name, PlanVersion.version == 1)
    await session.exec(first.with_for_update())


async def stock(session: Session, name: str) -> PlanStock | None:
    """Global: what is left of a limited plan; None when it is not limited."""
    return await session.get(PlanStock, name, populate_existing=True)


async def sell(session: Session, name: str) -> bool:
    """Global: take one out of the stock; False when none is left. Unlimited plans always have one.

    The row stays locked until the transaction ends, and comes back when it rolls back.
    """
    take = (
        update(PlanStock)
        .where(col(PlanStock.plan) == name, col(PlanStock.sold) < col(PlanStock.total))
        .values(sold=PlanStock.sold + 1)
        .returning(col(PlanStock.sold))
    )
    taken = (await session.execute(take)).scalar_one_or_none()
    return taken is not None or await stock(session, name) is None


async def restock(session: Session, name: str, total: int) -> bool:
    """Global: change how many there are; False below what is sold, or of an unlimited plan."""
    change = (
        update(PlanStock)
        .where(col(PlanStock.plan) == name, col(PlanStock.sold) <= total)
        .values(total=total)
        .returning(col(PlanStock.total))
    )
    return (await session.execute(change)).scalar_one_or_none() is not None
