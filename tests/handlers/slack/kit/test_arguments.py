"""What is typed after a command: one schema parses it, words its mistakes and prints its help."""

import pytest

from handlers.slack.issuing import SCHEMA
from handlers.slack.kit.arguments import Argument, Schema
from services.errors import Invalid
from services.phrases import LANGUAGES, Phrase

PHRASE = Phrase("x", "x")
EXAMPLE = "/license-issue you@example.com pro 12"


def values(text: str) -> list[str]:
    """What was typed, without what was not given."""
    return [value for value in SCHEMA.parse(text).values.values() if value]


@pytest.mark.parametrize(
    "text",
    [
        "you@example.com pro 12 shop.example",
        "  you@example.com   pro\t12\nshop.example ",
        '"you@example.com" "pro" 12 "shop.example"',
        "“you@example.com” pro 12 «shop.example»",
        "you@example.com ‘pro’ 12 ‹shop.example›",
        "<mailto:you@example.com|you@example.com> pro 12 <http://shop.example|shop.example>",
        "<mailto:you@example.com> pro 12 <https://shop.example>",
    ],
)
def test_every_way_of_typing_the_same_is_read_alike(text: str) -> None:
    assert values(text) == ["you@example.com", "pro", "12", "shop.example"]


def test_an_apostrophe_in_an_address_is_a_letter() -> None:
    assert values("o'hara@example.com pro 12") == ["o'hara@example.com", "pro", "12"]


def test_entities_are_letters_again() -> None:
    assert values("a&amp;b@example.com pro")[0] == "a&b@example.com"


@pytest.mark.parametrize(
    "text",
    [
        "--dry-run you@example.com pro",
        "you@example.com --dry-run pro",
        "you@example.com pro —dry-run",
        "you@example.com pro \u2013dry-run",
        "you@example.com pro \u2014\u2014dry-run",
        "you@example.com pro \u2011\u2011dry\u2011run",
        "you@example.com pro -\u2010dry-run",
        "you@example.com pro \u2212dry-run",
    ],
)
def test_a_flag_may_stand_anywhere_and_be_made_of_dashes(text: str) -> None:
    asked = SCHEMA.parse(text)
    assert asked.flags == {"--dry-run"}
    assert asked.values["plan"] == "pro"


@pytest.mark.parametrize("word", ["help", "bulk"])
def test_a_word_alone_means_something_else(word: str) -> None:
    assert SCHEMA.parse(f" {word} ").word == word


def test_a_telephone_may_begin_words_and_flags_with_a_capital() -> None:
    assert SCHEMA.parse("Bulk").word == "bulk"
    assert SCHEMA.parse("you@example.com pro --Dry-Run").flags == {"--dry-run"}


def test_nothing_typed_is_no_mistake() -> None:
    assert SCHEMA.parse("  ").nothing
    assert not SCHEMA.parse("help").nothing


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("you@example.com", "The plan is missing."),
        ("--email", "e-mail address is missing"),
        ("you pro 12", "“you” is not an e-mail address"),
        ("you@example.com pro twelve", "“twelve” is not a number of months"),
        ("you@example.com pro 12 shop.example more", "“more” is one word too many"),
        ("you@example.com pro --fast", "--fast is not an option here"),
        ('you@example.com "pro', "A closing quotation mark is missing"),
        ("help me", "“help” is not an e-mail address"),
    ],
)
def test_a_mistake_is_one_sentence_that_says_what_to_type(text: str, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        SCHEMA.parse(text)
    for language in LANGUAGES:
        assert EXAMPLE in refused.value.sentence(language)


def test_what_was_typed_wrongly_is_never_taken_for_a_format() -> None:
    with pytest.raises(Invalid) as refused:
        SCHEMA.parse("you@example.com pro {0.__class__}")
    assert "{0.__class__}" in refused.value.sentence("en")


def test_a_very_long_mistake_is_cut() -> None:
    with pytest.raises(Invalid) as refused:
        SCHEMA.parse("x" * 3_000)
    assert len(refused.value.sentence("en")) < 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_names_everything_that_can_be_typed(language: str) -> None:
    usage = SCHEMA.usage(language)
    typed = [line.typed for line in usage.lines]
    assert len(typed) == len(SCHEMA.arguments) + len(SCHEMA.flags) + len(SCHEMA.words)
    assert "[--dry-run]" in typed
    assert "/license-issue bulk" in typed
    assert usage.example == EXAMPLE


def test_the_example_of_the_help_is_understood() -> None:
    assert values(EXAMPLE.removeprefix(SCHEMA.command)) == ["you@example.com", "pro", "12"]


def test_a_command_without_flags_says_so() -> None:
    schema = Schema("/x", PHRASE, (Argument("a", PHRASE, "1", PHRASE, PHRASE, PHRASE),))
    with pytest.raises(Invalid, match=r"--y is not an option here\. Type for example: /x 1"):
        schema.parse("1 --y")
