"""A member's recorded meetings: found by page or by words, and what was said in them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from db import meetings as table
from db.followups import followups
from db.store.session import Database, Session, seal, unseal
from integrations.fathom.client import Fathom
from integrations.fathom.types import TranscriptLine
from services.actors import Actor
from services.connections import Connections
from services.errors import NotFound
from services.meetings.files import FORGOTTEN, TranscriptFiles
from services.meetings.history import GUESTS, Coverage, Guest, History, Recording
from services.meetings.spoken import SPOKEN, Spoken
from services.people import Members
from services.phrases import Phrase
from services.ports import Clock

PAGE = 8
LOOKS = 4
SHOWS = (table.MINE, table.EXTERNAL, table.UNFOLLOWED, table.ALL)
# It travels in the paging buttons, whose values Slack limits to 2,000 characters.
MAX_SEARCH = 200
KEPT = timedelta(days=30)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

GONE = Phrase(
    "I cannot find that meeting any more. Open the list again.",
    "Non trovo più quella riunione. Riapri l’elenco.",
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One recorded meeting of one member; `followed` is its newest follow-up's status or ""."""

    recording_id: int
    title: str
    url: str
    started_at: datetime
    ended_at: datetime
    language: str
    recorder: Guest
    guests: tuple[Guest, ...]
    followed: str = ""
    # With a team in Fathom.
    shared: bool = False
    # "" for a recording of Fathom's.
    file_name: str = ""
    # The member was invited, or recorded it.
    mine: bool = True


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """Some meetings, newest first; `since` says how far back the search looked so far.

    `show` is one of SHOWS: which of the member's meetings these are.
    """

    meetings: tuple[Meeting, ...]
    search: str
    show: str
    offset: int
    has_newer: bool = False
    has_older: bool = False
    since: datetime = BEGINNING
    complete: bool = False


