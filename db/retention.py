"""What is forgotten when it is old: rows that nothing follows from any more."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import TIMESTAMP, bindparam, text

from db.store.session import Session

BATCH = 5_000
# By name: a batch of rows that are over and older than `before`. Sums of them are kept elsewhere.
OLD: Mapping[str, str] = {
    "emails": """
    DELETE FROM emails WHERE id IN (
        SELECT id FROM emails
        WHERE state IN ('sent', 'failed', 'dropped') AND created_at < :before LIMIT :batch
    )
    """,
    "stripe_events": """
    DELETE FROM stripe_events WHERE id IN (
        SELECT id FROM stripe_events
        WHERE state IN ('done', 'kept', 'foreign') AND received_at < :before LIMIT :batch
    )
    """,
    "report_usage": """
    DELETE FROM report_usage WHERE ctid IN (
        SELECT ctid FROM report_usage WHERE day < (:before)::date LIMIT :batch
    )
    """,
}


async def forget(session: Session, name: str, before: datetime) -> int:
    """Global: delete a batch of these that are older; how many. 0: none is left."""
    statement = text(OLD[name]).bindparams(bindparam("before", type_=TIMESTAMP(timezone=True)))
    found = await session.execute(statement, {"before": before, "batch": BATCH})
    return int(getattr(found, "rowcount", 0))
