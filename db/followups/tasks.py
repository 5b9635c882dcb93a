"""Tasks that follow-ups made in the CRM, by the day they are due."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import TIMESTAMP, bindparam, text

from db.store.session import Session

MOMENT = TIMESTAMP(timezone=True)
# An item without a day of its own is due a week after its follow-up was begun.
DUE = text("""
SELECT f.title, r.url, r.effect, i.item ->> 'text', coalesce(i.item ->> 'owner', '')
FROM followups AS f
JOIN followup_receipts AS r ON r.followup_id = f.id AND r.action = 'tasks' AND r.status = 'done'
JOIN followup_versions AS v ON v.followup_id = f.id AND v.number = r.version
CROSS JOIN LATERAL jsonb_array_elements(v.content::jsonb -> 'action_items') AS i (item)
WHERE f.workspace_id = :workspace AND f.member_id = :member AND (i.item ->> 'due' = :day OR (
    coalesce(i.item ->> 'due', '') = '' AND f.created_at >= :since AND f.created_at < :until))
ORDER BY f.created_at DESC, f.id LIMIT :most
""").bindparams(bindparam("since", type_=MOMENT), bindparam("until", type_=MOMENT))


class DueItem(NamedTuple):
    """An action item of that day; `effect` (JSON) says which items became tasks."""

    title: str
    url: str
    effect: str
    text: str
    owner: str


async def due(
    session: Session,
    workspace_id: str,
    member_id: str,
    day: str,
    *,
    week_before: tuple[datetime, datetime],
    most: int,
) -> list[DueItem]:
    """The member's items that are due on that ISO day; `week_before` is the day a week earlier."""
    since, until = week_before
    given = {"workspace": workspace_id, "member": member_id, "day": day, "most": most}
    found: Sequence[Any] = (
        await session.execute(DUE, {**given, "since": since, "until": until})
    ).all()
    return [DueItem(*row) for row in found]
