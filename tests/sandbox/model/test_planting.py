"""A planted claim: one fact of the letter is wrong, the rest is as it was."""

import json

import pytest

from integrations.sandbox.model.planting import PLANTED_KINDS, planted

ENGLISH = "Hi Owen,\n\nthank you. I will send the quote of £48,000 by Friday 27 November.\n\nBest,"
ITALIAN = (
    "Ciao Paolo,\n\ngrazie. La cifra è 14.500 euro, ci sentiamo martedì 1 dicembre.\n\nA presto,"
)


@pytest.mark.parametrize(
    ("body", "kind", "was", "becomes"),
    [
        (ENGLISH, "wrong_amount", "£48,000", "£84,000"),
        (ENGLISH, "wrong_day", "Friday 27 November", "Saturday 28 November"),
        (ENGLISH, "wrong_week", "Friday 27 November", "Friday 4 December"),
        (ENGLISH, "wrong_owner", "I will send", "Owen will send"),
        (ITALIAN, "wrong_amount", "14.500", "41.500"),
        (ITALIAN, "wrong_day", "martedì 1 dicembre", "mercoledì 2 dicembre"),
        (ITALIAN, "wrong_week", "martedì 1 dicembre", "martedì 8 dicembre"),
    ],
)
def test_one_fact_is_made_wrong(body: str, kind: str, was: str, becomes: str) -> None:
    wrong = json.loads(planted(json.dumps({"body": body}), kind))["body"]
    assert wrong == body.replace(was, becomes)


@pytest.mark.parametrize("kind", [kind.name for kind in PLANTED_KINDS])
def test_a_letter_without_such_a_fact_gets_a_sentence_that_nobody_said(kind: str) -> None:
    body = "Hello,\n\nthank you for the call.\n\nBest,"
    wrong = json.loads(planted(json.dumps({"body": body}), kind))["body"]
    assert wrong != body
    assert wrong.startswith("Hello,\n\n")


def test_what_is_no_draft_stays_as_it_is() -> None:
    assert planted("Of course!", "wrong_day") == "Of course!"
