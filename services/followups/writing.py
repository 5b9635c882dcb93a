"""The job that writes a follow-up: one verb per step, each safe to repeat."""

from dataclasses import dataclass, replace

from db.followups import followups as table
from db.store.session import Database
from integrations.fathom.client import Fathom
from services.actors import Actor
from services.connections import Connections
from services.crm import Crm, CrmAccess, facts
from services.errors import Disconnected, DomainError, missing_connection
from services.followups.author import Author, Spent
from services.followups.display import FollowUpDisplay
from services.followups.drafts import DRAFT, OPTIONS, Draft, Options, note_text
from services.followups.plain_letter import plain_letter
from services.followups.progress import (
    DONE,
    FAILED,
    MISSED,
    READY,
    RUNNING,
    SKIPPED,
    WRITING,
    with_step,
)
from services.followups.prompting import document, request
from services.followups.written import to_draft
from services.meetings import Meeting, Meetings
from services.people import Members
from services.phrases import Phrase, Plural, language_of
from services.ports import Clock

SILENT = Phrase(
    "Fathom has no transcript of this meeting yet. Give it a few minutes, then retry.",
    "Fathom non ha ancora la trascrizione di questa riunione. Aspetta qualche minuto e riprova.",
)
NO_SUMMARY = Phrase(
    "The model is not available and Fathom has no summary of this meeting. Please retry later.",
    "Il modello non è disponibile e Fathom non ha un riassunto. Riprova più tardi.",
)
LINES = Plural(Phrase("{n} line", "{n} intervento"), Phrase("{n} lines", "{n} interventi"))
NO_CRM = Phrase("no CRM is connected", "nessun CRM è collegato")
CRM_REFUSED = Phrase(
    "{crm} does not accept its keys; left out", "{crm} non accetta le sue chiavi; tralasciato"
)
CRM_AWAY = Phrase("{crm} did not answer; left out", "{crm} non ha risposto; tralasciato")


@dataclass(frozen=True, slots=True)
class Sources:
    """What writing reads from."""

    meetings: Meetings
    members: Members
    connections: Connections
    crm_access: CrmAccess
    crm: Crm
    fathom: Fathom


