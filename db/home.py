"""App Home: who has it open, and what it shows of other domains' rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import TIMESTAMP, bindparam, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel

from db.store.session import Session
from db.store.types import UtcDateTime

MOMENT = TIMESTAMP(timezone=True)
# The newest follow-up of each meeting, as long as it is in nobody's Gmail and not put away.
DRAFTS = text("""
SELECT f.id, f.title, f.started_at, f.status, f.version > 0 FROM followups AS f
WHERE f.workspace_id = :workspace AND f.member_id = :member AND f.updated_at > :since
    AND f.status IN ('writing', 'ready', 'failed')
    AND NOT EXISTS (SELECT FROM followup_receipts AS r
        WHERE r.followup_id = f.id AND r.action = 'gmail' AND r.status = 'done')
    AND NOT EXISTS (SELECT FROM followups AS n
        WHERE n.workspace_id = f.workspace_id AND n.member_id = f.member_id
            AND n.recording_id = f.recording_id AND n.created_at > f.created_at)
ORDER BY f.updated_at DESC, f.id LIMIT :most
""").bindparams(bindparam("since", type_=MOMENT))
OPERATIONS = text("""
SELECT o.kind, o.title, o.state FROM operations AS o
WHERE o.channel_id <> '' AND (
    o.state = 'running' OR (o.state = 'failed' AND o.ended_at > :since))
ORDER BY o.state, o.updated_at DESC, o.id LIMIT :most
""").bindparams(bindparam("since", type_=MOMENT))
COUNTS = text("""
SELECT count(*) FILTER (WHERE o.state = 'running'),
    count(*) FILTER (WHERE o.state = 'failed' AND o.ended_at > :since)
FROM operations AS o
WHERE o.state = 'running' OR (o.state = 'failed' AND o.ended_at > :since)
""").bindparams(bindparam("since", type_=MOMENT))
ROLLOUTS = text("""
SELECT r.version, r.control, r.wave, r.waves FROM rollouts AS r
WHERE r.state = 'open' ORDER BY r.created_at DESC, r.id LIMIT :most
""")


class HomeRow(SQLModel, table=True):
    """A person's Home: when they last opened it, and what was published there last.

    `hash` is Slack's of that view, `digest` ours of what it shows; `expanded` names the lists that
    are shown longer, separated by spaces.
    """

    __tablename__ = "homes"

    workspace_id: str = Field(primary_key=True)
    member_id: str = Field(primary_key=True)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    hash: str = ""
    digest: str = ""
    expanded: str = ""


class OpenDraft(NamedTuple):
    """A follow-up in hand; `written`: there is a version to read."""

    id: str
    title: str
    started_at: datetime
    status: str
    written: bool


class OpsOperation(NamedTuple):
    """An operation with a card in the ops channel."""

    kind: str
    title: str
    state: str


class OpenRollout(NamedTuple):
    """A rollout on its way; `control` is what is wanted of it now."""

    version: str
    control: str
    wave: int
    waves: int


@dataclass(frozen=True, slots=True)
class Operating:
    """What is under way, for those who operate; `failed` since the beginning of the day."""

    running: int
    failed: int
    operations: tuple[OpsOperation, ...]
    rollouts: tuple[OpenRollout, ...]


async def find(session: Session, workspace_id: str, member_id: str) -> HomeRow | None:
    """The person's Home; None when they never opened it."""
    return await session.get(HomeRow, (workspace_id, member_id))


async def open_(
    session: Session, workspace_id: str, member_id: str, at: datetime, hash_: str
) -> None:
    """It came into sight, with the view of this hash in it ("": with none); lists are short."""
    values = {"opened_at": at, "hash": hash_, "expanded": ""}
    row = insert(HomeRow).values(
        workspace_id=workspace_id, member_id=member_id, digest="", **values
    )
    await session.execute(
        row.on_conflict_do_update(index_elements=["workspace_id", "member_id"], set_=values)
    )


async def drafts(
    session: Session, workspace_id: str, member_id: str, since: datetime, most: int
) -> list[OpenDraft]:
    """The member's follow-ups that wait for them, the one touched last first."""
    found = await _rows(
        session,
        DRAFTS,
        {"workspace": workspace_id, "member": member_id, "since": since, "most": most},
    )
    return [OpenDraft(*row) for row in found]


async def operating(session: Session, since: datetime, most: int) -> Operating:
    """Global: operations of all workspaces counted, those of the ops channel and rollouts named."""
    [counts] = await _rows(session, COUNTS, {"since": since})
    operations = await _rows(session, OPERATIONS, {"since": since, "most": most})
    rollouts = await _rows(session, ROLLOUTS, {"most": most})
    return Operating(
        running=counts[0],
        failed=counts[1],
        operations=tuple(OpsOperation(*row) for row in operations),
        rollouts=tuple(OpenRollout(*row) for row in rollouts),
    )


async def _rows(session: Session, query: Any, given: dict[str, Any]) -> Sequence[Any]:
    return (await session.execute(query, given)).all()
