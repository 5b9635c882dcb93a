"""Audits of whole drafts: what is audited again, what a key is, where support came from."""

from dataclasses import replace
from datetime import date

from services.evidence import (
    BODY,
    CHECK,
    CRM,
    FINE,
    ITEMS,
    NEXT,
    NOT_HEARD,
    OWN_WORDS,
    TRANSCRIPT,
    DraftAudit,
    DraftPart,
    HeardLine,
    Hint,
    Index,
    Material,
    audit,
)
from services.evidence.claims import AMOUNT, DATE, PROMISE

MEETING = Material(
    lines=(
        HeardLine(1, "Ada Bell", "The licence is forty-eight thousand pounds plus VAT."),
        HeardLine(2, "Owen Hart", "I'll send you the purchase order by Friday."),
        HeardLine(3, "Ada Bell", "Let us speak again on Tuesday at half past two."),
    ),
    held=date(2026, 11, 24),
    language="en",
    sender="Ada Bell",
    people=("Ada Bell", "Owen Hart"),
    facts=("Open deal: Hart; amount 12,500",),
    own=("Mention the discount of 7 %.",),
)


def body(text: str, *, of: Material = MEETING, before: DraftAudit | None = None) -> DraftAudit:
    """The audit of an e-mail with this text."""
    return audit(Index(of), (DraftPart(BODY, text),), before)


def keys(found: DraftAudit, kind: str) -> set[str]:
    """The keys of all claims of a kind."""
    return {
        one.claim.key for one in found.findings(FINE, CHECK, NOT_HEARD) if one.claim.kind == kind
    }


def test_the_same_fact_in_other_words_has_the_same_key() -> None:
    one, other = body("The licence is £84,000."), body("You pay £84,000 for the licence, as said.")
    assert keys(one, AMOUNT) == keys(other, AMOUNT)
    assert keys(one, AMOUNT) != keys(body("The licence is £48,000."), AMOUNT)
    assert keys(one, AMOUNT) != keys(body("The licence is €84,000."), AMOUNT)


def test_only_sentences_that_changed_are_audited_again() -> None:
    first = body("The licence is £84,000. Owen will send the order.")
    # Another meeting would judge the first sentence otherwise: it is not asked again.
    heard = replace(MEETING.lines[0], text="The licence is eighty-four thousand pounds.")
    other = replace(MEETING, lines=(heard, *MEETING.lines[1:]))
    again = body("The licence is £84,000. Ada will send the order.", of=other, before=first)
    assert again.sentences[0] is first.sentences[0]
    assert again.sentences[1] != first.sentences[1]


def test_every_source_is_named() -> None:
    found = body("The licence is £48,000. The deal stands at 12,500. You get 7 %.")
    assert [one.claim.source for one in found.findings(FINE)] == [TRANSCRIPT, CRM, OWN_WORDS]


def test_as_discussed_about_what_only_the_sender_wrote_is_to_be_checked() -> None:
    [found] = body("As discussed, you get 7 %.").findings(CHECK)
    assert found.claim.reason == "not_discussed"


def test_without_a_transcript_nothing_is_held_against_the_draft() -> None:
    found = body("The licence is £84,000.", of=MEETING.unheard(is_read=True))
    assert found.findings(NOT_HEARD) == ()
    assert len(found.findings(CHECK)) == 1
    assert not body("Yes.", of=MEETING.unheard(is_read=False)).complete


def test_an_action_item_needs_its_owner_and_its_day() -> None:
    def judged(owner: str, due: str) -> set[str]:
        hints = (Hint("Send the purchase order", (2,)),)
        part = DraftPart(ITEMS, "Send the purchase order", hints, owner, due)
        return {one.claim.kind for one in audit(Index(MEETING), (part,)).findings(NOT_HEARD)}

    assert judged("Owen Hart", "2026-11-27") == set()
    assert judged("Ada Bell", "2026-11-27") == {PROMISE}
    assert judged("Owen Hart", "2026-12-04") == {DATE}


def test_the_next_meeting_needs_its_day_and_its_time() -> None:
    def judged(at: str) -> int:
        part = DraftPart(NEXT, "Next steps", day=at)
        return len(audit(Index(MEETING), (part,)).findings(NOT_HEARD))

    assert judged("2026-12-01T14:30+00:00") == 0
    assert judged("2026-12-01T15:30+00:00") == 1
    assert judged("2026-12-08T14:30+00:00") == 1


def test_one_microphone_for_several_people_leaves_owners_to_be_checked() -> None:
    lines = tuple(replace(line, speaker="Meeting Room") for line in MEETING.lines)
    room = replace(MEETING, lines=lines, sender="Meeting Room", people=("Ada", "Owen", "Priya"))
    [found] = body("I will send you the purchase order by Friday.", of=room).findings(CHECK)
    assert found.claim.reason == "one_microphone"


def test_the_headings_of_a_note_are_no_names() -> None:
    text = "Roadblocks: Owen must sign.\nPain points: Ada said so.\nOstacoli: Owen deve firmare."
    assert body(text).findings(NOT_HEARD) == ()


QUOTING = (
    "Il nostro incontro di martedì 24 novembre.\n"
    "Owen ha detto (in inglese): «I'll send you the purchase order by Friday.»\n"
    "Ci sentiamo di nuovo martedì 1 dicembre alle 14:30.\n"
    "Ada ha detto (in inglese): «The licence is forty-eight thousand pounds plus VAT.»"
)


def test_a_letter_that_quotes_another_language_is_read_in_both() -> None:
    assert not list(body(QUOTING).findings(NOT_HEARD))
    wrong = body(QUOTING.replace("martedì 1 dicembre", "mercoledì 2 dicembre"))
    assert {one.claim.kind for one in wrong.findings(NOT_HEARD)} == {DATE}


def test_a_quoted_promise_is_its_speakers_own() -> None:
    wrong = body("Ada said: “I'll send you the purchase order by Friday.”")
    assert {one.claim.kind for one in wrong.findings(NOT_HEARD)} == {PROMISE}
