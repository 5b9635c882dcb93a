"""The audit log: who did what to what, with before and after; nothing in it ever changes."""

from datetime import datetime
from typing import NamedTuple

from sqlmodel import Field, SQLModel, col, or_, select

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


class AuditFilter(NamedTuple):
    """Which lines; "" means any. `words` stand in action, name or subject."""

    subject_id: str = ""
    words: str = ""
    operator_kind: str = ""
    outcome: str = ""


async def page(
    session: Session, wanted: AuditFilter, *, before_id: int | None = None, limit: int = 50
) -> list[AuditEntry]:
    """Global: the newest of these lines first, older than `before_id`."""
    query = select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(limit)
    if wanted.subject_id:
        query = query.where(AuditEntry.subject_id == wanted.subject_id)
    if wanted.operator_kind:
        query = query.where(AuditEntry.operator_kind == wanted.operator_kind)
    if wanted.outcome:
        query = query.where(AuditEntry.outcome == wanted.outcome)
    if wanted.words:
        fields = (AuditEntry.action, AuditEntry.operator_name, AuditEntry.subject_id)
        found = (col(field).icontains(wanted.words, autoescape=True) for field in fields)
        query = query.where(or_(*found))
    if before_id is not None:
        query = query.where(col(AuditEntry.id) < before_id)
    return list((await session.exec(query)).all())
