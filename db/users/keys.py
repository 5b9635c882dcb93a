"""Keys at OpenRouter, each a row before it is asked for and until it is gone there."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel, col, select

from db.store.session import Session
from db.store.types import Encrypted, UtcDateTime
from db.users.users import Dollars

MAKING = "making"
ACTIVE = "active"
TO_REVOKE = "to_revoke"
REVOKED = "revoked"
LIVE = (MAKING, ACTIVE)


class UserKeyRow(SQLModel, table=True):
    """One key. `making` is the intent, with the secret once it is ours; `active` is the mapping.

    `key_hash` is the provider's id of it; `asked_at` is when it was asked for without a clear no:
    then one may be there that we do not know. `key_limit` in dollars, None for no limit.
    """

    __tablename__ = "openrouter_user_keys"
    __table_args__ = (
        Index(
            "uq_openrouter_user_keys_live",
            "user_id",
            unique=True,
            postgresql_where=text("status IN ('making', 'active')"),
        ),
    )

    id: str = Field(default_factory=lambda: f"ork_{uuid4().hex}", primary_key=True)
    user_id: str = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    key_name: str
    key_hash: str | None = Field(default=None, unique=True)
    key: bytes | None = Field(default=None, sa_type=Encrypted)
    key_limit: Decimal | None = Field(default=None, sa_type=Dollars)
    disabled: bool = False
    status: str = Field(default=MAKING, index=True)
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def live(session: Session, user_id: str, *, lock: bool = False) -> UserKeyRow | None:
    """The user's one key that is being made or works."""
    query = select(UserKeyRow).where(
        UserKeyRow.user_id == user_id, col(UserKeyRow.status).in_(LIVE)
    )
    return (await session.exec(query.with_for_update() if lock else query)).one_or_none()


async def of_user(session: Session, user_id: str) -> list[UserKeyRow]:
    """All the user's keys, the newest first."""
    query = select(UserKeyRow).where(UserKeyRow.user_id == user_id)
    return list((await session.exec(query.order_by(col(UserKeyRow.created_at).desc()))).all())


async def find(session: Session, key_id: str, *, lock: bool = False) -> UserKeyRow | None:
    """Global: one key by our id of it."""
    query = select(UserKeyRow).where(UserKeyRow.id == key_id)
    return (await session.exec(query.with_for_update() if lock else query)).one_or_none()


async def to_revoke(session: Session, user_id: str, limit: int) -> list[UserKeyRow]:
    """Keys that are to be ended at the provider, the oldest first; Global for user "": all."""
    query = select(UserKeyRow).where(UserKeyRow.status == TO_REVOKE)
    if user_id:
        query = query.where(UserKeyRow.user_id == user_id)
    return list((await session.exec(query.order_by(col(UserKeyRow.created_at)).limit(limit))).all())


async def working(session: Session) -> list[UserKeyRow]:
    """Global: every mapping."""
    return list((await session.exec(select(UserKeyRow).where(UserKeyRow.status == ACTIVE))).all())


async def known(session: Session, hashes: Iterable[str]) -> set[str]:
    """Global: which of the provider's ids we have a row for, in whatever state."""
    query = select(UserKeyRow.key_hash).where(col(UserKeyRow.key_hash).in_(list(hashes)))
    return {found for found in (await session.exec(query)).all() if found}
