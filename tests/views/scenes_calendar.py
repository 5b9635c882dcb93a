"""The modal of a calendar event, in every state it can be in."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.calendar import FREE, OVER, TAKEN, Proposals, ProposedTime, TimeRange
from tests.views import samples as some
from tests.views.scenes import Given, Scene, given
from views.slack import calendar
from views.slack.calendar import EventForm

ROME = ZoneInfo("Europe/Rome")
AGREED = datetime(2026, 12, 1, 14, 30, tzinfo=ROME)


def _time(day: int, hour: int, **more: Any) -> ProposedTime:
    start = datetime(2026, 12, day, hour, 30, tzinfo=ROME)
    return ProposedTime(TimeRange(start, start.replace(hour=hour + 1, minute=0)), **more)


TIMES = (_time(1, 14, agreed=True), _time(2, 9), _time(3, 11, all_day=("zebra",)))
PROPOSALS = Proposals(TIMES, "Europe/Rome", agreed=FREE, agreed_at=AGREED)
GUESTS = (some.CAROL.email, some.DAN.email)


def form(language: str, **changes: Any) -> EventForm:
    """A form of these proposals."""
    proposals = replace(PROPOSALS, **changes)
    return EventForm("f1", proposals, some.member(language), GUESTS, "zebra", "– zebra")


def _form(language: str, **changes: Any) -> Given:
    return given(form(language, **changes))


def _alone(language: str) -> Given:
    return given(replace(form(language, times=(), agreed="", agreed_at=None), guests=()))


CALENDAR = (
    Scene(calendar.loading, "normal", lambda lang: given(lang)),
    Scene(calendar.form, "agreed", lambda lang: _form(lang, seen=frozenset(GUESTS[:1]))),
    Scene(calendar.form, "taken", lambda lang: _form(lang, agreed=TAKEN, times=TIMES[1:])),
    Scene(calendar.form, "over", lambda lang: _form(lang, agreed=OVER, other_zone="Asia/Tokyo")),
    Scene(calendar.form, "nothing_free", _alone),
)
