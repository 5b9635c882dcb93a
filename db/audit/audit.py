"""The audit log: who did what to what, with before and after; nothing in it ever changes."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement
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


def matching(wanted: AuditFilter) -> tuple[ColumnElement[bool], ...]:
    """What a query of these lines asks for."""
    row, words = AuditEntry, wanted.words
    named = ((row.subject_id, wanted.subject_id), (row.outcome, wanted.outcome))
    exact = (*named, (row.operator_kind, wanted.operator_kind))
    found = [col(field) == value for field, value in exact if value]
    if words:
        fields = (row.action, row.operator_name, row.subject_id)
        found.append(or_(*(col(field).icontains(words, autoescape=True) for field in fields)))
    return tuple(found)


async def page(
    session: Session, wanted: AuditFilter, *, before_id: int | None = None, limit: int = 50
) -> list[AuditEntry]:
    """Global: the newest of these lines first, older than `before_id`."""
    query = select(AuditEntry).where(*matching(wanted))
    query = query.order_by(col(AuditEntry.id).desc()).limit(limit)
    if before_id is not None:
        query = query.where(col(AuditEntry.id) < before_id)
    return list((await session.exec(query)).all())
