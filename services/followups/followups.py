"""The follow-up in its owner's hands: start, watch, cancel, retry, edit, regenerate, restore."""

from dataclasses import dataclass, replace

from db.followups import followups as table
from db.store.session import Database, Session
from services.actors import Actor, Operator
from services.errors import Conflict, Invalid, NotFound
from services.followups.display import FollowUpDisplay
from services.followups.drafts import (
    DRAFT,
    OPTIONS,
    Draft,
    Edits,
    Options,
    checked,
    edited,
    readdressed,
)
from services.followups.progress import (
    CANCELLED,
    DISCARDED,
    DUE,
    FAILED,
    HELD,
    READY,
    TOLD,
    WRITING,
    FollowUp,
    load,
)
from services.followups.progress import GONE as GONE
from services.followups.sources import Sources
from services.followups.templates import Templates
from services.meetings import Meeting
from services.operations import Operations, Place, Start
from services.phrases import Phrase
from services.ports import Clock

WRITE = "followups.write"
MAX_INSTRUCTION = 2_000

STILL_WRITING = Phrase(
    "This follow-up is still being written. Wait for it, or cancel first.",
    "Questo follow-up è ancora in scrittura. Aspetta che finisca, o annullalo prima.",
)
NOTHING_WRITTEN = Phrase(
    "There is no draft yet to change.", "Non c’è ancora una bozza da modificare."
)
NO_INSTRUCTION = Phrase(
    "Say what should change, for example “shorter” or “mention the price”.",
    "Scrivi che cosa cambiare, per esempio “più breve” o “cita il prezzo”.",
)
NO_VERSION = Phrase("There is no version {number}.", "La versione {number} non esiste.")


@dataclass(frozen=True, slots=True)
class NewFollowUp:
    """What a person submits: which meeting, how, and the request that makes a repeat harmless.

    `card`: the channel and ts of a message that becomes its card. `arrival` is HELD or DUE when
    it begins by itself.
    """

    request_id: str
    recording_id: int
    options: Options
    view_id: str = ""
    card: tuple[str, str] = ("", "")
    arrival: str = ""