class Writing:
    """Takes a follow-up from chosen meeting to draft; a verb does nothing once it was done."""

    def __init__(
        self,
        database: Database,
        sources: Sources,
        author: Author,
        stage: FollowUpDisplay,
        clock: Clock,
    ) -> None:
        self._database = database
        self._sources = sources
        self._author = author
        self._stage = stage
        self._clock = clock

    async def read(self, followup_id: str, run: str) -> None:
        """Step 1: the transcript, from our copy or from Fathom."""
        row = await self._begin(followup_id, run, "transcript")
        if row is None:
            return
        spoken = await self._sources.meetings.spoken(_actor(row), row.recording_id)
        if not spoken:
            raise DomainError(SILENT)
        note = LINES(await self._language(row), len(spoken))
        await self._move(row, "transcript", DONE, note)

    async def look_up(self, followup_id: str, run: str) -> None:
        """Step 2: what Crono knows of the company; without keys or answer, that is said."""
        row = await self._begin(followup_id, run, "crm")
        if row is None:
            return
        language = await self._language(row)
        crm = await self._sources.crm_access.of(_actor(row))
        if crm is None:
            await self._move(row, "crm", SKIPPED, NO_CRM(language))
            return
        meeting = await self._sources.meetings.find(_actor(row), row.recording_id)
        try:
            context = await self._sources.crm.context(_actor(row), meeting)
        except DomainError as error:
            refused = isinstance(error, Disconnected)
            why = CRM_REFUSED if refused else CRM_AWAY
            await self._move(row, "crm", MISSED, why(language, crm=crm.name))
            return
        state = MISSED if context.candidates else DONE
        await self._move(row, "crm", state, context.headline(language), crm=context.json())

    async def compose(self, followup_id: str, run: str) -> None:
        """Step 3: one model call, one new version; repeated, it finds the version there."""
        row = await self._begin(followup_id, run, "draft")
        if row is None:
            return
        actor = _actor(row)
        member = await self._sources.members.who(actor)
        meeting = await self._sources.meetings.find(actor, row.recording_id)
        spoken = await self._sources.meetings.spoken(actor, row.recording_id)
        options = OPTIONS.validate_json(row.options)
        wishes = request(
            options,
            meeting.guests,
            sender=member.name,
            instruction=row.instruction,
            previous=await self._previous(row),
        )
        written, spent = await self._author.write(
            document(meeting, spoken, facts(row.crm), member.zone), wishes
        )
        # Whoever asks for a change may ask for the title as well.
        draft = to_draft(
            written,
            lines=len(spoken),
            zone=member.zone,
            title="" if row.instruction else meeting.title,
            language=_written_in(options, meeting),
        )
        draft = replace(draft, note=note_text(draft.crm_note, member.language))
        await self._add(row, draft, origin="written", spent=spent)

    async def compose_plainly(self, followup_id: str, run: str) -> None:
        """Step 3 without a model: Fathom's own summary as a draft, marked as such."""
        row = await self._begin(followup_id, run, "draft")
        if row is None:
            return
        meeting = await self._sources.meetings.find(_actor(row), row.recording_id)
        async with self._sources.connections.using_fathom(_actor(row)) as key:
            summary = await self._sources.fathom.summary(key, row.recording_id)
        if not summary:
            raise DomainError(NO_SUMMARY)
        options = OPTIONS.validate_json(row.options)
        draft = plain_letter(
            summary,
            title=meeting.title,
            names=_names(options, meeting),
            language=_written_in(options, meeting),
        )
        await self._add(row, draft, origin="plain", spent=Spent())

    async def failed(self, followup_id: str, run: str, reference: str, error: DomainError) -> None:
        """The job gave up: keep the sentence and the reference for the owner, offer a retry."""
        known = await self._current(followup_id, run)
        if known is not None:
            problem = error.sentence(await self._language(known))
            async with self._database.transaction() as session:
                row = await table.find_job(session, followup_id, lock=True)
                if row is not None and row.status == WRITING and str(row.run) == run:
                    row.status, row.reference, row.problem = FAILED, reference, problem
                    row.missing = missing_connection(error)
                    row.updated_at = self._clock()
                    session.add(row)
        await self._stage.present(followup_id)

    async def _begin(self, followup_id: str, run: str, step: str) -> table.FollowUpRow | None:
        """The row, its step marked as running; None when this run is over or superseded."""
        row = await self._current(followup_id, run)
        if row is None:
            # A crash, or Slack out of reach, may have come between its end and the showing of it.
            await self._stage.present(followup_id)
        else:
            await self._move(row, step, RUNNING)
        return row

    async def _current(self, followup_id: str, run: str) -> table.FollowUpRow | None:
        async with self._database.transaction() as session:
            row = await table.find_job(session, followup_id)
        if row is None or row.status != WRITING or str(row.run) != run:
            return None
        return row

    async def _move(
        self,
        row: table.FollowUpRow,
        step: str,
        state: str,
        note: str = "",
        *,
        crm: str | None = None,
    ) -> None:
        async with self._database.transaction() as session:
            fresh = await table.find_job(session, row.id, lock=True)
            if fresh is None or fresh.run != row.run or fresh.status != WRITING:
                return
            now = self._clock()
            fresh.steps = with_step(fresh.steps, step, state=state, now=now, note=note)
            fresh.crm = fresh.crm if crm is None else crm
            fresh.updated_at = now
            session.add(fresh)
        if state == RUNNING:
            await self._stage.show(row.id)

    async def _previous(self, row: table.FollowUpRow) -> Draft | None:
        if row.version == 0:
            return None
        async with self._database.transaction() as session:
            versions = await table.versions(session, row.id)
        return next(DRAFT.validate_json(v.content) for v in versions if v.number == row.version)

    async def _add(
        self, row: table.FollowUpRow, draft: Draft, *, origin: str, spent: Spent
    ) -> None:
        now = self._clock()
        async with self._database.transaction() as session:
            fresh = await table.find_job(session, row.id, lock=True)
            if fresh is None or fresh.run != row.run or fresh.status != WRITING:
                return
            number = await table.next_number(session, row.id)
            version = table.Version(
                followup_id=row.id,
                number=number,
                run=row.run,
                origin=origin,
                instruction=row.instruction,
                content=DRAFT.dump_json(draft).decode(),
                model=spent.model,
                input_tokens=spent.input,
                cached_tokens=spent.cached,
                output_tokens=spent.output,
                created_at=now,
            )
            session.add(version)
            fresh.steps = with_step(fresh.steps, "draft", state=DONE, now=now)
            fresh.status, fresh.version, fresh.updated_at = READY, number, now
            session.add(fresh)
        await self._stage.present(row.id)

    async def _language(self, row: table.FollowUpRow) -> str:
        return (await self._sources.members.who(_actor(row))).language


def _actor(row: table.FollowUpRow) -> Actor:
    return Actor(row.workspace_id, row.member_id)


def _written_in(options: Options, meeting: Meeting) -> str:
    return language_of(options.language or meeting.language)


def _names(options: Options, meeting: Meeting) -> tuple[str, ...]:
    """The recipients' names as the meeting's guests have them; "" for the others."""
    known = {guest.email: guest.name for guest in meeting.guests}
    return tuple(known.get(address, "") for address in options.to)
