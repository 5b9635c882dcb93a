"""Idempotency keys that were used: which request each was for, and its answer, sealed."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from db.store.session import Session
from db.store.types import Encrypted, UtcDateTime


class IdempotentRequest(SQLModel, table=True):
    """One use of a key; `id` is a digest of whose key it is, and for what.

    `content` is a digest of what was asked. `subject_id` is what the answer is about, so that it is
    deleted with its customer. `answer` is empty until the transaction that claimed the key ends.
    """

    __tablename__ = "idempotent_requests"

    id: str = Field(primary_key=True)
    content: str
    subject_id: str = Field(default="", index=True)
    answer: bytes | None = Field(default=None, sa_type=Encrypted)
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)


async def claim(
    session: Session, request_id: str, content: str, now: datetime
) -> IdempotentRequest:
    """Global: the key's row, without an answer if this transaction is the first to use it.

    Whoever comes with the same key at once waits here until that transaction ends.
    """
    values = {"id": request_id, "content": content, "subject_id": "", "created_at": now}
    await session.execute(insert(IdempotentRequest).values(values).on_conflict_do_nothing())
    return await session.get_one(IdempotentRequest, request_id)


async def forget(session: Session, before: datetime) -> None:
    """Global: delete what is older than that."""
    old = col(IdempotentRequest.created_at) < before
    await session.execute(delete(IdempotentRequest).where(old))