class FollowUps:
    """What the owner of a follow-up can do with it; everyone else gets NotFound."""

    def __init__(
        self,
        database: Database,
        sources: Sources,
        templates: Templates,
        operations: Operations,
        display: FollowUpDisplay,
        clock: Clock,
    ) -> None:
        self._database = database
        self._meetings = sources.meetings
        self._members = sources.members
        self._operations = operations
        self._templates = templates
        self._display = display
        self._calls = sources.calls
        self._clock = clock

    async def start(self, actor: Actor, asked: NewFollowUp) -> FollowUp:
        """Write it down and start writing in one transaction; a repeat finds the first.

        One that began by itself, and that nobody has seen, is written anew as this person wants it.
        """
        meeting, options, language = await self._prepared(actor, asked)
        async with self._database.transaction() as session:
            row = await table.of_request(session, actor.workspace_id, asked.request_id)
            if row is None:
                row = await self._unseen(session, actor, asked.recording_id)
                if row is None:
                    row = await self._begin(session, _new(actor, asked, options, meeting), language)
                else:
                    row.request_id, row.view_id, row.arrival = asked.request_id, asked.view_id, ""
                    row.options = OPTIONS.dump_json(options).decode()
                    await self._again(session, row, "", language)
            return await load(session, row)

    async def start_once(self, actor: Actor, asked: NewFollowUp) -> FollowUp:
        """Start it unless the meeting has one that is not given up: then that one."""
        meeting, options, language = await self._prepared(actor, asked)
        owner = (actor.workspace_id, actor.member_id)
        async with self._database.transaction() as session:
            await table.hold_meeting(session, *owner, asked.recording_id)
            row = await table.latest(session, *owner, asked.recording_id)
            if row is None or row.status in (CANCELLED, DISCARDED):
                row = await table.of_request(session, actor.workspace_id, asked.request_id)
            if row is None:
                row = await self._begin(session, _new(actor, asked, options, meeting), language)
            elif not row.card_ts:
                row.card_channel, row.card_ts = asked.card
            return await load(session, row)

    async def announce(self, followup_id: str) -> None:
        """Of one that began by itself: its card may be shown from now on. Raises Temporary."""
        async with self._database.transaction() as session:
            row = await table.find_job(session, followup_id, lock=True)
            if row is not None and row.arrival == HELD:
                row.arrival = DUE
        await self._display.present(followup_id)

    async def latest(self, actor: Actor, recording_id: int) -> FollowUp:
        """The newest follow-up of a meeting; raises NotFound."""
        async with self._database.transaction() as session:
            row = await table.latest(session, actor.workspace_id, actor.member_id, recording_id)
            if row is None:
                raise NotFound(GONE)
            return await load(session, row)

    async def see(self, actor: Actor, followup_id: str) -> FollowUp:
        """The follow-up as it is now; raises NotFound."""
        async with self._database.transaction() as session:
            return await load(session, await _own(session, actor, followup_id))

    async def shown_in(self, actor: Actor, followup_id: str, view_id: str) -> FollowUp:
        """Remember which modal shows it from now on; "" for none."""
        async with self._database.transaction() as session:
            row = await _own(session, actor, followup_id, lock=True)
            row.view_id = view_id
            if view_id and row.arrival in (HELD, DUE):
                row.arrival = TOLD
            session.add(row)
            return await load(session, row)

    async def closed(self, actor: Actor, followup_id: str, view_id: str) -> None:
        """The person closed a modal: from now on the card in their messages shows it."""
        async with self._database.transaction() as session:
            row = await _own(session, actor, followup_id, lock=True)
            if row.view_id != view_id:
                return
            row.view_id = ""
            session.add(row)

    async def cancel(self, actor: Actor, followup_id: str) -> FollowUp:
        """Stop writing; an earlier version stays. Nothing happens when it is already finished."""
        async with self._database.transaction() as session:
            row = await _own(session, actor, followup_id, lock=True)
            if row.status == WRITING:
                row.status = READY if row.version else CANCELLED
                await self._operations.stop(session, row.operation_id)
                self._touch(session, row)
            return await load(session, row)

    async def retry(self, actor: Actor, followup_id: str) -> FollowUp:
        """Write again with the same wishes after a failure or a cancel; twice is once.

        Raises Disconnected when Fathom must be connected first, and BudgetSpent when a draft that
        is there would only be followed by another failure.
        """
        seen = await self.see(actor, followup_id)
        await self._meetings.readable(actor, seen.recording_id)
        if seen.version:
            await self._calls.ensure_open(actor)
        language = await self._language(actor)
        async with self._database.transaction() as session:
            row = await _own(session, actor, followup_id, lock=True)
            # An edit after a failure makes it ready again; the problem still says what was wished.
            if row.status in (FAILED, CANCELLED) or (row.status == READY and row.problem):
                await self._again(session, row, row.instruction, language)
            return await load(session, row)

    async def edit(self, actor: Actor, followup_id: str, edits: Edits) -> FollowUp:
        """Keep the person's edits as a new version; unchanged text makes none. Raises Invalid."""
        async with self._database.transaction() as session:
            row = await _own(session, actor, followup_id, lock=True)
            await self._keep(session, row, edits)
            return await load(session, row)

    async def regenerate(
        self, actor: Actor, followup_id: str, instruction: str, view_id: str = ""
    ) -> FollowUp:
        """Write a new version from the current one, shown in `view_id`.

        Raises Invalid, Conflict, or BudgetSpent: without the model no wish can be met.
        """
        words = instruction.strip()[:MAX_INSTRUCTION]
        if not words:
            raise Invalid(NO_INSTRUCTION, field="instruction")
        await self._calls.ensure_open(actor)
        language = await self._language(actor)
        async with self._database.transaction() as session:
            row = await _own(session, actor, followup_id, lock=True)
            if row.version == 0:
                raise Conflict(NOTHING_WRITTEN)
            if row.status == WRITING:
                raise Conflict(STILL_WRITING)
            row.view_id = view_id
            await self._again(session, row, words, language)
            return await load(session, row)

    async def restore(self, actor: Actor, followup_id: str, number: int) -> FollowUp:
        """Make an earlier version the current one, as a new version; raises NotFound."""
        async with self._database.transaction() as session:
            row = await _own(session, actor, followup_id, lock=True)
            if row.status == WRITING:
                raise Conflict(STILL_WRITING)
            draft = await _content(session, row, number)
            # Compared by what they say: of two clicks the second finds it restored.
            if draft != await _content(session, row, row.version):
                await self._add(session, row, draft, "restored")
            return await load(session, row)

    async def discard(self, actor: Actor, followup_id: str) -> FollowUp:
        """Put it away; its versions stay in the database."""
        async with self._database.transaction() as session:
            row = await _own(session, actor, followup_id, lock=True)
            row.status = DISCARDED
            self._touch(session, row)
            return await load(session, row)

    async def drop(self, actor: Actor, followup_id: str) -> FollowUp:
        """Put it away if it still waits: not while it is written, not once it is in Gmail."""
        async with self._database.transaction() as session:
            row = await _own(session, actor, followup_id, lock=True)
            followup = await load(session, row)
            if followup.mark in (READY, FAILED):
                row.status = DISCARDED
                self._touch(session, row)
            return await load(session, row)

    async def show(self, followup_id: str) -> None:
        """Draw it where its owner is. The verbs above only write; this speaks to Slack, after
        Slack got its answer."""
        await self._display.show(followup_id)

    async def _keep(self, session: Session, row: table.FollowUpRow, edits: Edits) -> None:
        if row.version == 0:
            raise Conflict(NOTHING_WRITTEN)
        current = await _content(session, row, row.version)
        changed, options = edited(current, edits), OPTIONS.validate_json(row.options)
        addressed = readdressed(options, edits)
        row.options = OPTIONS.dump_json(addressed).decode()
        # Other recipients make another version too: what is in Gmail is not up to date any more.
        people = (addressed.to, addressed.cc) != (options.to, options.cc)
        if changed != current or people:
            await self._add(session, row, changed, "edited")

    async def _add(
        self, session: Session, row: table.FollowUpRow, draft: Draft, origin: str
    ) -> None:
        row.version = await table.next_number(session, row.id)
        version = table.Version(
            followup_id=row.id,
            number=row.version,
            run=row.run,
            origin=origin,
            content=DRAFT.dump_json(draft).decode(),
            created_at=self._clock(),
        )
        session.add(version)
        row.status = READY if row.status in (FAILED, DISCARDED) else row.status
        self._touch(session, row)

    async def _prepared(self, actor: Actor, asked: NewFollowUp) -> tuple[Meeting, Options, str]:
        options = checked(asked.options)
        outline = await self._templates.outline(actor, options.template, options.language)
        meeting = await self._meetings.find(actor, asked.recording_id)
        return meeting, replace(options, template=outline), await self._language(actor)

    async def _begin(
        self, session: Session, row: table.FollowUpRow, language: str
    ) -> table.FollowUpRow:
        row.created_at = row.updated_at = self._clock()
        session.add(row)
        await session.flush()
        await self._write(session, row, language)
        return row

    async def _unseen(
        self, session: Session, actor: Actor, recording_id: int
    ) -> table.FollowUpRow | None:
        """The meeting's follow-up that began by itself while nobody has seen it, its row held."""
        owner = (actor.workspace_id, actor.member_id)
        await table.hold_meeting(session, *owner, recording_id)
        found = await table.latest(session, *owner, recording_id)
        row = await table.find(session, *owner, found.id, lock=True) if found else None
        return row if row is not None and row.arrival in (HELD, DUE) else None

    async def _again(
        self, session: Session, row: table.FollowUpRow, instruction: str, language: str
    ) -> None:
        row.run += 1
        row.instruction = instruction
        row.status, row.problem, row.missing, row.reference = WRITING, "", "", ""
        await self._write(session, row, language)

    async def _write(self, session: Session, row: table.FollowUpRow, language: str) -> None:
        """Begin the operation that writes it; from now on no earlier one changes it."""
        start = Start(
            kind=WRITE,
            subject_id=row.id,
            title=row.title,
            operator=Operator("slack", f"{row.workspace_id}:{row.member_id}"),
            dedupe=f"{WRITE}:{row.id}:{row.run}",
            language=language,
            # In its owner's modal or card, not in a channel.
            place=Place(row.workspace_id, ""),
        )
        row.operation_id = await self._operations.start(session, start)
        self._touch(session, row)

    async def _language(self, actor: Actor) -> str:
        return (await self._members.who(actor)).language

    def _touch(self, session: Session, row: table.FollowUpRow) -> None:
        row.updated_at = self._clock()
        session.add(row)


async def _own(
    session: Session, actor: Actor, followup_id: str, *, lock: bool = False
) -> table.FollowUpRow:
    row = await table.find(session, actor.workspace_id, actor.member_id, followup_id, lock=lock)
    if row is None:
        raise NotFound(GONE)
    return row


async def _content(session: Session, row: table.FollowUpRow, number: int) -> Draft:
    for version in await table.versions(session, row.id):
        if version.number == number:
            return DRAFT.validate_json(version.content)
    raise NotFound(NO_VERSION, number=number)


def _new(actor: Actor, asked: NewFollowUp, options: Options, meeting: Meeting) -> table.FollowUpRow:
    now, (channel, ts) = meeting.ended_at, asked.card
    return table.FollowUpRow(
        workspace_id=actor.workspace_id,
        member_id=actor.member_id,
        request_id=asked.request_id,
        recording_id=meeting.recording_id,
        title=meeting.title,
        started_at=meeting.started_at,
        url=meeting.url,
        options=OPTIONS.dump_json(options).decode(),
        view_id=asked.view_id,
        arrival=asked.arrival,
        card_channel=channel,
        card_ts=ts,
        created_at=now,
        updated_at=now,
    )
