"""The form about a file's meeting is read back as it was filled in."""

import pytest

from services.meetings import FileEntry
from tests.views import samples as some
from tests.views.hands import filled, untouched
from tests.views.scenes_files import NAME, crowd, file
from views.slack.followups import files

ENGLISH = some.member("en")


def test_what_is_typed_and_chosen_is_read() -> None:
    form = files.meeting_form(file(), ENGLISH)
    typed = {"own": "1", "title": "Kick-off", "day": "2026-11-19", "start": "09:30"}
    state = filled(form, also="x@y.example;\nz@y.example", **typed)
    assert files.read_meeting(state, file()) == FileEntry(
        recording_id=-7,
        name=NAME,
        title="Kick-off",
        own="Speaker 2",
        day="2026-11-19",
        clock="09:30",
        addresses=(("Carol *Diaz*", "carol@acme.example"), ("Speaker 2", "")),
        also=("x@y.example", "", "z@y.example"),
    )


@pytest.mark.parametrize(("chosen", "own"), [("?", None), ("-", ""), ("0", "Carol *Diaz*")])
def test_undecided_is_not_the_same_as_not_speaking(chosen: str, own: str | None) -> None:
    state = filled(files.meeting_form(file(), ENGLISH), own=chosen)
    assert files.read_own(state) == chosen
    assert files.read_meeting(state, file()).own == own


def test_whoever_one_is_has_no_address_to_give() -> None:
    state = untouched(files.meeting_form(file(), ENGLISH, "0"))
    assert files.read_meeting(state, file()).addresses == (("Speaker 2", ""),)


def test_a_file_without_a_title_is_called_by_who_else_speaks() -> None:
    state = untouched(files.meeting_form(file(title=""), ENGLISH, "1"))
    assert files.read_meeting(state, file()).title == "Meeting with Carol *Diaz*"


def test_the_form_knows_its_file_by_id_and_name() -> None:
    metadata = files.meeting_form(file(), ENGLISH).to_dict()["private_metadata"]
    assert files.read_ticket(metadata) == (-7, NAME)


@pytest.mark.parametrize(
    ("field", "block"),
    [
        ("title", "files.title@0"),
        ("own", "files.own@0"),
        ("day", "files.day@0"),
        ("also", "files.also@0"),
        ("guest:Speaker 2", "files.address:1n@0"),
    ],
)
def test_a_refused_field_is_told_under_its_own_block(field: str, block: str) -> None:
    state = untouched(files.meeting_form(file(), ENGLISH))
    assert files.error_block(state, file(), field) == block


def test_a_crowd_fits_into_one_modal() -> None:
    form = files.meeting_form(file(speakers=crowd()), ENGLISH).to_dict()
    assert len(form["blocks"]) < 20
