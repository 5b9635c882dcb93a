"""Sign-ups that were about to be asked for, and what came of them."""

from datetime import datetime
from uuid import uuid4

from sqlmodel import Field, SQLModel, col, delete, select

from db.store.session import Session
from db.store.types import UtcDateTime


class SignUpIntentRow(SQLModel, table=True):
    """Written before Supabase is asked; `outcome` is what came of it, "" while nobody knows."""

    __tablename__ = "signup_intents"

    id: str = Field(default_factory=lambda: f"sui_{uuid4().hex}", primary_key=True)
    email: str
    outcome: str = Field(default="", index=True)
    user_id: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def find(session: Session, intent_id: str) -> SignUpIntentRow | None:
    """Global: the intent, its row locked until the transaction ends."""
    query = select(SignUpIntentRow).where(SignUpIntentRow.id == intent_id).with_for_update()
    return (await session.exec(query)).one_or_none()


async def unresolved(session: Session, before: datetime, limit: int) -> list[SignUpIntentRow]:
    """Global: those of which nobody knows what came, written before that time."""
    query = select(SignUpIntentRow).where(
        SignUpIntentRow.outcome == "", SignUpIntentRow.created_at < before
    )
    query = query.order_by(col(SignUpIntentRow.created_at)).limit(limit)
    return list((await session.exec(query)).all())


async def purge(session: Session, before: datetime) -> None:
    """Global: drop those that were resolved before that time."""
    await session.exec(
        delete(SignUpIntentRow).where(
            col(SignUpIntentRow.outcome) != "", col(SignUpIntentRow.created_at) < before
        )
    )
