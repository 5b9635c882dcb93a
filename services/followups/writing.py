"""The job that writes a follow-up: one verb per step, each safe to repeat."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeGuard

from db.followups import followups as table
from db.store.session import Database, Session
from services.actors import Actor
from services.budgets import OVER, BudgetSpent, OverBudget, why
from services.crm import facts
from services.errors import Disconnected, DomainError, Temporary
from services.evidence import AUDIT
from services.followups.author import Spent
from services.followups.claims import FollowUpClaims
from services.followups.composing import Composer, DraftOrder, written_in
from services.followups.drafts import DRAFT, OPTIONS, Draft, Options
from services.followups.followups import WRITE
from services.followups.plain_letter import plain_letter
from services.followups.progress import FAILED, READY, WRITING
from services.followups.sources import Sources
from services.meetings import Meeting
from services.operations import (
    Backoff,
    Done,
    Kind,
    Missed,
    Operations,
    Outcome,
    Skipped,
    StepPlan,
    Work,
)
from services.phrases import Phrase, Plural
from services.ports import Clock

SILENT = Phrase(
    "Fathom has no transcript of this meeting yet. Give it a few minutes, then retry.",
    "Fathom non ha ancora la trascrizione di questa riunione. Aspetta qualche minuto e riprova.",
)
NO_SUMMARY_OF_FILE = Phrase(
    "The model is not available, and of a file there is no summary to fall back on. Retry later.",
    "Il modello non è disponibile, e di un file non c’è un riassunto da usare. Riprova più tardi.",
)
NO_SUMMARY = Phrase(
    "The model is not available and Fathom has no summary of this meeting. Please retry later.",
    "Il modello non è disponibile e Fathom non ha un riassunto. Riprova più tardi.",
)
NO_SUMMARY_EITHER = Phrase(
    "{why} Fathom has no summary of this meeting for a plain letter either.",
    "{why} E Fathom non ha un riassunto di questa riunione per una lettera semplice.",
)
LINES = Plural(Phrase("{n} line", "{n} intervento"), Phrase("{n} lines", "{n} interventi"))
NO_CRM = Phrase("no CRM is connected", "nessun CRM è collegato")
CRM_REFUSED = Phrase(
    "{crm} does not accept its keys; left out", "{crm} non accetta le sue chiavi; tralasciato"
)
CRM_AWAY = Phrase("{crm} did not answer; left out", "{crm} non ha risposto; tralasciato")


# A vendor's short outage is waited for; the person may cancel meanwhile.
READING = Backoff(tries=5, longest=timedelta(minutes=2))
# The model's own retries come on top; after that Fathom's summary serves.
MODEL = Backoff(tries=2, first=timedelta(seconds=2), longest=timedelta(seconds=60))


@dataclass(frozen=True, slots=True)
class _Made:
    """How a version came about."""

    origin: str
    spent: Spent = field(default_factory=Spent)
    over: OverBudget | None = None


class Writing:
    """Takes a follow-up from chosen meeting to draft; a verb does nothing once it was done."""

    def __init__(
        self,
        database: Database,
        sources: Sources,
        composer: Composer,
        claims: FollowUpClaims,
        operations: Operations,
        clock: Clock,
    ) -> None:
        self._database = database
        self._sources = sources
        self._composer = composer
        self._claims = claims
        self._operations = operations
        self._clock = clock
        self.kind = Kind(
            WRITE,
            (
                StepPlan("transcript", self.read, READING),
                StepPlan("crm", self.look_up, READING),
                StepPlan("draft", self.compose, MODEL),
            ),
            ended=self.ended,
        )

    async def read(self, work: Work) -> Outcome:
        """Step 1: the transcript, from our copy or from Fathom."""
        row = await self._current(work)
        if row is None:
            return Skipped()
        spoken = await self._sources.meetings.spoken(_actor(row), row.recording_id)
        if not spoken:
            raise DomainError(SILENT)
        return Done(LINES(await self._language(row), len(spoken)))

    async def look_up(self, work: Work) -> Outcome:
        """Step 2: what Crono knows of the company; without keys or answer, that is said."""
        row = await self._current(work)
        if row is None:
            return Skipped()
        language = await self._language(row)
        crm = await self._sources.crm_access.of(_actor(row))
        if crm is None:
            return Skipped(NO_CRM(language))
        meeting = await self._sources.meetings.find(_actor(row), row.recording_id)
        try:
            options = OPTIONS.validate_json(row.options)
            context = await self._sources.crm.context(_actor(row), meeting, options.account)
        except DomainError as error:
            refused = isinstance(error, Disconnected)
            return Missed((CRM_REFUSED if refused else CRM_AWAY)(language, crm=crm.name))
        async with self._database.transaction() as session:
            fresh = await self._locked(session, work)
            if fresh is not None:
                fresh.crm = context.json()
        end = Missed if context.candidates else Done
        return end(context.headline(language))

    async def compose(self, work: Work) -> Outcome:
        """Step 3: one new version, without a model once it was away often enough."""
        row = await self._current(work)
        if row is None:
            return Skipped()
        try:
            draft, spent = await self._composed(row)
            await self._add(work, draft, _Made("written", spent))
        except Temporary as error:
            if MODEL.pause(work.attempt, wished=error.retry_after) is not None:
                raise
            await self._add(work, await self._composed_plainly(row, NO_SUMMARY), _Made("plain"))
        except BudgetSpent as error:
            if row.version:
                # What is there is better than a plain letter, and a wish cannot be met by one.
                raise
            draft = await self._composed_plainly(row, NO_SUMMARY_EITHER, over=error.over)
            await self._add(work, draft, _Made("plain", over=error.over))
        return Done()

    async def ended(self, followup_id: str, state: str) -> None:
        """Writing failed: its owner is told why, and offered a retry."""
        operation = await self._operations.of_subject(WRITE, followup_id)
        if operation is None or state != FAILED:
            return
        async with self._database.transaction() as session:
            row = await table.find_job(session, followup_id, lock=True)
            if row is not None and row.status == WRITING and row.operation_id == operation.id:
                row.status, row.reference, row.problem = (
                    FAILED,
                    operation.reference,
                    operation.problem,
                )
                row.missing, row.updated_at = operation.missing, self._clock()
                session.add(row)

    async def _composed(self, row: table.FollowUpRow) -> tuple[Draft, Spent]:
        asked = DraftOrder(
            row.recording_id,
            OPTIONS.validate_json(row.options),
            facts(row.crm),
            row.instruction,
            await self._previous(row),
        )
        return await self._composer.compose(_actor(row), asked)

    async def _composed_plainly(
        self, row: table.FollowUpRow, without: Phrase, over: OverBudget | None = None
    ) -> Draft:
        """Fathom's own summary as a draft, marked as such; raises DomainError `without` one."""
        meeting = await self._sources.meetings.find(_actor(row), row.recording_id)
        if meeting.file_name:
            raise DomainError(NO_SUMMARY_OF_FILE)
        async with self._sources.connections.using_fathom(_actor(row)) as key:
            summary = await self._sources.fathom.summary(key, row.recording_id)
        if not summary:
            language = await self._language(row)
            raise DomainError(without, why=why(over, language) if over else "")
        options = OPTIONS.validate_json(row.options)
        return plain_letter(
            summary,
            title=meeting.title,
            names=_names(options, meeting),
            language=written_in(options, meeting),
        )

    async def _current(self, work: Work) -> table.FollowUpRow | None:
        """The row; None when this writing is over or superseded."""
        async with self._database.transaction() as session:
            row = await table.find_job(session, work.subject_id)
        return row if _is_current(row, work) else None

    async def _locked(self, session: Session, work: Work) -> table.FollowUpRow | None:
        row = await table.find_job(session, work.subject_id, lock=True)
        return row if _is_current(row, work) else None

    async def _previous(self, row: table.FollowUpRow) -> Draft | None:
        if row.version == 0:
            return None
        async with self._database.transaction() as session:
            versions = await table.versions(session, row.id)
        return next(DRAFT.validate_json(v.content) for v in versions if v.number == row.version)

    async def _add(self, work: Work, draft: Draft, made: _Made) -> None:
        row = await self._current(work)
        if row is None:
            return
        audit = await self._claims.audited(row, draft, origin=made.origin)
        now = self._clock()
        async with self._database.transaction() as session:
            row = await self._locked(session, work)
            if row is None:
                return
            row.version = await table.next_number(session, row.id)
            row.status, row.updated_at = READY, now
            version = table.Version(
                followup_id=row.id,
                number=row.version,
                run=row.run,
                origin=made.origin,
                instruction=row.instruction,
                content=DRAFT.dump_json(draft).decode(),
                model=made.spent.model,
                input_tokens=made.spent.input,
                cached_tokens=made.spent.cached,
                output_tokens=made.spent.output,
                over_budget=OVER.dump_json(made.over).decode(),
                audit=AUDIT.dump_json(audit).decode(),
                created_at=now,
            )
            session.add_all((row, version))

    async def _language(self, row: table.FollowUpRow) -> str:
        return (await self._sources.members.who(_actor(row))).language


def _is_current(row: table.FollowUpRow | None, work: Work) -> TypeGuard[table.FollowUpRow]:
    return row is not None and row.status == WRITING and row.operation_id == work.operation_id


def _actor(row: table.FollowUpRow) -> Actor:
    return Actor(row.workspace_id, row.member_id)


def _names(options: Options, meeting: Meeting) -> tuple[str, ...]:
    """The recipients' names as the meeting's guests have them; "" for the others."""
    known = {guest.email: guest.name for guest in meeting.guests}
    return tuple(known.get(address, "") for address in options.to)
