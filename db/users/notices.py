"""When the ops channel was last told of a lasting trouble with users."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, delete

from db.store.session import Session
from db.store.types import UtcDateTime


class UserNoticeRow(SQLModel, table=True):
    """One kind of trouble, and when it was told last."""

    __tablename__ = "user_notices"

    kind: str = Field(primary_key=True)
    told_at: datetime = Field(sa_type=UtcDateTime)


async def claim(session: Session, kind: str, now: datetime, since: datetime) -> bool:
    """Global: whether it is ours to tell, because nobody has since then."""
    written = insert(UserNoticeRow).values(kind=kind, told_at=now)
    claimed = written.on_conflict_do_update(
        index_elements=["kind"],
        set_={"told_at": now},
        where=col(UserNoticeRow.told_at) < since,
    ).returning(col(UserNoticeRow.kind))
    return (await session.execute(claimed)).scalar_one_or_none() is not None


async def release(session: Session, kind: str) -> None:
    """Global: it could not be told, so the next one tries."""
    await session.exec(delete(UserNoticeRow).where(col(UserNoticeRow.kind) == kind))
