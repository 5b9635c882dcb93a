"""A member's calendar: what is proposed, that an event is written once, and what is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from db.store.session import Database
from integrations.errors import AuthExpired, RefusedByVendor, Unreachable
from integrations.google.calendar import GoogleCalendar
from integrations.google.types import (
    BusyTime,
    CalendarDays,
    CalendarEvent,
    FreeBusy,
    MeetState,
    NewEvent,
)
from services.actors import Actor
from services.calendar import (
    FREE,
    OVER,
    TAKEN,
    Calendar,
    EventPlan,
    EventWish,
    Proposals,
    description,
)
from services.connections.gmail import Access, Gmail
from services.errors import Conflict, Disconnected, Invalid, Temporary
from services.people import Members
from services.phrases import Phrase
from services.ports import SlackPerson

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)  # a Friday
ROME = ZoneInfo("Europe/Rome")
PLAN = EventPlan(datetime(2026, 11, 30, 10, tzinfo=ROME), 30, "Europe/Rome", "Call")


class Agenda:
    """A calendar of one person, on a server that may forget to answer."""

    def __init__(self) -> None:
        self.busy_times: tuple[BusyTime, ...] = ()
        self.seen: frozenset[str] = frozenset()
        self.shown = CalendarDays("Europe/Rome", ())
        self.events: dict[str, NewEvent] = {}
        self.deleted: dict[str, bool] = {}
        self.fails: list[Exception] = []
        self.loses_reply = False
        self.tokens: list[str] = []

    async def busy(self, token: str, **_: object) -> FreeBusy:
        self.tokens.append(token)
        if self.fails:
            raise self.fails.pop(0)
        return FreeBusy(self.busy_times, self.seen)

    async def days(self, token: str, **_: object) -> CalendarDays:
        return self.shown

    async def insert(self, token: str, event: NewEvent) -> CalendarEvent:
        self.events.setdefault(event.id, event)
        if self.loses_reply:
            self.loses_reply = False
            raise Unreachable("google", "reply lost")
        return self._shown(event.id)

    async def get(self, token: str, event_id: str) -> CalendarEvent | None:
        return self._shown(event_id) if event_id in self.events else None

    async def delete(self, token: str, event_id: str, *, tell_guests: bool) -> bool:
        gone = event_id in self.deleted or event_id not in self.events
        self.deleted.setdefault(event_id, tell_guests)
        return not gone

    def _shown(self, event_id: str) -> CalendarEvent:
        meet = MeetState.READY if self.events[event_id].meet else MeetState.NONE
        cancelled = event_id in self.deleted
        return CalendarEvent(event_id, "https://c/1", "https://meet/1", meet, cancelled, ())


class Grants:
    """Everybody's Google is connected, unless it is said otherwise."""

    def __init__(self) -> None:
        self.away: Disconnected | None = None
        self.renewed = 0

    async def connected(self, actor: Actor) -> str:
        if self.away:
            raise self.away
        return "me@home.example"

    async def access(self, actor: Actor) -> Access:
        return Access(f"token-{self.renewed}", "me@home.example")

    async def refused(self, actor: Actor, access: Access) -> None:
        self.renewed += 1


class Slack:
    """A Slack that knows one person, with this zone."""

    def __init__(self, tz: str) -> None:
        self.tz = tz

    async def person(self, actor: Actor) -> SlackPerson:
        return SlackPerson("Giulia", "giulia@home.example", "it-IT", self.tz)


class Stage:
    """A member with a calendar."""

    def __init__(self, database: Database, tz: str = "Europe/Rome") -> None:
        self.actor = Actor("T1", uuid4().hex)
        self.agenda, self.grants = Agenda(), Grants()
        self.calendar = Calendar(
            cast(GoogleCalendar, self.agenda),
            cast(Gmail, self.grants),
            Members(database, Slack(tz), lambda: NOW),
            lambda: NOW,
        )

    async def propose(self, stated: str = "", minutes: int = 30) -> Proposals:
        return await self.calendar.propose(
            self.actor, minutes=minutes, guests=("bo@home.example",), stated=stated
        )


@pytest.fixture
def stage(database: Database) -> Stage:
    return Stage(database)


def wish(**changes: Any) -> EventWish:
    usual = EventWish("2026-11-30T10:00:00+01:00", "", "", 30, "Call", "")
    return replace(usual, **changes)


async def test_the_agreed_time_comes_first_while_it_is_free(stage: Stage) -> None:
    found = await stage.propose("2026-12-01T14:30+01:00")
    assert found.agreed == FREE
    assert (found.times[0].agreed, found.times[0].time.start.isoformat()) == (
        True,
        "2026-12-01T14:30:00+01:00",
    )
    assert not any(one.agreed for one in found.times[1:])


async def test_an_agreed_time_that_was_taken_or_is_over_is_said_and_not_proposed(
    stage: Stage,
) -> None:
    start = datetime(2026, 12, 1, 13, tzinfo=UTC)
    stage.agenda.busy_times = (BusyTime(start, start + timedelta(hours=1)),)
    taken = await stage.propose("2026-12-01T14:30+01:00")
    over = await stage.propose("2026-11-26T14:30+01:00")
    assert (taken.agreed, over.agreed) == (TAKEN, OVER)
    assert not any(one.agreed for one in (*taken.times, *over.times))
    assert all(one.time.start > NOW for one in over.times)


