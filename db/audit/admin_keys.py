"""Keys of the admin API: who may use it, as digests only."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, SQLModel, col, select

from db.store.session import Session
from db.store.types import Digest, UtcDateTime


class AdminKey(SQLModel, table=True):
    """One key; `digest` is HMAC-SHA-256 under the pepper, the key itself is never kept."""

    __tablename__ = "admin_keys"

    id: str = Field(primary_key=True)
    name: str
    digest: bytes = Field(unique=True, sa_type=Digest)
    created_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def of_digests(session: Session, digests: Sequence[bytes]) -> list[AdminKey]:
    """Global: the keys that still hold and have one of these digests."""
    query = select(AdminKey).where(
        col(AdminKey.digest).in_(digests), col(AdminKey.revoked_at).is_(None)
    )
    return list((await session.exec(query)).all())


async def named(session: Session, name: str) -> list[AdminKey]:
    """Global: every key of this name that still holds, locked until the transaction ends."""
    query = (
        select(AdminKey)
        .where(AdminKey.name == name, col(AdminKey.revoked_at).is_(None))
        .with_for_update()
    )
    return list((await session.exec(query)).all())
