"""Since when each key and secret of the settings is in use: digests only, never a value."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func
from sqlalchemy import select as counted
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, select

from db.audit.admin_keys import AdminKey
from db.store.session import Session
from db.store.types import Digest, UtcDateTime, encrypted_columns


class KeyAgeRow(SQLModel, table=True):
    """A value that a setting had: `name` says which, `digest` is its HMAC under the pepper."""

    __tablename__ = "key_ages"

    name: str = Field(primary_key=True)
    digest: bytes = Field(primary_key=True, sa_type=Digest)
    first_seen: datetime = Field(sa_type=UtcDateTime)


async def see(session: Session, rows: Sequence[KeyAgeRow]) -> None:
    """Global: note those that were never seen before."""
    for row in rows:
        await session.execute(insert(KeyAgeRow).values(**row.model_dump()).on_conflict_do_nothing())


async def ages(session: Session) -> Mapping[tuple[str, bytes], datetime]:
    """Global: since when each is known."""
    rows = (await session.exec(select(KeyAgeRow))).all()
    return {(row.name, row.digest): row.first_seen for row in rows}


async def sealed(session: Session) -> Mapping[str, Mapping[str, int]]:
    """Global: by key id, how many values of which column are sealed under it."""
    found: dict[str, dict[str, int]] = {}
    for column in encrypted_columns(SQLModel.metadata):
        # As in db/store/vault.py: a version, the length of the key's id, the id.
        key_id = func.convert_from(func.substring(column, 3, func.get_byte(column, 1)), "UTF8")
        query = counted(key_id.label("key"), func.count().label("values"))
        query = query.where(func.length(column) > 2).group_by(key_id)
        for row in (await session.execute(query)).mappings():
            found.setdefault(str(row["key"]), {})[str(column)] = int(row["values"])
    return found


async def admin_keys(session: Session) -> Sequence[AdminKey]:
    """Global: keys of the admin API that still hold, the oldest first."""
    query = select(AdminKey).where(col(AdminKey.revoked_at).is_(None))
    return (await session.exec(query.order_by(col(AdminKey.created_at)))).all()
