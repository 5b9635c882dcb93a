"""The parts of a letter are found in both languages, and each stands once."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.habits import once, unsigned
from services.habits.letters import is_closing, is_greeting, letter

GREETINGS = (
    "Hi Owen,",
    "Hi Owen and Priya,",
    "Dear Dr. Brandt",
    "Hello,",
    "Good morning, Owen!",
    "Ciao Elena,",
    "Buongiorno Elena e Marco,",
    "Gentile dottoressa Ferrante,",
    "Egregio Ing. Rossi,",
    "Cara Giulia,",
    "Salve,",
)
CLOSINGS = (
    "Best,",
    "Best regards,",
    "Kind regards",
    "Thanks again,",
    "Cheers,",
    "Yours sincerely,",
    "Un saluto,",
    "Cordiali saluti,",
    "A presto,",
    "Buona giornata!",
    "Grazie mille,",
)
NEITHER = (
    "thank you for today. We agreed on a pilot.",
    "Hi-fi is what they sell: two sets a week.",
    "grazie per il tempo dedicatoci, è stato un piacere.",
    "Best of all: the price went down by 4 %.",
    "Could you send the contract by Friday?",
    "Caro prezzo: abbiamo parlato di 12.000 euro.",
    "",
)


@pytest.mark.parametrize("line", GREETINGS)
def test_a_greeting_is_one_and_no_closing(line: str) -> None:
    assert is_greeting(line)
    assert not is_closing(line)


@pytest.mark.parametrize("line", CLOSINGS)
def test_a_closing_is_one_and_no_greeting(line: str) -> None:
    assert is_closing(line)
    assert not is_greeting(line)


@pytest.mark.parametrize("line", NEITHER)
def test_a_sentence_is_neither(line: str) -> None:
    assert not is_greeting(line)
    assert not is_closing(line)


def test_the_parts_of_a_letter_are_told_apart() -> None:
    found = letter("Hi Owen,\n\nthank you.\n\n- one\n- two\n\nBest,\n\nAda Whitfield")
    assert (found.greeting, found.closing, found.name) == ("Hi Owen,", "Best,", "Ada Whitfield")
    assert found.text == "thank you.\n\n- one\n- two"


def test_a_letter_without_greeting_and_closing_is_all_text() -> None:
    found = letter("thank you.\n\nCould you send it?")
    assert (found.greeting, found.closing, found.name) == ("", "", "")
    assert found.text == "thank you.\n\nCould you send it?"


def test_of_two_greetings_the_outlines_own_stays() -> None:
    body = "Buongiorno Marco,\n\nCiao Marco,\n\ngrazie per oggi.\n\nA presto,"
    assert once(body, "Ciao {{nome}},\nI punti").startswith("Ciao Marco,\n\ngrazie")
    assert once(body).startswith("Buongiorno Marco,\n\ngrazie")


def test_of_two_closings_the_outlines_own_stays() -> None:
    body = "Hi Bob,\n\nthanks for today.\n\nTalk soon,\n\nBest regards,"
    assert once(body).endswith("today.\n\nBest regards,")
    assert once(body, "the points\nTalk soon,").endswith("today.\n\nTalk soon,")


def test_a_greeting_without_a_name_has_no_gap() -> None:
    assert once("Hi ,\n\nthanks.") == "Hi,\n\nthanks."
    assert once("Buongiorno ,\n\ngrazie.") == "Buongiorno,\n\ngrazie."


@pytest.mark.parametrize("name", ["Ada Whitfield", "ada  whitfield", "Adà Whitfìeld."])
def test_a_name_that_the_signature_repeats_is_dropped(name: str) -> None:
    assert unsigned(f"Hi,\n\ntext.\n\nBest,\n{name}\n", "Ada Whitfield\nAltamarea") == (
        "Hi,\n\ntext.\n\nBest,"
    )


def test_another_name_stays_and_so_does_a_body_that_is_only_the_name() -> None:
    assert unsigned("text.\n\nBest,\nAda", "Ada Whitfield") == "text.\n\nBest,\nAda"
    assert unsigned("Ada Whitfield", "Ada Whitfield") == "Ada Whitfield"
    assert unsigned("text.\nAda", "") == "text.\nAda"


PARAGRAPHS = some.lists(
    some.sampled_from(["we agreed on it.", "- one\n- two", "Could you send it?", "Va bene così."]),
    min_size=1,
    max_size=5,
)


@given(some.sampled_from(GREETINGS), PARAGRAPHS, some.sampled_from(CLOSINGS))
def test_a_letter_with_one_of_each_stays_as_it_is(
    greeting: str, paragraphs: list[str], closing: str
) -> None:
    body = "\n\n".join((greeting, *paragraphs, closing))
    assert once(body) == body


@given(
    some.lists(some.sampled_from(GREETINGS), min_size=2, max_size=3),
    PARAGRAPHS,
    some.lists(some.sampled_from(CLOSINGS), min_size=2, max_size=3),
)
def test_however_many_there_are_one_stays_and_no_other_word_is_lost(
    greetings: list[str], paragraphs: list[str], closings: list[str]
) -> None:
    body = once("\n\n".join((*greetings, *paragraphs, *closings)))
    assert body == "\n\n".join((greetings[0], *paragraphs, closings[-1]))
    assert once(body) == body


@given(some.text(max_size=300), some.text(max_size=60))
def test_whatever_is_written_nothing_breaks(body: str, signature: str) -> None:
    letter(body)
    once(body, signature, signature)
