"""Events that Stripe delivered: each kept once, as it came, with what became of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Index, Text, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, func, select

from db.store.session import Session
from db.store.types import JsonText, UtcDateTime

WAITING = "waiting"
WORKING = "working"
DONE = "done"
PARKED = "parked"
FOREIGN = "foreign"
KEPT = "kept"
STATES = (WAITING, WORKING, DONE, PARKED, FOREIGN, KEPT)
OPEN = (WAITING, WORKING)


class StripeEventRow(SQLModel, table=True):
    """One event. Stored is not done: `state` says what became of it.

    `payload` is the body as it was signed. `object_id`, `subscription_id` and `stripe_customer_id`
    are read from it, "" where there is none. `run` numbers its jobs, the newest alone acts, and
    only until `claimed_until`. `note` is why it waits, is parked or was kept.
    """

    __tablename__ = "stripe_events"
    __table_args__ = (
        Index(
            "stripe_events_open_idx",
            "received_at",
            postgresql_where=text("state IN ('waiting', 'working')"),
        ),
        Index("stripe_events_subscription_idx", "subscription_id", "created_at"),
        Index("stripe_events_customer_idx", "stripe_customer_id", "created_at"),
        Index("stripe_events_received_idx", "received_at", "id"),
    )

    id: str = Field(primary_key=True)
    type: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    livemode: bool
    account: str = ""
    api_version: str = ""
    object_id: str = ""
    subscription_id: str = ""
    stripe_customer_id: str = ""
    customer_id: str | None = None
    payload: str = Field(sa_type=JsonText)
    state: str = WAITING
    note: str = Field(default="", sa_type=Text)
    run: int = 1
    attempts: int = 0
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    received_at: datetime = Field(sa_type=UtcDateTime)
    handled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def store(session: Session, event: StripeEventRow) -> bool:
    """Global: keep a new event; False when it is here already."""
    query = insert(StripeEventRow).values(**event.model_dump()).on_conflict_do_nothing()
    written = await session.execute(query.returning(col(StripeEventRow.id)))
    return written.scalar_one_or_none() is not None


async def find(session: Session, event_id: str, *, lock: bool = False) -> StripeEventRow | None:
    """Global: the event; `lock` holds its row, read afresh, until the transaction ends."""
    query = select(StripeEventRow).where(StripeEventRow.id == event_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).one_or_none()


async def stuck(
    session: Session, now: datetime, age: timedelta, limit: int
) -> list[StripeEventRow]:
    """Global: events that nobody has handled for `age`, nor holds; locked, others' passed by."""
    free = col(StripeEventRow.claimed_until).is_(None) | (col(StripeEventRow.claimed_until) <= now)
    query = (
        select(StripeEventRow)
        .where(col(StripeEventRow.state).in_(OPEN), StripeEventRow.received_at <= now - age, free)
        .order_by(col(StripeEventRow.received_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list((await session.exec(query)).all())


async def parked_of(session: Session, stripe_customer_id: str) -> list[StripeEventRow]:
    """Global: events that wait for this customer of Stripe's to become known, locked."""
    query = select(StripeEventRow).where(
        StripeEventRow.stripe_customer_id == stripe_customer_id, StripeEventRow.state == PARKED
    )
    return list((await session.exec(query.with_for_update())).all())


async def of_subscriptions(
    session: Session, subscription_ids: Sequence[str], limit: int
) -> list[StripeEventRow]:
    """Global: the newest events about these subscriptions."""
    query = select(StripeEventRow).where(col(StripeEventRow.subscription_id).in_(subscription_ids))
    newest = (col(StripeEventRow.created_at).desc(), col(StripeEventRow.id).desc())
    return list((await session.exec(query.order_by(*newest).limit(limit))).all())


async def page(
    session: Session, *, state: str = "", before: StripeEventRow | None = None, limit: int = 50
) -> list[StripeEventRow]:
    """Global: the newest first, received before that one."""
    query = select(StripeEventRow)
    if state:
        query = query.where(StripeEventRow.state == state)
    if before is not None:
        older = (col(StripeEventRow.received_at) < before.received_at) | (
            (col(StripeEventRow.received_at) == before.received_at)
            & (col(StripeEventRow.id) < before.id)
        )
        query = query.where(older)
    newest = (col(StripeEventRow.received_at).desc(), col(StripeEventRow.id).desc())
    return list((await session.exec(query.order_by(*newest).limit(limit))).all())


async def newest_of(session: Session, stripe_customer_id: str) -> datetime | None:
    """Global: when the newest event about this customer of Stripe's was made, by its clock."""
    query = select(func.max(StripeEventRow.created_at)).where(
        StripeEventRow.stripe_customer_id == stripe_customer_id
    )
    return (await session.exec(query)).one()


async def counts(session: Session) -> dict[str, int]:
    """Global: how many events there are in each state."""
    query = select(StripeEventRow.state, func.count()).group_by(StripeEventRow.state)
    return dict((await session.exec(query)).all())


async def last_received(session: Session) -> datetime | None:
    """Global: when the newest event came."""
    return (await session.exec(select(func.max(StripeEventRow.received_at)))).one()