class Meetings:
    """Finds a member's meetings and reads what was said."""

    def __init__(
        self,
        database: Database,
        fathom: Fathom,
        connections: Connections,
        members: Members,
        clock: Clock,
    ) -> None:
        self._database = database
        self._fathom = fathom
        self._connections = connections
        self._clock = clock
        self._history = History(database, fathom, connections, members, clock)
        self.files = TranscriptFiles(database, members, clock)

    async def recent(
        self, actor: Actor, search: str = "", offset: int = 0, show: str = ""
    ) -> MeetingPage:
        """A page of meetings; asks Fathom for what is new, or for what lies further back.

        Files stand among them by their day, as far back as Fathom's are known.

        `show` is one of SHOWS; "" shows those the member attended, or all where those are none.
        Raises Disconnected without a working key, Temporary when Fathom does not answer.
        """
        page = await self._page(actor, search[:MAX_SEARCH], offset, show or table.MINE)
        if not show and not page.meetings:
            page = await self._page(actor, search[:MAX_SEARCH], offset, table.ALL)
        return page

    async def _page(self, actor: Actor, search: str, offset: int, show: str) -> MeetingPage:
        words = tuple(search.lower().split())
        reach = await self._history.reach(actor, refresh=offset == 0)
        rows = await self._rows(actor, words, show, reach, offset)
        looks = 0
        while len(rows) <= PAGE and not reach.complete and looks < LOOKS:
            reach = await self._history.further(actor, reach)
            rows = await self._rows(actor, words, show, reach, offset)
            looks += 1
        return await self._drawn(
            actor,
            rows,
            MeetingPage((), search, show, offset, since=reach.since, complete=reach.complete),
        )

    async def from_files(self, actor: Actor, search: str = "", offset: int = 0) -> MeetingPage:
        """A page of the member's own files, for whom Fathom is not connected."""
        everything = Coverage(BEGINNING, self._clock(), complete=True)
        rows = await self._rows(actor, (*search.lower().split(),), table.FILES, everything, offset)
        page = MeetingPage((), search, table.ALL, offset, since=BEGINNING, complete=True)
        return await self._drawn(actor, rows, page)

    async def find(self, actor: Actor, recording_id: int) -> Meeting:
        """One meeting of the member's own; raises NotFound."""
        async with self._database.transaction() as session:
            row = await table.find(session, actor.workspace_id, actor.member_id, recording_id)
        if row is None:
            raise NotFound(GONE)
        return meeting_of(row)

    async def spoken(self, actor: Actor, recording_id: int) -> tuple[Spoken, ...]:
        """The transcript's numbered lines, from our copy or else from Fathom (then kept)."""
        if table.is_file(recording_id):
            return await self.files.spoken(actor, recording_id)
        owner = (actor.workspace_id, actor.member_id)
        async with self._database.transaction() as session:
            kept = await table.transcript(session, *owner, recording_id)
            if kept is not None:
                return SPOKEN.validate_json(unseal(session, kept, "lines"))
        async with self._connections.using_fathom(actor) as key:
            spoken = numbered(await self._fathom.transcript(key, recording_id))
        if spoken:
            async with self._database.transaction() as session:
                await self._keep(session, actor, recording_id, spoken)
        return spoken

    async def arrived(
        self, actor: Actor, recording: Recording, lines: tuple[TranscriptLine, ...] = ()
    ) -> Meeting:
        """Fathom told of it: into the index, and what was said beside it.

        A transcript that is kept already stays: evidence counts its lines.
        """
        await self._history.take(actor, (recording,))
        owner, spoken = (actor.workspace_id, actor.member_id), numbered(lines)
        async with self._database.transaction() as session:
            kept = await table.transcript(session, *owner, recording.recording_id)
            if spoken and kept is None:
                await self._keep(session, actor, recording.recording_id, spoken)
        return await self.find(actor, recording.recording_id)

    async def _keep(
        self, session: Session, actor: Actor, recording_id: int, spoken: tuple[Spoken, ...]
    ) -> None:
        owner = (actor.workspace_id, actor.member_id)
        row = table.Transcript(
            id=table.transcript_id(*owner, recording_id),
            workspace_id=actor.workspace_id,
            member_id=actor.member_id,
            recording_id=recording_id,
            lines=b"",
            fetched_at=self._clock(),
        )
        seal(session, row, "lines", SPOKEN.dump_json(spoken).decode())
        await table.keep_transcript(session, *owner, row)

    async def readable(self, actor: Actor, recording_id: int) -> None:
        """Return when what was said is kept, or a key is there to ask for it.

        Disconnected without a key; NotFound for a file whose words are gone.
        """
        async with self._database.transaction() as session:
            kept = await table.transcript(
                session, actor.workspace_id, actor.member_id, recording_id
            )
        if kept is None and table.is_file(recording_id):
            raise NotFound(FORGOTTEN)
        if kept is None:
            await self._connections.fathom_key(actor)

    async def forget_transcripts(self) -> None:
        """Drop transcripts that were kept long enough; Fathom still has them."""
        async with self._database.transaction() as session:
            await table.purge_transcripts(session, self._clock() - KEPT)
        await self.files.forget_abandoned()

    async def _rows(
        self, actor: Actor, words: tuple[str, ...], show: str, reach: Coverage, offset: int
    ) -> list[table.MeetingRow]:
        # What lies beyond Fathom's known reach waits for it: else pages would shift under people.
        since = None if reach.complete else reach.since
        async with self._database.transaction() as session:
            return await table.page(
                session,
                actor.workspace_id,
                actor.member_id,
                only=table.MeetingFilter(words, show, files_since=since),
                offset=offset,
                limit=PAGE + 1,
            )

    async def _drawn(
        self, actor: Actor, rows: list[table.MeetingRow], page: MeetingPage
    ) -> MeetingPage:
        return replace(
            page,
            meetings=await self._marked(actor, rows[:PAGE]),
            has_newer=page.offset > 0,
            has_older=len(rows) > PAGE,
        )

    async def _marked(self, actor: Actor, rows: list[table.MeetingRow]) -> tuple[Meeting, ...]:
        ids = [row.recording_id for row in rows]
        async with self._database.transaction() as session:
            marks = await followups.followed(session, actor.workspace_id, actor.member_id, ids)
        return tuple(meeting_of(row, marks.get(row.recording_id, "")) for row in rows)


def numbered(lines: tuple[TranscriptLine, ...]) -> tuple[Spoken, ...]:
    """Transcript lines with their numbers from 1; empty ones are left out."""
    said = [line for line in lines if line.text.strip()]
    return tuple(
        Spoken(number, line.speaker, " ".join(line.text.split()), line.at)
        for number, line in enumerate(said, start=1)
    )


def meeting_of(row: table.MeetingRow, followed: str = "") -> Meeting:
    """A row of the index as its member sees it."""
    return Meeting(
        recording_id=row.recording_id,
        title=row.title,
        url=row.share_url or row.url,
        started_at=row.started_at,
        ended_at=row.ended_at,
        language=row.language,
        recorder=Guest(row.recorder_name, row.recorder_email, is_external=False),
        guests=GUESTS.validate_json(row.invitees),
        followed=followed,
        shared=row.shared,
        file_name=row.file_name,
        mine=row.mine,
    )
