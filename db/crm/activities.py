"""Tasks and notes that people write into the CRM from Slack, each once."""

from datetime import datetime

from sqlalchemy import Index, Text, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, select

from db.store.session import Session
from db.store.types import JsonText, UtcDateTime


class ActivityRow(SQLModel, table=True):
    """One task or note; JSON columns hold the service's own types.

    `id` is made when its form is drawn: however often that is sent off, it is one activity.
    `attempt` is what may have reached the CRM already, written before each call. `operation_id` is
    the fence: what belongs to another operation changes nothing.
    """

    __tablename__ = "crm_activities"
    __table_args__ = (Index("ix_crm_activities_member", "workspace_id", "member_id"),)

    id: str = Field(primary_key=True)
    workspace_id: str
    member_id: str
    kind: str
    wish: str = Field(sa_type=JsonText)
    attempt: str = Field(default="null", sa_type=JsonText)
    result: str = Field(default="null", sa_type=JsonText)
    status: str = "pending"
    run: int = 0
    operation_id: str = ""
    problem: str = Field(default="", sa_type=Text)
    missing: str = ""
    view_id: str = ""
    card_channel: str = ""
    card_ts: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


TASKS_OF_DAY = select(ActivityRow).from_statement(
    text("""
    SELECT * FROM crm_activities WHERE workspace_id = :workspace AND member_id = :member
        AND kind = 'task' AND status = 'done' AND wish::jsonb ->> 'day' = :day
    ORDER BY wish::jsonb ->> 'at', id LIMIT :most
    """)
)


async def take(
    session: Session, workspace_id: str, member_id: str, fresh: ActivityRow
) -> ActivityRow | None:
    """The activity of this id, `fresh` if there was none; None when it is somebody else's.

    Locked until the transaction ends: of two that come at once the second waits.
    """
    values = fresh.model_dump()
    await session.execute(insert(ActivityRow).values(**values).on_conflict_do_nothing())
    return await find(session, workspace_id, member_id, fresh.id, lock=True)


async def find(
    session: Session, workspace_id: str, member_id: str, activity_id: str, *, lock: bool = False
) -> ActivityRow | None:
    """The activity if it is this member's; `lock` holds its row until the transaction ends."""
    query = select(ActivityRow).where(
        ActivityRow.id == activity_id,
        ActivityRow.workspace_id == workspace_id,
        ActivityRow.member_id == member_id,
    )
    if lock:
        query = query.with_for_update()
    return (await session.exec(query)).one_or_none()


async def tasks_of_day(
    session: Session, workspace_id: str, member_id: str, day: str, most: int
) -> list[ActivityRow]:
    """The member's tasks of that ISO day that are in the CRM, by their time."""
    given = {"workspace": workspace_id, "member": member_id, "day": day, "most": most}
    found = await session.execute(TASKS_OF_DAY, given)
    return list(found.scalars())


async def find_job(session: Session, activity_id: str, *, lock: bool = False) -> ActivityRow | None:
    """Global: the activity an operation was started for (the id comes from our own queue)."""
    return await session.get(ActivityRow, activity_id, with_for_update=lock or None)
