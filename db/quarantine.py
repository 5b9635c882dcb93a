"""Whether a database is in service where it is, and what would leave by itself once it is.

A backup leaves the one row of `in_service` out: a copy of a database is in nobody's service until
an operator says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, text
from sqlmodel import Field, SQLModel

from db.store.session import Session
from db.store.types import UtcDateTime

ONE = 1


class InServiceRow(SQLModel, table=True):
    """The one row: `public_url` is where it is in service, "" until a program said it."""

    __tablename__ = "in_service"
    __table_args__ = (CheckConstraint("id = 1", name="in_service_one"),)

    id: int = Field(default=ONE, primary_key=True, sa_column_kwargs={"autoincrement": False})
    public_url: str = ""
    since: datetime = Field(sa_type=UtcDateTime)
    released_by: str = ""


@dataclass(frozen=True, slots=True)
class DueWork:
    """Things of one kind that leave by themselves as soon as jobs run."""

    kind: str
    count: int


# Kind, what waits of it, and how it is dropped: nothing of it leaves any more.
EMAILS, WEBHOOKS, ROLLOUTS, JOBS = "emails", "webhooks", "rollouts", "jobs"
WAITING: Mapping[str, str] = {
    EMAILS: "SELECT count(*) FROM emails WHERE state IN ('pending', 'sending')",
    WEBHOOKS: "SELECT count(*) FROM webhook_deliveries WHERE state = 'pending'",
    ROLLOUTS: "SELECT count(*) FROM rollouts WHERE state = 'open' AND control = 'run'",
    JOBS: """
    SELECT count(*) FROM dbos.workflow_status
    WHERE status IN ('ENQUEUED', 'PENDING', 'DELAYED') AND name NOT LIKE 'mail.%'
        AND name NOT LIKE 'webhooks.%'
    """,
}
DROPPING: Mapping[str, tuple[str, ...]] = {
    EMAILS: (
        "UPDATE emails SET state = 'dropped', due_at = NULL WHERE state IN ('pending', 'sending')",
    ),
    WEBHOOKS: ("UPDATE webhook_deliveries SET state = 'dropped' WHERE state = 'pending'",),
    ROLLOUTS: ("UPDATE rollouts SET control = 'pause' WHERE state = 'open' AND control = 'run'",),
    JOBS: (
        "UPDATE operations SET state = 'cancelled' WHERE state = 'running'",
        """
        UPDATE dbos.workflow_status SET status = 'CANCELLED', queue_name = NULL
        WHERE status IN ('ENQUEUED', 'PENDING', 'DELAYED') AND name NOT LIKE 'mail.%'
            AND name NOT LIKE 'webhooks.%'
        """,
    ),
}
KINDS = tuple(WAITING)


async def find(session: Session) -> InServiceRow | None:
    """Global: the row; None in a copy that nobody released."""
    return await session.get(InServiceRow, ONE, populate_existing=True)


async def put(session: Session, row: InServiceRow) -> None:
    """Global: say that it is in service there."""
    await session.merge(row)
    await session.flush()


async def due(session: Session) -> tuple[DueWork, ...]:
    """Global: what would leave, by kind; kinds with nothing are left out."""
    found = []
    for kind, query in WAITING.items():
        count: int = (await session.execute(text(query))).scalar_one()
        if count:
            found.append(DueWork(kind, count))
    return tuple(found)


async def drop(session: Session, kinds: Iterable[str]) -> None:
    """Global: let nothing of these kinds leave; rollouts are paused, all else is over."""
    for kind in kinds:
        for statement in DROPPING[kind]:
            await session.execute(text(statement))
