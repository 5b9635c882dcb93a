"""The index of a member's recorded meetings, how far back it reaches, and their transcripts."""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy import BigInteger, Column, ColumnElement, Index, Text, and_, exists, func, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, delete, select

from db.followups.followups import FollowUpRow
from db.store.session import Session
from db.store.types import Encrypted, JsonText, UtcDateTime

# What a list of meetings shows: all, those attended, those with outsiders, those to follow up.
ALL = "all"
# Only for whom Fathom is not connected: nobody chooses it.
FILES = "files"
MINE = "mine"
EXTERNAL = "external"
UNFOLLOWED = "unfollowed"
# A follow-up in one of these states is as good as none.
GIVEN_UP = ("cancelled", "discarded")


@dataclass(frozen=True, slots=True)
class MeetingFilter:
    """Every word (lower case) in title or guests; ALL, MINE, EXTERNAL, UNFOLLOWED or FILES.

    None that began before `since`; files not before `files_since`.
    """

    words: tuple[str, ...] = ()
    show: str = ALL
    since: datetime | None = None
    files_since: datetime | None = None


class MeetingRow(SQLModel, table=True):
    """One recording as one member sees it; `invitees` is a JSON list, `words` what search reads.

    `mine`: the member was invited or recorded it; `external`: so was somebody from outside. A
    file's id is below zero, and it has a `file_name`; `speakers` says who of them is called how.
    """

    __tablename__ = "meetings"
    __table_args__ = (Index("ix_meetings_newest", "workspace_id", "member_id", "started_at"),)

    workspace_id: str = Field(primary_key=True)
    member_id: str = Field(primary_key=True)
    recording_id: int = Field(sa_column=Column(BigInteger, primary_key=True))
    title: str = Field(sa_type=Text)
    url: str = ""
    share_url: str = ""
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime = Field(sa_type=UtcDateTime)
    language: str = ""
    recorder_name: str = ""
    recorder_email: str = ""
    # With a team, as Fathom said when it was last asked.
    shared: bool = False
    invitees: str = Field(sa_type=JsonText)
    words: str = Field(sa_type=Text)
    mine: bool = True
    external: bool = False
    file_name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    speakers: str = Field(default="{}", sa_type=JsonText, sa_column_kwargs={"server_default": "{}"})


class CoverageRow(SQLModel, table=True):
    """How much of a member's history the index holds: all between `since` and `until`."""

    __tablename__ = "meeting_reaches"

    workspace_id: str = Field(primary_key=True)
    member_id: str = Field(primary_key=True)
    since: datetime = Field(sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)
    complete: bool = False


class Transcript(SQLModel, table=True):
    """The words of one recording as a member may read them, sealed; purged after some weeks."""

    __tablename__ = "transcripts"

    id: str = Field(primary_key=True)
    workspace_id: str
    member_id: str
    recording_id: int = Field(sa_type=BigInteger)
    lines: bytes = Field(sa_type=Encrypted)
    fetched_at: datetime = Field(sa_type=UtcDateTime)


def is_file(recording_id: int) -> bool:
    """Whether it is a file of the member's own and no recording of Fathom's."""
    return recording_id < 0


async def remember(
    session: Session, workspace_id: str, member_id: str, rows: list[MeetingRow]
) -> None:
    """Insert or refresh meetings of this member; rows of anybody else are refused."""
    if any((row.workspace_id, row.member_id) != (workspace_id, member_id) for row in rows):
        raise ValueError("a meeting row of another member")
    # In one order always, so that two looks at once never wait for each other.
    for row in sorted(rows, key=attrgetter("recording_id")):
        values = row.model_dump()
        statement = insert(MeetingRow).values(**values)
        keys = ["workspace_id", "member_id", "recording_id"]
        fresh = {name: value for name, value in values.items() if name not in keys}
        await session.execute(statement.on_conflict_do_update(index_elements=keys, set_=fresh))


async def find(
    session: Session, workspace_id: str, member_id: str, recording_id: int
) -> MeetingRow | None:
    """The meeting, if this member has it."""
    return await session.get(MeetingRow, (workspace_id, member_id, recording_id))


async def page(
    session: Session,
    workspace_id: str,
    member_id: str,
    *,
    only: MeetingFilter,
    offset: int,
    limit: int,
) -> list[MeetingRow]:
    """The member's meetings that pass the filter, newest first."""
    query = select(MeetingRow).where(
        MeetingRow.workspace_id == workspace_id,
        MeetingRow.member_id == member_id,
        *_shown(only.show),
    )
    if only.files_since is not None:
        query = query.where(or_(*_of_fathom(), col(MeetingRow.started_at) >= only.files_since))
    for word in only.words:
        query = query.where(col(MeetingRow.words).contains(word, autoescape=True))
    if only.since is not None:
        query = query.where(col(MeetingRow.started_at) >= only.since)
    newest = (col(MeetingRow.started_at).desc(), col(MeetingRow.recording_id).desc())
    return list((await session.exec(query.order_by(*newest).offset(offset).limit(limit))).all())


