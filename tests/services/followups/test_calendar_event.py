"""The event of a follow-up: written once, taken back with a word to whoever was invited."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import uuid4

import pytest

from db.store.session import Database
from integrations.google.calendar import GoogleCalendar
from integrations.google.types import BusyTime, CalendarEvent, MeetState
from services.calendar import Calendar, EventPlan
from services.connections.gmail import Gmail
from services.errors import AWAY, Temporary
from services.followups.calendar_event import CALENDAR, CalendarEventAction
from services.followups.drafts import ActionItem, Draft, NextMeeting, Options
from services.followups.progress import DONE, FAILED, UNDONE
from services.people import Members
from tests.kit.action_desk import ActionDesk
from tests.kit.desk import NOW
from tests.services.calendar.test_calendar import Agenda, Grants, Slack

AGREED = "2026-11-24T14:30+01:00"
DRAFT = Draft(
    "Recap",
    "Words.",
    action_items=(ActionItem("send the offer"),),
    next_meeting=NextMeeting(AGREED, "Pilot in Turin"),
)
GUESTS = Options(to=("zoe@lumen.example",), cc=("bo@lumen.example",))


class Rooms(Agenda):
    """A calendar whose Meet rooms take so many looks."""

    looks = 0

    def _shown(self, event_id: str) -> CalendarEvent:
        shown = super()._shown(event_id)
        if self.looks and shown.meet is MeetState.READY:
            self.looks -= 1
            return replace(shown, meet=MeetState.PENDING, meet_url="")
        return shown


class Desk:
    """One follow-up with an agreed meeting, and its owner's calendar."""

    def __init__(self, database: Database) -> None:
        self.agenda = Rooms()
        members = Members(database, Slack("Europe/Rome"), lambda: NOW)
        grants = cast(Gmail, Grants())
        calendar = Calendar(cast(GoogleCalendar, self.agenda), grants, members, lambda: NOW)
        action = CalendarEventAction(calendar, lambda: NOW, (timedelta(0),) * 2)
        self.desk = ActionDesk(database, (action,))
        self.id = uuid4().hex

    async def written(self) -> None:
        self.id = await self.desk.written(DRAFT, options=GUESTS)

    async def order(self, plan: EventPlan | None = None, *, times: int = 1) -> str:
        wish = plan.json() if plan else None
        await self.desk.actions.request(self.desk.actor, self.id, {CALENDAR: wish})
        await self.desk.take(self.id, times=times)
        return (await self.desk.receipt(self.id, CALENDAR)).status


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def plan(**changes: Any) -> EventPlan:
    usual = EventPlan(
        datetime(2026, 11, 25, 9, tzinfo=UTC), 45, "Europe/Rome", "Chosen", guests=GUESTS.to
    )
    return replace(usual, **changes)


async def test_the_agreed_meeting_is_written_with_agenda_and_without_invitations(
    desk: Desk,
) -> None:
    await desk.written()
    assert await desk.order() == DONE
    [event] = desk.agenda.events.values()
    assert event.start == datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
    assert (event.title, event.invite, event.meet) == ("Pilot in Turin", False, True)
    assert "send the offer" in event.description
    receipt = await desk.desk.receipt(desk.id, CALENDAR)
    assert receipt.url == "https://c/1"
    assert "nobody was written to" in receipt.note or "nessuno" in receipt.note


async def test_without_a_free_agreed_time_one_must_be_chosen(desk: Desk) -> None:
    await desk.written()
    start = datetime(2026, 11, 24, 13, tzinfo=UTC)
    desk.agenda.busy_times = (BusyTime(start, start + timedelta(hours=2)),)
    assert await desk.order() == FAILED
    assert desk.agenda.events == {}
    assert await desk.order(plan()) == DONE
    assert [event.title for event in desk.agenda.events.values()] == ["Chosen"]


async def test_a_lost_reply_leaves_one_event_with_the_plan_it_was_written_by(desk: Desk) -> None:
    await desk.written()
    desk.agenda.loses_reply = True
    assert await desk.order(times=2) == DONE
    assert len(desk.agenda.events) == 1


async def test_another_time_after_a_lost_event_takes_the_first_one_back(desk: Desk) -> None:
    await desk.written()
    desk.agenda.loses_reply = True
    assert await desk.order(plan(invite=True)) != DONE
    operation = await desk.desk.operation(desk.id)
    await desk.desk.operations.failed(operation.id, "1", "abc", Temporary(AWAY, vendor="Google"))
    assert await desk.order(plan(title="Later")) == DONE
    [first, second] = desk.agenda.events
    assert desk.agenda.deleted == {first: True}
    assert desk.agenda.events[second].title == "Later"


async def test_an_event_deleted_by_hand_is_made_anew_only_when_asked(desk: Desk) -> None:
    await desk.written()
    desk.agenda.loses_reply = True
    assert await desk.order(plan()) != DONE
    [first] = desk.agenda.events
    desk.agenda.deleted[first] = False
    await desk.desk.take(desk.id)
    receipt = await desk.desk.receipt(desk.id, CALENDAR)
    assert receipt.status == FAILED
    assert "deleted" in receipt.problem or "eliminato" in receipt.problem
    assert await desk.order() == DONE
    assert len(desk.agenda.events) == 2


@pytest.mark.parametrize("invite", [True, False])
async def test_undo_deletes_it_and_tells_whoever_was_invited(desk: Desk, *, invite: bool) -> None:
    await desk.written()
    await desk.order(plan(invite=invite))
    [review] = (await desk.desk.actions.review_undo(desk.desk.actor, desk.id)).planned
    assert ("1 guest gets a cancellation" in review.plan.text) is invite
    await desk.desk.undo(desk.id, CALENDAR)
    assert (await desk.desk.receipt(desk.id, CALENDAR)).status == UNDONE
    [event] = desk.agenda.events
    assert desk.agenda.deleted == {event: invite}
    assert await desk.order(plan(invite=invite)) == DONE
    assert len(desk.agenda.events) == 2


@pytest.mark.parametrize(("looks", "said"), [(1, ""), (9, "follows")])
async def test_a_room_is_waited_for_and_its_lateness_told(
    desk: Desk, looks: int, said: str
) -> None:
    await desk.written()
    desk.agenda.looks = looks
    assert await desk.order(plan()) == DONE
    note = (await desk.desk.receipt(desk.id, CALENDAR)).note
    assert said in note
    assert ("follows" in note) is bool(said)


async def test_a_review_says_who_is_written_to_or_what_to_choose(desk: Desk) -> None:
    await desk.written()
    [review] = (await desk.desk.actions.review(desk.desk.actor, desk.id)).planned
    assert "nobody is invited" in review.plan.text
    await desk.desk.actions.wish(desk.desk.actor, desk.id, CALENDAR, plan(invite=True).json())
    [review] = (await desk.desk.actions.review(desk.desk.actor, desk.id)).planned
    assert "1 guest gets an invitation" in review.plan.text
    over = plan(start=NOW - timedelta(hours=1))
    await desk.desk.actions.wish(desk.desk.actor, desk.id, CALENDAR, over.json())
    [review] = (await desk.desk.actions.review(desk.desk.actor, desk.id)).planned
    assert "over already" in review.plan.refusal
