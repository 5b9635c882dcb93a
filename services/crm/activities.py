"""Tasks and notes for the CRM from Slack: taken down, then written once by an operation."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from pydantic import TypeAdapter

from db.crm import activities as table
from db.store.session import Database, Session
from services.actors import Actor, Operator
from services.crm.access import NO_CRM, CrmAccess
from services.crm.port import CrmPort, NewNote, NewTask, Note, Task
from services.crm.wishes import NoteEntry, TaskEntry, check_note, due
from services.errors import (
    Disconnected,
    DomainError,
    Invalid,
    NotFound,
    Temporary,
    missing_connection,
)
from services.operations import (
    Backoff,
    Done,
    Kind,
    Operations,
    Outcome,
    Place,
    Skipped,
    Start,
    StepPlan,
    Work,
)
from services.people import Member, Members
from services.phrases import Phrase
from services.ports import Clock

KIND, STEP = "crm.activity", "write"
PENDING, DONE, FAILED = "pending", "done", "failed"
TASK, NOTE = "task", "note"
TRIES = Backoff(tries=4, first=timedelta(seconds=1), longest=timedelta(seconds=20))
# The CRM's clock is not ours.
CLOCKS_DIFFER = timedelta(minutes=5)

GONE = Phrase("There is no such entry.", "Questa voce non esiste.")
NO_ACCOUNT = Phrase(
    "{name} belongs to no account in {crm}. Choose the account instead.",
    "In {crm} {name} non appartiene a nessun account. Scegli invece l’account.",
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was about to be sent to the CRM, and when: it may have arrived."""

    at: datetime
    task: NewTask | None = None
    note: NewNote | None = None


@dataclass(frozen=True, slots=True)
class ActivityResult:
    """What the CRM has now; `found` when it was there before anybody asked, `owned` by no one."""

    crm: str
    url: str = ""
    found: bool = False
    unowned: bool = False


@dataclass(frozen=True, slots=True)
class CrmActivity:
    """A task or note as its owner sees it: what was typed, how it stands, where it is shown."""

    id: str
    actor: Actor
    wish: TaskEntry | NoteEntry
    status: str
    result: ActivityResult | None
    problem: str
    missing: str
    view_id: str
    card_channel: str
    card_ts: str


@dataclass(frozen=True, slots=True)
class ActivityPlace:
    """Where an activity is seen: its modal while that is open, and its card, if there is one."""

    view_id: str = ""
    channel: str = ""
    ts: str = ""


class ActivityDisplay(Protocol):
    """Draws an activity where its owner is: in the open modal, else on a card in their DM."""

    async def show_activity(self, activity: CrmActivity, member: Member) -> ActivityPlace:
        """Draw the present state; raises Temporary while Slack is away."""


