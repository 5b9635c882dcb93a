"""A member's settings come back from their form as they were shown, and as they were changed."""

from datetime import time

import pytest

from services.people import AUTO_STARTS, Preferences, QuietHours
from tests.views import samples as some
from tests.views.hands import filled, untouched
from views.slack import people
from views.slack.followups import options

ENGLISH = some.member("en")


@pytest.mark.parametrize("auto_start", AUTO_STARTS)
@pytest.mark.parametrize("quiet", [None, QuietHours(time(0), time(23, 30))])
@pytest.mark.parametrize("zone", ["", "America/Argentina/Buenos_Aires"])
def test_what_may_happen_by_itself_reads_back_as_it_is_shown(
    auto_start: str, quiet: QuietHours | None, zone: str
) -> None:
    likes = Preferences(
        "", "direct", "long", "", auto_start, quiet, zone, ("a@b.example", "c@d.it")
    )
    view = people.settings(some.member("it", preferences=likes))
    assert people.read_preferences(untouched(view)) == likes


def test_quiet_hours_are_switched_off_and_a_zone_given_back() -> None:
    likes = Preferences(zone="Europe/Rome", aliases=("a@b.example",))
    view = people.settings(some.member("en", preferences=likes))
    typed = filled(view, quiet_from="follow", zone="follow", aliases="")
    assert people.read_preferences(typed) == Preferences(quiet=None)


def test_slacks_zone_is_offered_until_something_is_typed() -> None:
    first, *_ = people.zone_choices(("Europe/Rome",), "", ENGLISH)
    assert first.value == "follow"
    found = people.zone_choices(("America/New_York",), "new", ENGLISH)
    assert [(one.label, one.value) for one in found] == [("America/New York", "America/New_York")]


def test_ones_own_addresses_are_not_offered_as_recipients() -> None:
    meeting = some.meeting()
    own = meeting.guests[0].email
    likes = Preferences(aliases=(own,))
    form = options.Form(meeting, some.member("en", preferences=likes))
    assert own not in str(options.options(form).to_dict())