def _shown(show: str) -> list[ColumnElement[bool]]:
    if show == UNFOLLOWED:
        followed = and_(
            col(FollowUpRow.workspace_id) == MeetingRow.workspace_id,
            col(FollowUpRow.member_id) == MeetingRow.member_id,
            col(FollowUpRow.recording_id) == MeetingRow.recording_id,
            col(FollowUpRow.status).not_in(GIVEN_UP),
        )
        # A list of things to do: only what one was part of.
        return [col(MeetingRow.mine).is_(True), ~exists().where(followed)]
    if show == FILES:
        return [col(MeetingRow.recording_id) < 0]
    flags = {MINE: col(MeetingRow.mine), EXTERNAL: col(MeetingRow.external)}
    return [flags[show].is_(True)] if show in flags else []


def _of_fathom() -> list[ColumnElement[bool]]:
    return [col(MeetingRow.recording_id) >= 0]


async def count(session: Session, workspace_id: str, member_id: str) -> int:
    """How many of Fathom's recordings the index holds for the member."""
    query = select(func.count()).where(
        MeetingRow.workspace_id == workspace_id, MeetingRow.member_id == member_id, *_of_fathom()
    )
    return (await session.exec(query)).one()


async def reach(session: Session, workspace_id: str, member_id: str) -> CoverageRow | None:
    """How far the index reaches for this member; None before the first look."""
    return await session.get(CoverageRow, (workspace_id, member_id))


async def extend(
    session: Session,
    workspace_id: str,
    member_id: str,
    *,
    since: datetime,
    until: datetime,
    complete: bool,
) -> None:
    """Write down the reach; two looks at once leave the wider one."""
    values = {"since": since, "until": until, "complete": complete}
    row = insert(CoverageRow).values(workspace_id=workspace_id, member_id=member_id, **values)
    wider = {
        "since": func.least(CoverageRow.since, row.excluded.since),
        "until": func.greatest(CoverageRow.until, row.excluded.until),
        "complete": or_(col(CoverageRow.complete), row.excluded.complete),
    }
    keys = ["workspace_id", "member_id"]
    await session.execute(row.on_conflict_do_update(index_elements=keys, set_=wider))


async def forget(session: Session, workspace_id: str, member_id: str) -> None:
    """Drop the member's index: the next look starts anew (another Fathom account, say).

    Meetings with a follow-up stay, for it can still be written again; so do files, which nobody
    would bring again.
    """
    followed = select(FollowUpRow.recording_id).where(
        FollowUpRow.workspace_id == workspace_id, FollowUpRow.member_id == member_id
    )
    await session.exec(
        delete(MeetingRow).where(
            col(MeetingRow.workspace_id) == workspace_id,
            col(MeetingRow.member_id) == member_id,
            col(MeetingRow.recording_id).not_in(followed),
            *_of_fathom(),
        )
    )
    await session.exec(
        delete(CoverageRow).where(
            col(CoverageRow.workspace_id) == workspace_id, col(CoverageRow.member_id) == member_id
        )
    )


def transcript_id(workspace_id: str, member_id: str, recording_id: int) -> str:
    """The transcript's key: one per member and recording."""
    return f"{workspace_id}:{member_id}:{recording_id}"


async def transcript(
    session: Session, workspace_id: str, member_id: str, recording_id: int
) -> Transcript | None:
    """The kept transcript, if there is one."""
    return await session.get(Transcript, transcript_id(workspace_id, member_id, recording_id))


async def keep_transcript(
    session: Session, workspace_id: str, member_id: str, row: Transcript
) -> None:
    """Insert the sealed transcript, or replace the one kept: two jobs may bring it at once."""
    if (row.workspace_id, row.member_id) != (workspace_id, member_id):
        raise ValueError("a transcript of another member")
    fresh = {"lines": row.lines, "fetched_at": row.fetched_at}
    # Read one by one: a dump would turn what is sealed into plain bytes, which are refused.
    values = {name: getattr(row, name) for name in Transcript.model_fields}
    statement = insert(Transcript).values(values)
    await session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=fresh))


async def purge_transcripts(session: Session, before: datetime) -> None:
    """Global: drop every transcript fetched before the given time."""
    await session.exec(delete(Transcript).where(col(Transcript.fetched_at) < before))


async def purge_abandoned(session: Session, before: datetime) -> None:
    """Global: drop the words of files read before the given time that became no meeting."""
    meeting = exists().where(
        col(MeetingRow.workspace_id) == Transcript.workspace_id,
        col(MeetingRow.member_id) == Transcript.member_id,
        col(MeetingRow.recording_id) == Transcript.recording_id,
    )
    await session.exec(
        delete(Transcript).where(
            col(Transcript.recording_id) < 0, col(Transcript.fetched_at) < before, ~meeting
        )
    )
