"""Licenses and their queries; keys are kept as digests to find and sealed to show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, Index, Text, func, text, tuple_
from sqlmodel import Field, SQLModel, and_, col, or_, select

from db.licensing.customers import CustomerRow
from db.store.session import Session
from db.store.types import Digest, Encrypted, Money, UtcDateTime

CHANNEL = "license_changed"
ACTIVE = "active"
EXPIRED = "expired"
SUSPENDED = "suspended"
CANCELLED = "cancelled"
# Suspended by billing, for want of a payment; nobody else sets or ends it.
UNPAID = "unpaid"
# A license runs by the calendar alone while it has one of these.
RUNNING = (ACTIVE, EXPIRED)


class LicenseRow(SQLModel, table=True):
    """One license.

    `expires_at` None is for life. `status` expired only says that the timer has told so: whether
    a running license is over is a matter of the clock. `noticed_days`: the last notice sent
    before this end. `order_digest` tells a repeated request from another one under its name.
    """

    __tablename__ = "licenses"
    __table_args__ = (
        Index("licenses_customer_id_idx", "customer_id"),
        Index("licenses_expires_at_idx", "expires_at"),
        Index("licenses_issued_at_idx", "issued_at", "id"),
    )

    id: str = Field(default_factory=lambda: f"lic_{uuid4().hex}", primary_key=True)
    customer_id: str = Field(foreign_key="customers.id")
    plan: str
    plan_version: int
    key_digest: bytes = Field(unique=True, sa_type=Digest)
    key: bytes = Field(sa_type=Encrypted)
    key_hint: str
    previous_digest: bytes | None = Field(default=None, unique=True, sa_type=Digest)
    previous_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    status: str = ACTIVE
    reason: str = Field(default="", sa_type=Text)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    activated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    issued_at: datetime = Field(sa_type=UtcDateTime)
    request_id: str = Field(unique=True)
    order_digest: str = ""
    domain: str = ""
    budget_micro: int | None = Field(default=None, sa_type=Money)
    noticed_days: int | None = None
    touched_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which licenses a list shows; "" means any. `status` is judged at the time `now`."""

    now: datetime
    words: tuple[str, ...] = ()
    customer_id: str = ""
    plan: str = ""
    status: str = ""


async def newest(session: Session) -> LicenseRow | None:
    """Global: the license that was issued last."""
    query = select(LicenseRow).order_by(col(LicenseRow.issued_at).desc()).limit(1)
    return (await session.exec(query)).one_or_none()


async def find(session: Session, license_id: str, *, lock: bool = False) -> LicenseRow | None:
    """The license; `lock` holds its row until the transaction ends, and reads it afresh."""
    query = select(LicenseRow).where(LicenseRow.id == license_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).one_or_none()


async def claim(session: Session, request_id: str) -> LicenseRow | None:
    """Global: what this request issued, if it did; the request is held until the end.

    Whoever asks with the same request at once waits here, and then finds the license.
    """
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended('license:' || :request, 0))")
    await session.execute(lock, {"request": request_id})
    query = select(LicenseRow).where(LicenseRow.request_id == request_id)
    return (await session.exec(query)).one_or_none()


async def of_digest(session: Session, digest: bytes, now: datetime) -> LicenseRow | None:
    """Global: the license with this key, or with this one as its old key that is still valid."""
    old = and_(LicenseRow.previous_digest == digest, col(LicenseRow.previous_until) > now)
    query = select(LicenseRow).where(or_(LicenseRow.key_digest == digest, old))
    return (await session.exec(query)).one_or_none()


async def is_known(session: Session, digest: bytes) -> bool:
    """Global: whether any license has or had this key."""
    known = or_(LicenseRow.key_digest == digest, LicenseRow.previous_digest == digest)
    return (await session.exec(select(LicenseRow.id).where(known))).first() is not None