async def test_a_day_that_was_agreed_has_its_times_first(stage: Stage) -> None:
    found = await stage.propose("2026-12-03")
    assert {one.time.start.date().isoformat() for one in found.times[:3]} == {"2026-12-03"}


async def test_an_all_day_entry_is_shown_beside_the_times_of_that_day(stage: Stage) -> None:
    stage.agenda.shown = CalendarDays("Europe/Rome", (("2026-12-01", "2026-12-02", "Vacation"),))
    found = await stage.propose()
    noted = {one.time.start.date().isoformat() for one in found.times if one.all_day}
    assert noted == {"2026-12-01"}


async def test_guests_whose_calendar_was_seen_are_named(stage: Stage) -> None:
    stage.agenda.seen = frozenset({"bo@home.example"})
    assert (await stage.propose()).seen == {"bo@home.example"}


async def test_a_calendar_in_another_zone_is_named(database: Database) -> None:
    stage = Stage(database)
    stage.agenda.shown = CalendarDays("America/New_York", ())
    found = await stage.propose()
    assert (found.zone, found.other_zone) == ("Europe/Rome", "America/New_York")
    stage.agenda.shown = CalendarDays("Europe/Paris", ())
    assert (await stage.propose()).other_zone == ""


@pytest.mark.parametrize("tz", ["", "W. Europe Standard Time"])
async def test_without_a_zone_in_slack_the_calendars_own_counts_and_else_it_is_asked(
    database: Database, tz: str
) -> None:
    stage = Stage(database, tz)
    assert (await stage.propose()).zone == "Europe/Rome"
    stage.agenda.shown = CalendarDays("", ())
    with pytest.raises(Invalid, match="time zone"):
        await stage.propose()


async def test_a_token_that_died_before_its_time_is_renewed_once(stage: Stage) -> None:
    stage.agenda.fails = [AuthExpired("google", "401")]
    assert (await stage.propose()).times
    assert stage.agenda.tokens == ["token-0", "token-1"]
    stage.agenda.fails = [AuthExpired("google", "401"), AuthExpired("google", "401")]
    with pytest.raises(Disconnected):
        await stage.propose()


async def test_a_missing_permission_or_connection_says_what_to_connect(stage: Stage) -> None:
    stage.agenda.fails = [RefusedByVendor("google", "insufficientPermissions")]
    with pytest.raises(Disconnected, match="leave all ticked"):
        await stage.propose()
    stage.grants.away = Disconnected(Phrase("x", "x"), vendor="google")
    with pytest.raises(Disconnected, match="Connect Google first"):
        await stage.propose()


async def test_a_calendar_that_is_away_can_be_asked_again(stage: Stage) -> None:
    stage.agenda.fails = [Unreachable("google", "503")]
    with pytest.raises(Temporary):
        await stage.propose()


async def test_an_event_whose_reply_was_lost_is_written_once(stage: Stage) -> None:
    stage.agenda.loses_reply = True
    with pytest.raises(Temporary):
        await stage.calendar.create(stage.actor, PLAN, "f1:calendar:0")
    made = await stage.calendar.create(stage.actor, PLAN, "f1:calendar:0")
    assert list(stage.agenda.events) == [made.id]
    assert set(made.id) <= set("abcdefghijklmnopqrstuv0123456789")


async def test_an_event_deleted_by_hand_is_not_written_again_unasked(stage: Stage) -> None:
    made = await stage.calendar.create(stage.actor, PLAN, "f1:calendar:0")
    assert await stage.calendar.remove(stage.actor, made.id, tell_guests=False)
    assert not await stage.calendar.remove(stage.actor, made.id, tell_guests=False)
    with pytest.raises(Conflict):
        await stage.calendar.create(stage.actor, PLAN, "f1:calendar:0")
    again = await stage.calendar.create(stage.actor, PLAN, "f1:calendar:1")
    assert again.id != made.id


async def test_a_wish_becomes_a_plan_in_the_members_zone(stage: Stage) -> None:
    chosen = await stage.calendar.plan(stage.actor, wish(guests=("a@x.example", "a@x.example")))
    own = await stage.calendar.plan(stage.actor, wish(day="2026-12-02", at="16:45"))
    assert chosen.start == datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert own.start == datetime(2026, 12, 2, 15, 45, tzinfo=UTC)
    assert (chosen.guests, chosen.invited) == (("a@x.example",), ())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 300}, "title"),
        ({"agenda": "x" * 5_000}, "agenda"),
        ({"guests": ("zoe",)}, "guests"),
        ({"slot": ""}, "time"),
        ({"day": "2026-12-02"}, "time"),
        ({"at": "16:45"}, "time"),
        ({"day": "2026-11-27", "at": "12:59"}, "time"),
        ({"day": "2027-03-28", "at": "02:30"}, "time"),
    ],
)
async def test_what_cannot_be_planned_names_its_field(
    stage: Stage, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await stage.calendar.plan(stage.actor, wish(**changes))
    assert refused.value.field == field


def test_guests_read_the_agenda_alone_and_as_it_was_typed() -> None:
    plan = replace(PLAN, agenda="R&D <beta>\nnext", guests=("zoe@x.example",), invite=True)
    assert description(plan) == "R&amp;D &lt;beta&gt;<br>next"
    uninvited = replace(plan, invite=False)
    assert description(uninvited).endswith("<br><br>zoe@x.example")
