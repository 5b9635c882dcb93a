"""Companies that have, or will have, a database of their own, and how it is reached."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, Index, Text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, func, select

from db.store.session import Session
from db.store.types import Digest, Encrypted, JsonText, UtcDateTime

ONBOARDING = "onboarding"
NEEDS_PERSON = "needs_person"
FAILED = "failed"
READY = "ready"
PAUSED = "paused"
SUSPENDED = "suspended"
RESUMING = "resuming"
DELETING = "deleting"
DELETED = "deleted"


class TenantRow(SQLModel, table=True):
    """One company. Its database is known by `project_name`, written before anybody is asked.

    `signup_key` is a digest of address and company: a repeat finds the first. `asked_at` is when
    the provider was asked for a database without a clear no. `ref` is the provider's id of it, the
    columns from `host` to `address` its connection parts, "" and 0 before they are known.
    `changes` counts the operations of its lifecycle, `wait_until` ends the wait for its health.
    `customer_id` is who pays, "" for nobody yet; `suspended_by` is `operator` or `billing`.
    """

    __tablename__ = "tenants"
    __table_args__ = (
        Index("ix_tenants_created_at", "created_at", "id"),
        Index("uq_tenants_signup_key", "signup_key", unique=True),
    )

    id: str = Field(default_factory=lambda: f"ten_{uuid4().hex}", primary_key=True)
    onboarding_id: str = Field(default_factory=lambda: f"onb_{uuid4().hex}", unique=True)
    signup_key: bytes | None = Field(default=None, sa_type=Digest)
    company: str
    email: str = Field(index=True)
    language: str = "en"
    source: str
    slug: str | None = Field(default=None, unique=True)
    provider: str
    plan: str
    modules: str = Field(default="{}", sa_type=JsonText)
    state: str = Field(default=ONBOARDING, index=True)
    problem: str = Field(default="", sa_type=Text)
    project_name: str | None = Field(default=None, unique=True)
    password: bytes | None = Field(default=None, sa_type=Encrypted)
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ref: str = ""
    host: str = ""
    port: int = 0
    database_name: str = ""
    database_user: str = ""
    sslmode: str = ""
    mode: str = ""
    address: str = ""
    server_version: str = ""
    wait_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    looked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    changes: int = 0
    customer_id: str = Field(default="", index=True)
    suspended_by: str = ""
    reason: str = Field(default="", sa_type=Text)
    ready_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    trial_ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    delete_after: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


async def find(session: Session, tenant_id: str, *, lock: bool = False) -> TenantRow | None:
    """The tenant; `lock` holds the row until the transaction ends."""
    query = select(TenantRow).where(TenantRow.id == tenant_id)
    return (await session.exec(query.with_for_update() if lock else query)).one_or_none()


async def of_onboarding(session: Session, onboarding_id: str) -> TenantRow | None:
    """Global: by the id that whoever signed up was given."""
    query = select(TenantRow).where(TenantRow.onboarding_id == onboarding_id)
    return (await session.exec(query)).one_or_none()


async def of_slug(session: Session, slug: str) -> TenantRow | None:
    """Global: by the short name."""
    return (await session.exec(select(TenantRow).where(TenantRow.slug == slug))).one_or_none()


async def add(session: Session, row: TenantRow) -> bool:
    """Global: write a new one; False when that address and company have signed up before."""
    written = insert(TenantRow).values(**row.model_dump()).on_conflict_do_nothing()
    answer = await session.execute(written.returning(col(TenantRow.id)))
    return answer.scalar_one_or_none() is not None


async def of_signup(session: Session, signup_key: bytes) -> TenantRow:
    """Global: the one that this address and company signed up as."""
    return (await session.exec(select(TenantRow).where(TenantRow.signup_key == signup_key))).one()


async def with_database(session: Session, provider: str) -> list[TenantRow]:
    """Global: those of a provider for whom a database was ever asked, gone ones too."""
    query = select(TenantRow).where(
        TenantRow.provider == provider, col(TenantRow.project_name).is_not(None)
    )
    return list((await session.exec(query)).all())


async def lock_slugs(session: Session) -> None:
    """Global: until the transaction ends nobody else takes a short name."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("slugs", 0))))


async def slugs_like(session: Session, base: str) -> set[str]:
    """Global: short names that are taken and begin so; `base` has letters, digits and hyphens."""
    query = select(TenantRow.slug).where(col(TenantRow.slug).startswith(base))
    return {slug for slug in (await session.exec(query)).all() if slug}


async def page(
    session: Session, *, where: Sequence[ColumnElement[bool]], after: TenantRow | None, limit: int
) -> list[TenantRow]:
    """Global: the newest first, older than `after`."""
    query = select(TenantRow).where(*where)
    place = tuple_(col(TenantRow.created_at), col(TenantRow.id))
    if after is not None:
        query = query.where(place < (after.created_at, after.id))
    newest = (col(TenantRow.created_at).desc(), col(TenantRow.id).desc())
    return list((await session.exec(query.order_by(*newest).limit(limit))).all())


async def of_customer(session: Session, customer_id: str) -> list[TenantRow]:
    """The customer's tenants, locked, in the order of their ids."""
    query = select(TenantRow).where(TenantRow.customer_id == customer_id)
    return list((await session.exec(query.order_by(col(TenantRow.id)).with_for_update())).all())


def has(words: Iterable[str]) -> list[ColumnElement[bool]]:
    """Every word in company, address or short name."""
    return [
        col(TenantRow.company).icontains(word, autoescape=True)
        | col(TenantRow.email).icontains(word, autoescape=True)
        | col(TenantRow.slug).icontains(word, autoescape=True)
        for word in words
    ]


def sought(words: Iterable[str], state: str) -> list[ColumnElement[bool]]:
    """Those with every word, in this state; "" for any."""
    return [*has(words), in_states((state,))] if state else has(words)


def in_states(states: Iterable[str]) -> ColumnElement[bool]:
    """In one of these states."""
    return col(TenantRow.state).in_(list(states))


async def to_look_at(session: Session, before: datetime, limit: int) -> list[TenantRow]:
    """Global: those whose provider knows a database, not looked at since then, longest first."""
    query = select(TenantRow).where(
        in_states((READY, PAUSED, FAILED)),
        TenantRow.ref != "",
        func.coalesce(TenantRow.looked_at, TenantRow.created_at) < before,
    )
    query = query.order_by(col(TenantRow.looked_at).nulls_first(), col(TenantRow.id)).limit(limit)
    return list((await session.exec(query)).all())