class CrmActivities:
    """Takes activities down and writes each into the CRM once; others get NotFound."""

    def __init__(
        self,
        database: Database,
        access: CrmAccess,
        operations: Operations,
        members: Members,
        display: ActivityDisplay,
        clock: Clock,
    ) -> None:
        self._database = database
        self._access = access
        self._operations = operations
        self._members = members
        self._display = display
        self._clock = clock
        self.kind = Kind(
            KIND, (StepPlan(STEP, self.write, TRIES),), cancellable=False, ended=self.ended
        )

    async def crm(self, actor: Actor) -> CrmPort:
        """The member's CRM, for its words; nothing leaves the process. Raises Disconnected."""
        crm = await self._access.of(actor)
        if crm is None:
            raise Disconnected(NO_CRM, vendor="crm")
        return crm

    async def submit(
        self, actor: Actor, activity_id: str, wish: TaskEntry | NoteEntry, view_id: str
    ) -> CrmActivity:
        """Take it down and begin to write it; a second click changes nothing.

        After a failure the same form may be sent off again, changed or not. Raises Invalid with
        the field, Disconnected, NotFound.
        """
        self._check(wish)
        crm = await self.crm(actor)
        if wish.about is not None and not wish.about.account_id and crm.capabilities.needs_account:
            raise Invalid(NO_ACCOUNT, field="about", name=wish.about.name, crm=crm.name)
        member = await self._members.who(actor)
        async with self._database.transaction() as session:
            row = await table.take(
                session, actor.workspace_id, actor.member_id, self._fresh(actor, activity_id, wish)
            )
            if row is None:
                raise NotFound(GONE)
            if row.status != DONE and not (row.operation_id and row.status == PENDING):
                row.wish, row.view_id = WISH.dump_json(wish).decode(), view_id
                await self._start(session, row, member)
            return _activity(row)

    async def again(self, actor: Actor, activity_id: str, place: ActivityPlace) -> CrmActivity:
        """Try once more what failed, as it was typed; a second click changes nothing.

        `place` is where that was asked for: its modal, or its card.
        """
        member = await self._members.who(actor)
        async with self._database.transaction() as session:
            row = await _own(session, actor, activity_id)
            if row.status == FAILED:
                row.view_id = place.view_id
                if place.ts:
                    row.card_channel, row.card_ts = place.channel, place.ts
                await self._start(session, row, member)
            return _activity(row)

    async def see(self, actor: Actor, activity_id: str) -> CrmActivity:
        """The activity as it is now; raises NotFound."""
        async with self._database.transaction() as session:
            return _activity(await _own(session, actor, activity_id))

    async def write(self, work: Work) -> Outcome:
        """The operation's step: look whether an earlier try arrived, else write it."""
        row = await self._row(work)
        if row is None or row.status != PENDING:
            return Skipped()
        activity = _activity(row)
        try:
            async with self._access.using(activity.actor) as crm:
                result = await self._written(
                    crm, work, activity, ATTEMPT.validate_json(row.attempt)
                )
        except Temporary:
            raise
        except DomainError as error:
            await self._fail(work.subject_id, error)
            raise
        async with self._locked(work) as kept:
            if kept is not None:
                kept.status, kept.result = DONE, RESULT.dump_json(result).decode()
        return Done()

    async def ended(self, activity_id: str, _state: str) -> None:
        """The operation is over: what it left open failed with it. Shown wherever its owner is."""
        async with self._database.transaction() as session:
            row = await table.find_job(session, activity_id)
        if row is None:
            return
        if row.status == PENDING:
            operation = await self._operations.see(row.operation_id)
            if operation.is_over:
                problem = " ".join(filter(None, (operation.problem, operation.reference)))
                await self._set_failed(activity_id, problem, "")
        await self.show(activity_id)

    async def show(self, activity_id: str) -> None:
        """Draw it as it is now; raises Temporary while Slack is away."""
        async with self._database.transaction() as session:
            row = await table.find_job(session, activity_id)
        if row is None:
            return
        activity = _activity(row)
        place = await self._display.show_activity(activity, await self._members.who(activity.actor))
        async with self._database.transaction() as session:
            kept = await table.find_job(session, activity_id, lock=True)
            if kept is not None and place.ts:
                kept.card_channel, kept.card_ts = place.channel, place.ts
            if kept is not None and kept.run == row.run and kept.view_id == row.view_id:
                kept.view_id = place.view_id

    async def _written(
        self, crm: CrmPort, work: Work, activity: CrmActivity, tried: Attempt | None
    ) -> ActivityResult:
        result = ActivityResult(crm.name)
        if tried is not None and (made := await _find(crm, tried)) is not None:
            return replace(result, url=made.url)
        attempt = self._attempt(activity)
        if attempt.note is not None and (noted := await _find(crm, attempt)) is not None:
            return replace(result, url=noted.url, found=True)
        attempt, unowned = await self._owned(crm, activity, attempt)
        # Before the call: a process that dies during it leaves a trace of what to look for.
        async with self._locked(work) as row:
            if row is None:
                return result
            row.attempt = ATTEMPT.dump_json(attempt).decode()
        if attempt.task is not None:
            url = (await crm.create_task(attempt.task)).url
        elif attempt.note is not None:
            url = (await crm.create_note(attempt.note)).url
        return replace(result, url=url, unowned=unowned)

    def _attempt(self, activity: CrmActivity) -> Attempt:
        wish, now = activity.wish, self._clock()
        about = wish.about
        if about is None:
            raise NotFound(GONE)
        if isinstance(wish, TaskEntry):
            # Its time was to come when it was sent off; a late try writes it all the same.
            due_at = due(wish, datetime.min.replace(tzinfo=now.tzinfo))
            task = NewTask(
                account_id=about.account_id,
                type=wish.type,
                subject=wish.subject.strip(),
                due_at=due_at,
                description=wish.description.strip(),
                contact_id=about.contact_id,
                deal_id=about.deal_id,
            )
            return Attempt(now, task=task)
        note = NewNote(
            account_id=about.account_id,
            text=wish.text,
            marker=wish.message,
            at=wish.written_at,
            deal_id=about.deal_id,
            contact_ids=(about.contact_id,) if about.contact_id else (),
        )
        return Attempt(now, note=note)

    async def _owned(
        self, crm: CrmPort, activity: CrmActivity, attempt: Attempt
    ) -> tuple[Attempt, bool]:
        """With its owner where the CRM keeps one; whether none could be found."""
        if not crm.capabilities.task_owners:
            return attempt, False
        email = (await self._members.who(activity.actor)).email.lower()
        owners = (one for one in await crm.owners() if one.active)
        owner = next((one.id for one in owners if email and one.email.lower() == email), "")
        task = replace(attempt.task, owner_id=owner) if attempt.task else None
        note = replace(attempt.note, owner_id=owner) if attempt.note else None
        return Attempt(attempt.at, task, note), not owner and task is not None

    def _check(self, wish: TaskEntry | NoteEntry) -> None:
        if isinstance(wish, TaskEntry):
            due(wish, self._clock())
        else:
            check_note(wish)

    def _fresh(
        self, actor: Actor, activity_id: str, wish: TaskEntry | NoteEntry
    ) -> table.ActivityRow:
        now = self._clock()
        return table.ActivityRow(
            id=activity_id,
            workspace_id=actor.workspace_id,
            member_id=actor.member_id,
            kind=TASK if isinstance(wish, TaskEntry) else NOTE,
            wish=WISH.dump_json(wish).decode(),
            created_at=now,
            updated_at=now,
        )

    async def _start(self, session: Session, row: table.ActivityRow, member: Member) -> None:
        row.status, row.problem, row.missing = PENDING, "", ""
        row.run += 1
        row.updated_at = self._clock()
        about = WISH.validate_json(row.wish).about
        start = Start(
            KIND,
            row.id,
            about.name if about else "",
            Operator("slack", f"{row.workspace_id}:{row.member_id}", member.name),
            f"{KIND}:{row.id}:{row.run}",
            language=member.language,
            place=Place(row.workspace_id, ""),
        )
        await session.flush()
        row.operation_id = await self._operations.start(session, start)

    async def _fail(self, activity_id: str, error: DomainError) -> None:
        async with self._database.transaction() as session:
            row = await table.find_job(session, activity_id)
        if row is not None:
            member = await self._members.who(Actor(row.workspace_id, row.member_id))
            sentence = error.sentence(member.language)
            await self._set_failed(activity_id, sentence, missing_connection(error))

    async def _set_failed(self, activity_id: str, problem: str, missing: str) -> None:
        async with self._database.transaction() as session:
            row = await table.find_job(session, activity_id, lock=True)
            if row is not None and row.status == PENDING:
                row.status, row.problem, row.missing = FAILED, problem, missing

    async def _row(self, work: Work) -> table.ActivityRow | None:
        async with self._database.transaction() as session:
            row = await table.find_job(session, work.subject_id)
        return row if row is not None and row.operation_id == work.operation_id else None

    @asynccontextmanager
    async def _locked(self, work: Work) -> AsyncIterator[table.ActivityRow | None]:
        """The row to write into; None when it belongs to a newer operation."""
        async with self._database.transaction() as session:
            row = await table.find_job(session, work.subject_id, lock=True)
            mine = row is not None and row.operation_id == work.operation_id
            yield row if mine else None