async def of_customer(session: Session, customer_id: str) -> list[LicenseRow]:
    """Everything the customer holds, the newest first."""
    query = select(LicenseRow).where(LicenseRow.customer_id == customer_id)
    return list((await session.exec(query.order_by(col(LicenseRow.issued_at).desc()))).all())


async def of_ids(session: Session, ids: Sequence[str]) -> dict[str, LicenseRow]:
    """Global: these licenses by id, those that there are."""
    rows = await session.exec(select(LicenseRow).where(col(LicenseRow.id).in_(ids)))
    return {row.id: row for row in rows.all()}


async def page(
    session: Session, wanted: Wanted, *, after: LicenseRow | None, limit: int
) -> list[LicenseRow]:
    """Global: the newest first, older than `after`."""
    query = select(LicenseRow).join(CustomerRow, col(CustomerRow.id) == LicenseRow.customer_id)
    query = query.where(*matching(wanted))
    if after is not None:
        place = tuple_(col(LicenseRow.issued_at), col(LicenseRow.id))
        query = query.where(place < (after.issued_at, after.id))
    newest = (col(LicenseRow.issued_at).desc(), col(LicenseRow.id).desc())
    return list((await session.exec(query.order_by(*newest).limit(limit))).all())


def matching(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What a license and its customer, joined, must fulfil to be shown."""
    found: list[ColumnElement[bool]] = []
    texts = (
        *(CustomerRow.email, CustomerRow.name),
        *(LicenseRow.id, LicenseRow.domain, LicenseRow.key_hint),
    )
    for word in wanted.words:
        found.append(or_(*(col(one).icontains(word, autoescape=True) for one in texts)))
    if wanted.customer_id:
        found.append(col(LicenseRow.customer_id) == wanted.customer_id)
    if wanted.plan:
        found.append(col(LicenseRow.plan) == wanted.plan)
    if wanted.status:
        found.append(_has(wanted.status, wanted.now))
    return found


async def emails(session: Session, licenses: Sequence[LicenseRow]) -> dict[str, str]:
    """Global: the holders' addresses by customer id."""
    ids = {row.customer_id for row in licenses}
    query = select(CustomerRow.id, CustomerRow.email).where(col(CustomerRow.id).in_(ids))
    return {customer_id: email for customer_id, email in (await session.exec(query)).all()}


async def ended(session: Session, now: datetime, limit: int) -> list[LicenseRow]:
    """Global: licenses that are over and not yet told so, locked; others' locks are passed by."""
    query = (
        select(LicenseRow)
        .where(LicenseRow.status == ACTIVE, col(LicenseRow.expires_at) <= now)
        .order_by(col(LicenseRow.expires_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list((await session.exec(query)).all())


async def ending(
    session: Session, days: int, now: datetime, *, since: datetime, limit: int
) -> list[LicenseRow]:
    """Global: running licenses that end within `days` calendar days and were not told so, locked.

    Those that ended before `since` are left in peace.
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    query = (
        select(LicenseRow)
        .where(
            col(LicenseRow.status).in_(RUNNING),
            col(LicenseRow.expires_at) < midnight + timedelta(days=days + 1),
            col(LicenseRow.expires_at) > since,
            or_(col(LicenseRow.noticed_days).is_(None), col(LicenseRow.noticed_days) > days),
        )
        .order_by(col(LicenseRow.expires_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list((await session.exec(query)).all())


async def changed(session: Session, *digests: bytes | None) -> None:
    """Global: tell every process, when the transaction commits, to forget these keys' facts."""
    for digest in digests:
        if digest is not None:
            await session.execute(select(func.pg_notify(CHANNEL, digest.hex())))


def _has(status: str, now: datetime) -> ColumnElement[bool]:
    if status not in RUNNING:
        return col(LicenseRow.status) == status
    running, ends = col(LicenseRow.status).in_(RUNNING), col(LicenseRow.expires_at)
    return running & (ends <= now if status == EXPIRED else ends.is_(None) | (ends > now))
