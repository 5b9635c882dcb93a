"""What people type into a draft, and what the model writes into one."""

from datetime import UTC

import pytest

from services.errors import Invalid
from services.followups.drafts import (
    MAX_RECIPIENTS,
    CrmNote,
    Draft,
    Edits,
    Options,
    addresses,
    checked,
    edited,
    note_text,
    readdressed,
)
from services.followups.written import DraftSchema, to_draft

DRAFT = Draft(subject="Hello", body="Dear Ann,\n\nthank you.", summary="We met.", note="Value: x")


def edits(**changes: str) -> Edits:
    """The draft's own text with some parts changed."""
    parts = {"subject": "Hello", "body": DRAFT.body, "summary": "We met.", "note": "Value: x"}
    return Edits(**{**parts, **changes})


def written(**changes: object) -> DraftSchema:
    """A model's answer with some parts changed."""
    answer: dict[str, object] = {
        "subject": "Recap",
        "body": "Hi Ann,\n\nwe agreed on 12 May.",
        "summary": "They agreed.",
        "action_items": [],
        "crm_note": dict.fromkeys(CrmNote.__slots__, ""),
        "next_meeting": None,
        "evidence": [],
    }
    return DraftSchema.model_validate({**answer, **changes})


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ()),
        ("Ann@Acme.example", ("ann@acme.example",)),
        ("a@b.example, c@d.example;e@f.example", ("a@b.example", "c@d.example", "e@f.example")),
        ("<mailto:a@b.example|a@b.example>", ("a@b.example",)),
        ("a@b.example a@b.example", ("a@b.example",)),
    ],
)
def test_addresses_are_read_however_they_are_separated(typed: str, read: tuple[str, ...]) -> None:
    assert addresses(typed, name="to") == read


@pytest.mark.parametrize("typed", ["ann", "ann@", "@acme.example", "a@b", "a@b.example\nBcc:x"])
def test_what_is_no_address_is_named_and_told(typed: str) -> None:
    with pytest.raises(Invalid) as told:
        addresses(typed, name="cc")
    assert told.value.field == "cc"
    assert "is not an e-mail address" in str(told.value)


def test_nobody_is_in_to_and_cc_at_once() -> None:
    options = checked(Options(to=("a@b.example",), cc=("a@b.example", "c@d.example")))
    assert options.cc == ("c@d.example",)


@pytest.mark.parametrize("name", ["to", "cc"])
@pytest.mark.parametrize("address", ["jörg@acme.example", "ann@-ü.example"])
def test_an_address_that_cannot_be_sent_to_is_told_where_it_was_chosen(
    name: str, address: str
) -> None:
    with pytest.raises(Invalid) as told:
        checked(Options(**{name: (address,)}))
    assert told.value.field == name
    assert address in str(told.value)


def test_too_many_recipients_are_refused_at_the_door() -> None:
    crowd = tuple(f"p{n}@acme.example" for n in range(MAX_RECIPIENTS + 1))
    with pytest.raises(Invalid):
        checked(Options(to=crowd))


def test_an_unknown_tone_falls_back_to_the_usual_one() -> None:
    assert checked(Options(tone="rude", length="endless")) == Options()


def test_an_edit_that_changes_nothing_is_no_change() -> None:
    assert edited(DRAFT, edits(body=DRAFT.body + "\n ")) == DRAFT


@pytest.mark.parametrize(
    ("part", "text"), [("subject", "  "), ("body", "\n"), ("subject", "x" * 999)]
)
def test_an_edit_that_cannot_be_used_names_its_field(part: str, text: str) -> None:
    with pytest.raises(Invalid) as told:
        edited(DRAFT, edits(**{part: text}))
    assert told.value.field == part


def test_a_subject_never_holds_a_second_line() -> None:
    assert edited(DRAFT, edits(subject="Hi\nBcc: x@y.example")).subject == "Hi Bcc: x@y.example"


def test_the_note_shows_only_what_was_spoken_of() -> None:
    assert note_text(CrmNote(value="40 hours a month"), "it") == "Valore: 40 hours a month"


def test_evidence_points_only_at_lines_that_exist() -> None:
    answer = written(evidence=[{"text": "we agreed", "lines": [3, 3, 0, 99, -1, 2]}])
    assert to_draft(answer, lines=5, zone=UTC).evidence[0].lines == (2, 3)


@pytest.mark.parametrize("due", ["Friday", "2026-13-01", "soon"])
def test_a_due_date_that_is_none_stays_blank(due: str) -> None:
    item = {"text": "send it", "owner": "Ann", "due": due, "lines": [1]}
    assert to_draft(written(action_items=[item]), lines=5, zone=UTC).action_items[0].due == ""


def test_a_next_meeting_without_evidence_is_not_one() -> None:
    meeting = {"starts_at": "2026-12-01T10:00", "topic": "demo", "lines": [77]}
    assert to_draft(written(next_meeting=meeting), lines=5, zone=UTC).next_meeting is None


def test_a_next_meeting_gets_the_members_zone() -> None:
    meeting = {"starts_at": "2026-12-01T10:00", "topic": "demo", "lines": [2]}
    draft = to_draft(written(next_meeting=meeting), lines=5, zone=UTC)
    assert draft.next_meeting is not None
    assert draft.next_meeting.starts_at == "2026-12-01T10:00+00:00"


def test_control_characters_of_an_answer_are_dropped() -> None:
    assert to_draft(written(body="Hi\x00 Ann\x1b[31m\n\n\n\nbye"), lines=1, zone=UTC).body == (
        "Hi Ann[31m\n\nbye"
    )


def test_what_an_edit_does_not_tell_of_stays_as_it_was() -> None:
    assert edited(DRAFT, Edits(None, None, None, None)) == DRAFT
    kept = Options(to=("a@b.example",), cc=("c@d.example",))
    assert readdressed(kept, Edits(None, None, None, None)) == kept


def test_recipients_are_those_that_were_typed_and_none_when_emptied() -> None:
    kept = Options(to=("a@b.example",), cc=("c@d.example",))
    typed = Edits(None, None, None, None, "E@f.example; a@b.example", "")
    assert readdressed(kept, typed) == Options(to=("e@f.example", "a@b.example"))


@pytest.mark.parametrize("field", ["to", "cc"])
def test_a_recipient_that_is_no_address_is_told_at_its_field(field: str) -> None:
    with pytest.raises(Invalid) as told:
        readdressed(Options(), Edits(None, None, None, None, **{field: "ann@"}))
    assert told.value.field == field