WISH: TypeAdapter[TaskEntry | NoteEntry] = TypeAdapter(TaskEntry | NoteEntry)
ATTEMPT: TypeAdapter[Attempt | None] = TypeAdapter(Attempt | None)
RESULT: TypeAdapter[ActivityResult | None] = TypeAdapter(ActivityResult | None)


async def _find(crm: CrmPort, attempt: Attempt) -> Task | Note | None:
    """What an attempt made, if it arrived."""
    if attempt.task is not None:
        return await crm.find_task(attempt.task, attempt.at - CLOCKS_DIFFER)
    if attempt.note is not None:
        return await crm.find_note(attempt.note.account_id, attempt.note.marker)
    return None


async def tasks_of_day(
    session: Session, actor: Actor, day: date, most: int
) -> tuple[CrmActivity, ...]:
    """The member's own tasks of that day, of their clock, which were written into the CRM."""
    rows = await table.tasks_of_day(
        session, actor.workspace_id, actor.member_id, day.isoformat(), most
    )
    return tuple(map(_activity, rows))


async def _own(session: Session, actor: Actor, activity_id: str) -> table.ActivityRow:
    row = await table.find(session, actor.workspace_id, actor.member_id, activity_id, lock=True)
    if row is None:
        raise NotFound(GONE)
    return row


def _activity(row: table.ActivityRow) -> CrmActivity:
    return CrmActivity(
        id=row.id,
        actor=Actor(row.workspace_id, row.member_id),
        wish=WISH.validate_json(row.wish),
        status=row.status,
        result=RESULT.validate_json(row.result),
        problem=row.problem,
        missing=row.missing,
        view_id=row.view_id,
        card_channel=row.card_channel,
        card_ts=row.card_ts,
    )
