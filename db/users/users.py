"""Users and their profiles, under the names by which people query them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Index, Numeric, Text, and_, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, func, select

from db.store.session import Session
from db.store.types import UtcDateTime

PENDING = "pending"
ACTIVE = "active"
FAILED = "failed"
REVOKED = "revoked"
# Dollars with cents; what a provider counts finer than that is read, not kept.
Dollars = Numeric(12, 2)


class UserRow(SQLModel, table=True):
    """Who signed up, by the id that Supabase Auth gave, or that we chose for it.

    `source` is `signup` or `admin`; `provisionings` counts the operations that were started for the
    user.
    """

    __tablename__ = "users"

    id: str = Field(primary_key=True)
    email: str = Field(index=True)
    source: str
    provisionings: int = 0
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class UserProfileRow(SQLModel, table=True):
    """How far a user is provisioned; mirrored to the profiles of Supabase.

    A key's name and its limit in dollars are there while the user has a key that works, which is
    while the status is `active`. `mirror_due_at` says since when the mirror is behind.
    """

    __tablename__ = "profiles"
    __table_args__ = (Index("ix_profiles_created_at", "created_at", "id"),)

    id: str = Field(primary_key=True, foreign_key="users.id", ondelete="CASCADE")
    email: str
    openrouter_key_name: str | None = None
    openrouter_key_limit: Decimal | None = Field(default=None, sa_type=Dollars)
    openrouter_provisioning_status: str = Field(default=PENDING, index=True)
    openrouter_provisioning_error: str = Field(default="", sa_type=Text)
    mirror_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class UserSettingsRow(SQLModel, table=True):
    """What was wished for one user; None is what everybody gets. Amounts in dollars."""

    __tablename__ = "user_settings"

    user_id: str = Field(primary_key=True, foreign_key="users.id", ondelete="CASCADE")
    initial_credits: int | None = None
    key_limit: Decimal | None = Field(default=None, sa_type=Dollars)
    key_disabled: bool = False


async def find(session: Session, user_id: str, *, lock: bool = False) -> UserRow | None:
    """The user; `lock` holds the row until the transaction ends."""
    query = select(UserRow).where(UserRow.id == user_id)
    return (await session.exec(query.with_for_update() if lock else query)).one_or_none()


async def of_email(session: Session, email: str) -> UserRow | None:
    """Global: the newest user with this address, which is lower case."""
    query = select(UserRow).where(UserRow.email == email)
    return (await session.exec(query.order_by(col(UserRow.created_at).desc()).limit(1))).first()


async def lock_address(session: Session, email: str) -> None:
    """Global: until the transaction ends nobody else creates a user of this address."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(email, 0))))


async def add(session: Session, row: UserRow) -> bool:
    """Global: write a new user; False when the id is known."""
    written = insert(UserRow).values(**row.model_dump()).on_conflict_do_nothing()
    answer = await session.execute(written.returning(col(UserRow.id)))
    return answer.scalar_one_or_none() is not None


async def profile(session: Session, user_id: str, *, lock: bool = False) -> UserProfileRow | None:
    """The user's profile, None before there is one."""
    query = select(UserProfileRow).where(UserProfileRow.id == user_id)
    return (await session.exec(query.with_for_update() if lock else query)).one_or_none()


async def ensure_profile(session: Session, row: UserProfileRow) -> UserProfileRow:
    """Global: the profile of that id, written when there was none; locked."""
    written = insert(UserProfileRow).values(**row.model_dump()).on_conflict_do_nothing()
    await session.execute(written)
    query = select(UserProfileRow).where(UserProfileRow.id == row.id).with_for_update()
    return (await session.exec(query)).one()


async def wishes(session: Session, user_id: str) -> UserSettingsRow:
    """What was wished for the user; a row not yet written when nothing was."""
    found = await session.get(UserSettingsRow, user_id)
    return found or UserSettingsRow(user_id=user_id)


UserRows = tuple[UserRow, UserProfileRow | None, UserSettingsRow | None]


async def page(
    session: Session, *, where: Sequence[ColumnElement[bool]], after: UserRow | None, limit: int
) -> list[UserRows]:
    """Global: users with profiles and wishes, the newest first, older than `after`.

    Who signed up a moment ago, or got stuck at the very first step, has no profile yet.
    """
    query = (
        select(UserRow, UserProfileRow, UserSettingsRow)
        .outerjoin(UserProfileRow, col(UserProfileRow.id) == col(UserRow.id))
        .outerjoin(UserSettingsRow, col(UserSettingsRow.user_id) == col(UserRow.id))
        .where(*where)
    )
    place = tuple_(col(UserRow.created_at), col(UserRow.id))
    if after is not None:
        query = query.where(place < (after.created_at, after.id))
    newest = (col(UserRow.created_at).desc(), col(UserRow.id).desc())
    return list((await session.exec(query.order_by(*newest).limit(limit))).all())


def is_provisioned() -> ColumnElement[bool]:
    """With a key that works."""
    return col(UserProfileRow.openrouter_provisioning_status) == ACTIVE


def is_unprovisioned() -> ColumnElement[bool]:
    """Without one: waiting, failed or revoked, or not begun."""
    return col(UserProfileRow.openrouter_provisioning_status).is_distinct_from(ACTIVE)


def has(words: Sequence[str]) -> list[ColumnElement[bool]]:
    """Every word in the address or the id."""
    return [
        col(UserRow.email).icontains(word, autoescape=True)
        | col(UserRow.id).icontains(word, autoescape=True)
        for word in words
    ]


async def without_key(session: Session, before: datetime, limit: int) -> list[UserRow]:
    """Global: users who wait since before that time, the oldest first."""
    query = (
        select(UserRow)
        .outerjoin(UserProfileRow, col(UserProfileRow.id) == col(UserRow.id))
        .where(
            UserRow.created_at < before,
            and_(
                col(UserProfileRow.openrouter_provisioning_status).is_distinct_from(ACTIVE),
                col(UserProfileRow.openrouter_provisioning_status).is_distinct_from(REVOKED),
            ),
        )
        .order_by(col(UserRow.created_at))
        .limit(limit)
    )
    return list((await session.exec(query)).all())


async def mirrors_due(session: Session, limit: int) -> list[UserProfileRow]:
    """Global: profiles whose mirror is behind, the longest first."""
    query = select(UserProfileRow).where(col(UserProfileRow.mirror_due_at).is_not(None))
    return list(
        (await session.exec(query.order_by(col(UserProfileRow.mirror_due_at)).limit(limit))).all()
    )
