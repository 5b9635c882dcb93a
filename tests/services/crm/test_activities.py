"""Tasks and notes reach the CRM once, whatever fails, and what was typed is never lost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, cast
from uuid import uuid4

import pytest
import pytest_asyncio

from db.store.session import Database
from integrations.errors import RefusedByVendor, Unreachable
from services.actors import Actor
from services.crm import (
    ACTIVITY_DONE,
    ACTIVITY_FAILED,
    ACTIVITY_PENDING,
    ActivityForms,
    ActivityPlace,
    ActivityTarget,
    Capabilities,
    CrmAccess,
    CrmActivities,
    CrmActivity,
    CrmIndex,
    CrmPort,
    NewNote,
    NewTask,
    Note,
    NoteEntry,
    Owner,
    Task,
    TaskEntry,
    TypedTask,
)
from services.crm.crono_words import CAPABILITIES, refusal
from services.crm.entries import keep
from services.errors import (
    AWAY,
    Disconnected,
    Invalid,
    NotFound,
    Temporary,
    translate_vendor_errors,
)
from services.operations import OVER, Operation, Operations, Place
from services.people import Member, Members
from services.ports import SlackPerson
from tests.services.crm.test_index import ACCOUNTS, CONTACTS, DEALS

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)  # 13:00 in Rome
JOSE = ActivityTarget("a1", "Hartwell Logistics", "c2", "José Núñez", "d1", "Rollout")
CALL = TaskEntry(JOSE, "call", "About the offer", "2026-11-28", "10:00", "Europe/Rome", "Be brief.")
NOTED = NoteEntry(JOSE, "They want the offer.", "Slack T1/C1/1764.1", NOW)


class Ledger:
    """A CRM that may forget to answer; its verbs are those of the port."""

    name = "Crono"
    capabilities: Capabilities = CAPABILITIES

    def __init__(self) -> None:
        self.tasks: list[tuple[datetime, NewTask]] = []
        self.notes: list[NewNote] = []
        self.fails: list[Exception] = []
        self.loses_reply = False

    async def create_task(self, task: NewTask) -> Task:
        self._fail()
        self.tasks.append((NOW, task))
        self._lose()
        return Task("", task.subject, task.due_at, "https://crm/t1")

    async def find_task(self, task: NewTask, since: datetime) -> Task | None:
        for at, one in self.tasks:
            if at >= since and one == task:
                return Task("t1", task.subject, task.due_at, "https://crm/t1")
        return None

    async def create_note(self, note: NewNote) -> Note:
        self._fail()
        self.notes.append(note)
        self._lose()
        return Note("n1", note.text, NOW)

    async def find_note(self, account_id: str, marker: str) -> Note | None:
        for one in self.notes:
            if (one.account_id, one.marker) == (account_id, marker):
                return Note("n1", one.text, NOW)
        return None

    async def owners(self) -> tuple[Owner, ...]:
        return (Owner("o1", "Giulia", "Giulia@home.example"),)

    def _fail(self) -> None:
        if self.fails:
            raise self.fails.pop(0)

    def _lose(self) -> None:
        if self.loses_reply:
            self.loses_reply = False
            raise Unreachable("crono", "reply lost")


class Keys:
    """The way into that CRM, unless nobody connected one."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger: Ledger | None = ledger

    async def of(self, actor: Actor) -> CrmPort | None:
        return cast(CrmPort, self.ledger)

    @asynccontextmanager
    async def using(self, actor: Actor) -> AsyncIterator[CrmPort]:
        with translate_vendor_errors("Crono"):
            try:
                yield cast(CrmPort, self.ledger)
            except RefusedByVendor as error:
                raise refusal(error.code) or error from error


class Screen:
    """Where outcomes are shown."""

    def __init__(self) -> None:
        self.shown: list[CrmActivity] = []
        self.away = 0

    async def show_activity(self, activity: CrmActivity, member: Member) -> ActivityPlace:
        if self.away:
            self.away -= 1
            raise Temporary(AWAY, vendor="Slack")
        self.shown.append(activity)
        return ActivityPlace(activity.view_id)

    async def draw(self, operation: Operation) -> Place | None:
        return None


class Slack:
    async def person(self, actor: Actor) -> SlackPerson:
        return SlackPerson("Giulia", "giulia@home.example", "it-IT", "Europe/Rome")


