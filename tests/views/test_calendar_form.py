"""The form of an event comes back as it was drawn, and as a person changed it."""

from dataclasses import replace

import pytest

from services.calendar import EventWish
from tests.views.hands import filled, untouched
from tests.views.scenes_calendar import AGREED, GUESTS, form
from views.slack import calendar as views

FORM = form("en")


def test_an_untouched_form_is_the_agreed_time_without_invitations() -> None:
    wish = views.read_wish(untouched(views.form(FORM)), GUESTS)
    assert wish == EventWish(AGREED.isoformat(), "", "", 30, "zebra", "– zebra", GUESTS, meet=True)


def test_a_form_reads_as_it_was_changed() -> None:
    state = filled(
        views.form(FORM),
        day="2026-12-24",
        time="09:15",
        length="60",
        title="Other",
        agenda="",
        flags=["invite"],
        guests=[],
    )
    wish = views.read_wish(state, GUESTS)
    assert (wish.day, wish.at, wish.minutes, wish.title) == ("2026-12-24", "09:15", 60, "Other")
    assert (wish.guests, wish.invite, wish.meet) == ((), True, False)


def test_a_form_knows_its_follow_up_and_zone() -> None:
    metadata = views.form(FORM).to_dict()["private_metadata"]
    assert views.read_metadata(metadata) == ("f1", "Europe/Rome")


def test_longer_meetings_are_drawn_with_their_own_times() -> None:
    longer = replace(FORM, minutes=60)
    assert views.read_length(untouched(views.form(longer))) == 60


@pytest.mark.parametrize(
    ("field", "block"),
    [("time", "calendar.slot"), ("title", "calendar.title"), ("guests", "calendar.guests")],
)
def test_an_error_is_shown_at_its_field(field: str, block: str) -> None:
    assert views.error_block(untouched(views.form(FORM)), field).startswith(block)
    own = filled(views.form(FORM), day="2020-01-01", time="09:00")
    assert views.error_block(own, "time").startswith("calendar.time")
