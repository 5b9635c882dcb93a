"""The audit log: who did what to what, with before and after; nothing in it ever changes."""

from datetime import datetime

from sqlmodel import Field, SQLModel, col, select

from db.store.session import Session
from db.store.types import JsonText, UtcDateTime


class AuditEntry(SQLModel, table=True):
    """One line. A trigger of migration 0006 refuses every change and deletion."""

    __tablename__ = "audit_log"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    operator_kind: str
    operator_id: str
    operator_name: str = ""
    request: str = ""
    action: str
    outcome: str = "done"
    subject_kind: str
    subject_id: str = Field(index=True)
    before: str | None = Field(default=None, sa_type=JsonText)
    after: str | None = Field(default=None, sa_type=JsonText)


async def page(
    session: Session, *, subject_id: str = "", before_id: int | None = None, limit: int = 50
) -> list[AuditEntry]:
    """Global: the newest lines first, of one subject if named, older than `before_id`."""
    query = select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(limit)
    if subject_id:
        query = query.where(AuditEntry.subject_id == subject_id)
    if before_id is not None:
        query = query.where(col(AuditEntry.id) < before_id)
    return list((await session.exec(query)).all())