class Stage:
    """A member with a CRM."""

    def __init__(self, database: Database, actor: Actor) -> None:
        self.actor = actor
        self.at = NOW
        self.ledger, self.screen = Ledger(), Screen()
        self.keys = Keys(self.ledger)
        self.operations = Operations(database, self.screen, self.clock)
        members = Members(database, Slack(), lambda: NOW)
        self.activities = CrmActivities(
            database,
            cast(CrmAccess, self.keys),
            self.operations,
            members,
            self.screen,
            self.clock,
        )
        self.operations.register(self.activities.kind)
        self.forms = ActivityForms(CrmIndex(database), members, lambda: NOW)
        self.id = uuid4().hex

    def clock(self) -> datetime:
        """Time goes on, a little with every look."""
        self.at += timedelta(milliseconds=1)
        return self.at

    async def submit(self, wish: TaskEntry | NoteEntry = CALL) -> CrmActivity:
        return await self.activities.submit(self.actor, self.id, wish, "V1")

    async def work(self) -> float:
        """Take the operation's one step, as a worker does; OVER or what it waits."""
        found = await self.operations.of_subject("crm.activity", self.id)
        assert found is not None
        answer = await self.operations.advance(found.id, str(found.run), "write")
        if answer <= 0:
            await self.operations.finish(found.id, str(found.run))
        return answer

    async def now(self) -> CrmActivity:
        return await self.activities.see(self.actor, self.id)


@pytest_asyncio.fixture
async def stage(database: Database) -> Stage:
    actor = Actor(f"T{uuid4().hex[:8]}", "U1")
    async with database.transaction() as session:
        await keep(session, actor.workspace_id, "account", ACCOUNTS, seen=1)
        await keep(session, actor.workspace_id, "contact", CONTACTS, seen=1)
        await keep(session, actor.workspace_id, "deal", DEALS, seen=1)
    return Stage(database, actor)


async def test_a_task_says_all_that_was_typed_in_the_members_zone(stage: Stage) -> None:
    await stage.submit()
    await stage.work()
    [(_, task)] = stage.ledger.tasks
    assert task == NewTask(
        "a1",
        "call",
        "About the offer",
        datetime(2026, 11, 28, 9, tzinfo=UTC),
        "Be brief.",
        "c2",
        "d1",
    )
    shown = stage.screen.shown[-1]
    assert (shown.status, shown.view_id) == (ACTIVITY_DONE, "V1")
    assert shown.result is not None
    assert shown.result.url == "https://crm/t1"


async def test_a_second_click_and_a_second_worker_write_nothing_more(stage: Stage) -> None:
    await stage.submit()
    await stage.submit()
    await stage.work()
    await stage.submit()
    await stage.work()
    assert len(stage.ledger.tasks) == 1


async def test_a_task_whose_reply_was_lost_is_written_once(stage: Stage) -> None:
    stage.ledger.loses_reply = True
    await stage.submit()
    assert await stage.work() > 0
    assert (await stage.now()).status == ACTIVITY_PENDING
    stage.at += timedelta(seconds=3)
    await stage.work()
    assert len(stage.ledger.tasks) == 1
    assert (await stage.now()).status == ACTIVITY_DONE


async def test_a_refusal_is_told_in_words_and_the_form_may_be_sent_again(stage: Stage) -> None:
    stage.ledger.fails = [RefusedByVendor("crono", "EntityNotFound")]
    await stage.submit()
    assert await stage.work() == OVER
    failed = await stage.now()
    assert (failed.status, failed.wish) == (ACTIVITY_FAILED, CALL)
    assert "Crono" in failed.problem
    changed = replace(CALL, subject="About the second offer")
    await stage.submit(changed)
    await stage.work()
    assert [task.subject for _, task in stage.ledger.tasks] == ["About the second offer"]
    assert (await stage.now()).status == ACTIVITY_DONE


async def test_what_arrived_unheard_before_a_failure_is_found_before_it_is_written_again(
    stage: Stage,
) -> None:
    """The reply is lost, then the CRM refuses; the person presses Retry."""
    stage.ledger.loses_reply = True
    await stage.submit()
    await stage.work()
    found = await stage.operations.of_subject("crm.activity", stage.id)
    assert found is not None
    await stage.operations.failed(found.id, "1", "abc", Temporary(AWAY, vendor="Crono"))
    assert (await stage.now()).status == ACTIVITY_FAILED
    await stage.activities.again(stage.actor, stage.id, ActivityPlace("V2"))
    await stage.work()
    assert len(stage.ledger.tasks) == 1
    assert (await stage.now()).status == ACTIVITY_DONE


