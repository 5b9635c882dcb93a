"""Writing habits of members: what each accepted or deleted, and the edits they are found in."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, select

from db.followups.followups import FollowUpRow, ReceiptRow, Version
from db.store.session import Session
from db.store.types import UtcDateTime

ACCEPTED, DELETED = "accepted", "deleted"
GMAIL, DONE = "gmail", "done"


class HabitRow(SQLModel, table=True):
    """A habit that its member decided about; a deleted one stays, so that it does not come back."""

    __tablename__ = "member_habits"

    workspace_id: str = Field(primary_key=True)
    member_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True, sa_type=Text)
    status: str
    kind: str
    family: str
    language: str = ""
    value: str = Field(default="", sa_type=Text)
    seen: int
    of: int
    decided_at: datetime = Field(sa_type=UtcDateTime)


class KeptVersions(NamedTuple):
    """One follow-up: its options, its versions, and the version that is in Gmail, if one is."""

    options: str
    versions: Sequence[Version]
    in_gmail: int | None


async def of_member(session: Session, workspace_id: str, member_id: str) -> list[HabitRow]:
    """What the member decided, the oldest first."""
    query = select(HabitRow).where(
        HabitRow.workspace_id == workspace_id, HabitRow.member_id == member_id
    )
    return list((await session.exec(query.order_by(col(HabitRow.decided_at), HabitRow.key))).all())


async def decide(session: Session, workspace_id: str, member_id: str, row: HabitRow) -> None:
    """Keep what the member decided; the newest wins."""
    values = row.model_dump() | {"workspace_id": workspace_id, "member_id": member_id}
    statement = insert(HabitRow).values(**values)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["workspace_id", "member_id", "key"], set_=values
        )
    )


async def kept_versions(
    session: Session, workspace_id: str, member_id: str, limit: int
) -> list[KeptVersions]:
    """The member's own newest follow-ups with a draft, the newest first."""
    query = (
        select(FollowUpRow)
        .where(
            FollowUpRow.workspace_id == workspace_id,
            FollowUpRow.member_id == member_id,
            col(FollowUpRow.version) > 0,
        )
        .order_by(col(FollowUpRow.created_at).desc(), FollowUpRow.id)
        .limit(limit)
    )
    rows = (await session.exec(query)).all()
    ids = [row.id for row in rows]
    written: dict[str, list[Version]] = {}
    versions = select(Version).where(col(Version.followup_id).in_(ids))
    for version in (await session.exec(versions.order_by(col(Version.number)))).all():
        written.setdefault(version.followup_id, []).append(version)
    receipts = select(ReceiptRow.followup_id, ReceiptRow.version).where(
        col(ReceiptRow.followup_id).in_(ids),
        ReceiptRow.action == GMAIL,
        ReceiptRow.status == DONE,
    )
    used = dict((await session.exec(receipts)).all())
    return [KeptVersions(row.options, written.get(row.id, ()), used.get(row.id)) for row in rows]
