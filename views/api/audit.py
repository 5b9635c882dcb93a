"""The audit log as the API tells it."""

from typing import Any

import orjson
from pydantic import BaseModel, Field

from services.audit import AuditRecord
from views.api.kit.wire import DEFAULT_PAGE, LARGEST_PAGE, LONGEST_NAME, Query, cut, timestamp

LARGEST_ID = 2**31 - 1


class AuditQuery(Query):
    """Which lines."""

    subject: str = Field(
        "", max_length=LONGEST_NAME, description="Id of a license, customer or plan"
    )
    limit: int = Field(DEFAULT_PAGE, ge=1, le=LARGEST_PAGE, description="Maximum number of entries")
    cursor: int | None = Field(
        None,
        ge=1,
        le=LARGEST_ID,
        description="Value of `next` in the previous answer; newest entries without it",
    )


class AuditLine(BaseModel):
    """One change: operator, action and subject."""

    id: int
    at: str
    operator_kind: str = Field(
        description="Kind of operator: slack, admin_key, license, timer or command"
    )
    operator_id: str
    operator_name: str
    action: str = Field(description="Feature and verb, as `licenses.suspend`")
    outcome: str = Field(description="Result of the action: done, refused, failed or dry_run")
    subject_kind: str
    subject_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class AuditPage(BaseModel):
    """The newest lines first."""

    lines: list[AuditLine]
    next: int | None = Field(description="The cursor of what is older; null at the end")


def audit_page(lines: tuple[AuditRecord, ...], limit: int) -> AuditPage:
    """Up to `limit` lines, of which there may be one more."""
    shown, following = cut(lines, limit, lambda one: one.id)
    return AuditPage(lines=[_line(one) for one in shown], next=following)


def _line(line: AuditRecord) -> AuditLine:
    return AuditLine(
        id=line.id,
        at=timestamp(line.at),
        operator_kind=line.operator.kind,
        operator_id=line.operator.id,
        operator_name=line.operator.name,
        action=line.action,
        outcome=line.outcome,
        subject_kind=line.subject.kind,
        subject_id=line.subject.id,
        before=orjson.loads(line.before) if line.before else None,
        after=orjson.loads(line.after) if line.after else None,
    )