async def test_a_message_is_noted_once_on_an_account_by_whoever(stage: Stage) -> None:
    await stage.submit(NOTED)
    await stage.work()
    first = await stage.now()
    stage.id = uuid4().hex
    await stage.submit(NOTED)
    await stage.work()
    second = await stage.now()
    assert len(stage.ledger.notes) == 1
    assert first.result is not None
    assert second.result is not None
    assert (first.result.found, second.result.found) == (False, True)
    note = stage.ledger.notes[0]
    assert (note.marker, note.contact_ids, note.deal_id) == ("Slack T1/C1/1764.1", ("c2",), "d1")


async def test_a_crm_with_owners_gets_the_members_own(stage: Stage) -> None:
    stage.ledger.capabilities = replace(CAPABILITIES, task_owners=True)
    await stage.submit()
    await stage.work()
    assert stage.ledger.tasks[0][1].owner_id == "o1"


async def test_an_outcome_that_slack_did_not_take_is_shown_later(stage: Stage) -> None:
    await stage.submit()
    stage.screen.away = 1
    with pytest.raises(Temporary):
        await stage.work()
    found = await stage.operations.of_subject("crm.activity", stage.id)
    assert found is not None
    await stage.operations.finish(found.id, "1")
    assert [one.status for one in stage.screen.shown] == [ACTIVITY_DONE]
    assert len(stage.ledger.tasks) == 1


async def test_nobody_else_sees_or_overwrites_it(stage: Stage) -> None:
    await stage.submit()
    stranger = Actor(stage.actor.workspace_id, "U2")
    with pytest.raises(NotFound):
        await stage.activities.see(stranger, stage.id)
    with pytest.raises(NotFound):
        await stage.activities.submit(stranger, stage.id, CALL, "V9")
    with pytest.raises(NotFound):
        await stage.activities.again(stranger, stage.id, ActivityPlace("V9"))


async def test_without_a_crm_nothing_is_begun(stage: Stage) -> None:
    stage.keys.ledger = None
    with pytest.raises(Disconnected):
        await stage.submit()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"about": None}, "about"),
        ({"about": ActivityTarget("", "", "c3", "Marta")}, "about"),
        ({"subject": " "}, "subject"),
        ({"subject": "x" * 300}, "subject"),
        ({"day": "", "at": ""}, "time"),
        ({"day": "2026-11-27", "at": "12:59"}, "time"),
        ({"day": "2027-03-28", "at": "02:30"}, "time"),
        ({"description": "x" * 20_000}, "description"),
    ],
)
async def test_what_cannot_be_used_is_refused_at_the_door(
    stage: Stage, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await stage.submit(replace(CALL, **changes))
    assert refused.value.field == field
    with pytest.raises(NotFound):
        await stage.now()


async def test_a_note_without_text_or_account_is_refused(stage: Stage) -> None:
    for wish, field in ((replace(NOTED, text=" "), "text"), (replace(NOTED, about=None), "about")):
        with pytest.raises(Invalid) as refused:
            await stage.submit(wish)
        assert refused.value.field == field


async def test_a_form_begins_with_what_was_typed_and_sensible_times(stage: Stage) -> None:
    typed = TypedTask("jose@hartwell.example", "email", None, None, "Offer")
    found = await stage.forms.task(stage.actor, typed)
    assert found.about == replace(JOSE, deal_id="", deal="")
    assert (found.type, found.subject, found.day, found.at) == (
        "email",
        "Offer",
        "2026-11-28",
        "09:00",
    )
    unknown = await stage.forms.task(stage.actor, TypedTask("nobody@hartwell.example"))
    assert unknown.about is None


@pytest.mark.parametrize(
    ("typed", "day", "at"),
    [
        (TypedTask(day=NOW.date()), "2026-11-27", "14:00"),
        (TypedTask(at=time(9)), "2026-11-28", "09:00"),
        (TypedTask(at=time(15)), "2026-11-27", "15:00"),
    ],
)
async def test_times_are_understood_as_those_to_come(
    stage: Stage, typed: TypedTask, day: str, at: str
) -> None:
    found = await stage.forms.task(stage.actor, typed)
    assert (found.day, found.at, found.zone) == (day, at, "Europe/Rome")


async def test_a_target_is_what_the_index_has(stage: Stage) -> None:
    account = await stage.forms.target(stage.actor, "account", "a1", deal_id="d2")
    assert account == ActivityTarget("a1", "Hartwell Logistics")
    alone = await stage.forms.target(stage.actor, "contact", "c3")
    assert alone == ActivityTarget("", "", "c3", "Marta D'Angelo")
    assert await stage.forms.target(stage.actor, "contact", "c9") is None
    assert await stage.forms.target(stage.actor, "", "") is None
