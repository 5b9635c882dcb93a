"""The audit log: who did what to what, with before and after, in the change's own transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from db.audit.audit import AuditEntry, AuditFilter, page
from db.store.session import Database, Session
from services.actors import Operator

# What a line may say of a thing: plain values, never a secret.
Facts = Mapping[str, str | int | bool | list[str] | None]
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Subject:
    """What was done something to: `license`, `customer`, `plan`, `command` …, and its id."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Change:
    """What was different afterwards; `outcome` is `done`, `refused`, `failed` or `dry_run`."""

    before: Facts | None = None
    after: Facts | None = None
    outcome: str = "done"


NO_CHANGE = Change()


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One line as it is read; `before` and `after` are JSON objects or "" for nothing."""

    id: int
    at: datetime
    operator: Operator
    action: str
    outcome: str
    subject: Subject
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class AuditSearch:
    """Which lines a list shows; "" means any. `words` stand in action, name or subject."""

    words: str = ""
    operator_kind: str = ""
    outcome: str = ""


EVERYTHING = AuditSearch()


def note(
    session: Session,
    operator: Operator,
    action: str,
    subject: Subject,
    change: Change = NO_CHANGE,
) -> None:
    """Write a line when the session's transaction commits, never when it rolls back.

    `action` is feature and verb (`licenses.suspend`); keys, tokens and e-mail texts stay out.
    """
    session.add(_entry(operator, action, subject, change))


class Audit:
    """Reads the audit log; lines are written in the transaction of what they tell of."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lines(
        self,
        *,
        subject_id: str = "",
        search: AuditSearch = EVERYTHING,
        before_id: int | None = None,
        limit: int = 50,
    ) -> tuple[AuditRecord, ...]:
        """The newest first; `before_id` is the last line's id of the page before."""
        wanted = AuditFilter(subject_id, search.words, search.operator_kind, search.outcome)
        async with self._database.transaction() as session:
            found = await page(session, wanted, before_id=before_id, limit=limit)
        return tuple(_line(entry) for entry in found)

    async def refused(self, operator: Operator, action: str, subject: Subject) -> None:
        """Somebody tried what they may not: a line of its own."""
        async with self._database.transaction() as session:
            note(session, operator, action, subject, Change(outcome=REFUSED))


def _entry(operator: Operator, action: str, subject: Subject, change: Change) -> AuditEntry:
    return AuditEntry(
        at=datetime.now(UTC),
        operator_kind=operator.kind,
        operator_id=operator.id,
        operator_name=operator.name,
        request=operator.request,
        action=action,
        outcome=change.outcome,
        subject_kind=subject.kind,
        subject_id=subject.id,
        before=_json(change.before),
        after=_json(change.after),
    )


def _json(facts: Facts | None) -> str | None:
    return None if facts is None else orjson.dumps(facts).decode()


def _line(entry: AuditEntry) -> AuditRecord:
    return AuditRecord(
        id=entry.id or 0,
        at=entry.at,
        operator=Operator(entry.operator_kind, entry.operator_id, entry.operator_name),
        action=entry.action,
        outcome=entry.outcome,
        subject=Subject(entry.subject_kind, entry.subject_id),
        before=entry.before or "",
        after=entry.after or "",
    )
