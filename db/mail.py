"""The outbox of e-mails: what was queued for whom, and how its sending stands."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, select

from db.store.session import Session
from db.store.types import UtcDateTime

PENDING = "pending"
SENDING = "sending"
SENT = "sent"
FAILED = "failed"
UNCERTAIN = "uncertain"
DROPPED = "dropped"


class EmailRow(SQLModel, table=True):
    """One e-mail. Its text is written when it is sent, from `kind` and `subject_id`.

    `run` numbers the jobs that were started for it (only the newest may send), `attempts` counts
    the tries; `due_at` is when the next one starts, null when none is planned. `told`: somebody
    knows that it was lost.
    """

    __tablename__ = "emails"

    id: str = Field(default_factory=lambda: f"eml_{uuid4().hex}", primary_key=True)
    kind: str
    to_address: str
    subject_id: str = Field(index=True)
    dedupe: str = Field(unique=True)
    language: str
    state: str = Field(default=PENDING, index=True)
    attempts: int = 0
    run: int = 1
    message_id: str = ""
    last_error: str = Field(default="", sa_type=Text)
    created_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    told: bool = False


async def add(session: Session, email: EmailRow) -> bool:
    """Global: insert it; False when one with the same `dedupe` is there, however far it came."""
    values = email.model_dump()
    query = insert(EmailRow).values(**values).on_conflict_do_nothing(index_elements=["dedupe"])
    written = await session.execute(query.returning(col(EmailRow.id)))
    return written.scalar_one_or_none() is not None


async def find(session: Session, email_id: str, *, lock: bool = False) -> EmailRow | None:
    """Global: the e-mail; `lock` holds its row until the transaction ends."""
    query = select(EmailRow).where(EmailRow.id == email_id)
    if lock:
        query = query.with_for_update()
    return (await session.exec(query)).one_or_none()


async def page(
    session: Session, *, state: str = "", subject_id: str = "", before: str = "", limit: int = 50
) -> list[EmailRow]:
    """Global: the newest first, older than the e-mail `before`."""
    key = tuple_(col(EmailRow.created_at), col(EmailRow.id))
    query = (
        select(EmailRow)
        .order_by(col(EmailRow.created_at).desc(), col(EmailRow.id).desc())
        .limit(limit)
    )
    if state:
        query = query.where(EmailRow.state == state)
    if subject_id:
        query = query.where(EmailRow.subject_id == subject_id)
    last = await find(session, before) if before else None
    if last is not None:
        query = query.where(key < (last.created_at, last.id))
    return list((await session.exec(query)).all())


async def untold(session: Session, *, limit: int) -> list[tuple[str, str]]:
    """Global: id and state of those that failed, or are uncertain, and nobody was told of."""
    lost = col(EmailRow.state).in_((FAILED, UNCERTAIN))
    query = select(EmailRow.id, EmailRow.state).where(lost, ~col(EmailRow.told)).limit(limit)
    return [(email_id, state) for email_id, state in (await session.exec(query)).all()]


async def mark_told(session: Session, ids: Sequence[str]) -> None:
    """Global: somebody knows of these now."""
    await session.execute(update(EmailRow).where(col(EmailRow.id).in_(ids)).values(told=True))


async def stranded(session: Session, late: datetime, *, limit: int) -> list[EmailRow]:
    """Global: pending ones without a planned try, or whose try was due before `late`; locked."""
    query = (
        select(EmailRow)
        .where(EmailRow.state == PENDING)
        .where(col(EmailRow.due_at).is_(None) | (col(EmailRow.due_at) < late))
        .order_by(col(EmailRow.created_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list((await session.exec(query)).all())
