"""Whose new meetings are watched for, and the webhooks that we have at Fathom."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import Index, and_, or_, text
from sqlmodel import Field, SQLModel, col, delete, select

from db.connections.connections import CONNECTED, Connection
from db.store.session import Session
from db.store.types import Encrypted, UtcDateTime

FATHOM = "fathom"
# Of a webhook: being made, told to us, and no longer wanted.
MAKING, ACTIVE, UNWANTED = "making", "active", "unwanted"
IN_USE = (MAKING, ACTIVE)


class WatchRow(SQLModel, table=True):
    """One member whose Fathom key is known.

    Meetings that ended before `since` are no news. `settled_for` is when the key was saved that
    the webhook is for. `problem` says why there is none, `retry_at` when it is tried again.
    `away`: the app is not installed there now.
    """

    __tablename__ = "fathom_watches"

    workspace_id: str = Field(primary_key=True)
    member_id: str = Field(primary_key=True)
    since: datetime = Field(sa_type=UtcDateTime)
    settled_for: datetime | None = Field(default=None, sa_type=UtcDateTime)
    problem: str = ""
    attempts: int = 0
    retry_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_poll_at: datetime = Field(sa_type=UtcDateTime, index=True)
    away: bool = False


class HookRow(SQLModel, table=True):
    """One webhook at Fathom, or one that is being made; `hook_id` is Fathom's name for it.

    `key` is the key it was made with, which can delete it. `claimed_until`: somebody is at it.
    """

    __tablename__ = "fathom_hooks"
    __table_args__ = (
        Index(
            "fathom_hooks_one_idx",
            "connection_id",
            unique=True,
            postgresql_where=text("state IN ('making', 'active')"),
        ),
        Index("fathom_hooks_member_idx", "workspace_id", "member_id"),
    )

    id: str = Field(default_factory=lambda: uuid4().hex, primary_key=True)
    connection_id: str
    workspace_id: str
    member_id: str
    state: str = MAKING
    hook_id: str = ""
    secret: bytes | None = Field(default=None, sa_type=Encrypted)
    key: bytes = Field(sa_type=Encrypted)
    attempts: int = 0
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


async def watch(
    session: Session, workspace_id: str, member_id: str, *, lock: bool = False
) -> WatchRow | None:
    """The member's watch; `lock` holds its row until the transaction ends."""
    key = (workspace_id, member_id)
    return await session.get(WatchRow, key, with_for_update=lock or None)


async def hooks(session: Session, workspace_id: str, member_id: str) -> list[HookRow]:
    """Every webhook of the member, the oldest first, held until the transaction ends."""
    query = select(HookRow).where(
        HookRow.workspace_id == workspace_id, HookRow.member_id == member_id
    )
    query = query.order_by(col(HookRow.created_at), col(HookRow.id)).with_for_update()
    return list((await session.exec(query)).all())


async def hooks_of_workspace(session: Session, workspace_id: str) -> list[HookRow]:
    """Every webhook of the workspace that Fathom has a name for."""
    query = select(HookRow).where(HookRow.workspace_id == workspace_id, HookRow.hook_id != "")
    return list((await session.exec(query)).all())


async def hook(session: Session, hook_id: str, *, lock: bool = False) -> HookRow | None:
    """Global by our own id of a webhook, which only Fathom was told."""
    return await session.get(HookRow, hook_id, with_for_update=lock or None)


async def connection(session: Session, connection_id: str) -> Connection | None:
    """Global: the connection to Fathom with this id, which stands in the webhook's address."""
    query = select(Connection).where(Connection.id == connection_id, Connection.vendor == FATHOM)
    return (await session.exec(query)).one_or_none()


async def unsettled(session: Session, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Global: members (with their workspaces) whose webhook is not as it should be."""
    mine = and_(
        col(WatchRow.workspace_id) == Connection.workspace_id,
        col(WatchRow.member_id) == Connection.member_id,
    )
    late = or_(
        col(WatchRow.settled_for).is_distinct_from(Connection.connected_at),
        col(WatchRow.retry_at) <= now,
    )
    stale = (
        select(Connection.workspace_id, Connection.member_id)
        .outerjoin(WatchRow, mine)
        .where(
            Connection.vendor == FATHOM,
            Connection.status == CONNECTED,
            Connection.member_id != "",
            or_(col(WatchRow.since).is_(None), and_(col(WatchRow.away).is_(False), late)),
        )
        .limit(limit)
    )
    free = or_(col(HookRow.claimed_until).is_(None), col(HookRow.claimed_until) <= now)
    left = (
        select(HookRow.workspace_id, HookRow.member_id)
        .where(HookRow.state != ACTIVE, free)
        .limit(limit)
    )
    orphans = (
        select(WatchRow.workspace_id, WatchRow.member_id)
        .outerjoin(Connection, and_(mine, col(Connection.vendor) == FATHOM))
        .where(col(Connection.id).is_(None))
        .limit(limit)
    )
    found = dict[tuple[str, str], None]()
    for query in (stale, left, orphans):
        rows = (await session.exec(query)).all()
        found |= {(workspace_id, member_id): None for workspace_id, member_id in rows}
    return list(found)


async def workspaces(session: Session) -> list[tuple[str, bool]]:
    """Global: the workspaces of watched members, and whether each counts as away."""
    query = select(WatchRow.workspace_id, WatchRow.away).distinct()
    return [(workspace_id, away) for workspace_id, away in (await session.exec(query)).all()]


async def of_workspace(session: Session, workspace_id: str) -> list[WatchRow]:
    """Every watch of the workspace, held until the transaction ends."""
    query = select(WatchRow).where(WatchRow.workspace_id == workspace_id)
    query = query.order_by(col(WatchRow.member_id)).with_for_update()
    return list((await session.exec(query)).all())


async def due(session: Session, now: datetime, limit: int) -> list[WatchRow]:
    """Global: watches whose list of meetings is to be compared now, held by whoever asks first."""
    query = select(WatchRow).where(WatchRow.next_poll_at <= now, col(WatchRow.away).is_(False))
    query = query.order_by(col(WatchRow.next_poll_at)).limit(limit)
    return list((await session.exec(query.with_for_update(skip_locked=True))).all())


async def has_hook(session: Session, workspace_id: str, member_id: str) -> bool:
    """Whether Fathom tells us of this member's meetings."""
    query = select(HookRow.id).where(
        HookRow.workspace_id == workspace_id,
        HookRow.member_id == member_id,
        HookRow.state == ACTIVE,
    )
    return (await session.exec(query.limit(1))).first() is not None


async def forget(session: Session, workspace_id: str, member_id: str) -> None:
    """Watch this member no more."""
    mine = and_(col(WatchRow.workspace_id) == workspace_id, col(WatchRow.member_id) == member_id)
    await session.exec(delete(WatchRow).where(mine))
