"""Every sentence in both languages: complete, alike in form, and written with care."""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules, walk_packages
from string import Formatter

import pytest

import handlers.jobs
import services
import views.words
from services.phrases import LANGUAGES, Phrase, Plural

ROOMS = (views.words, services, handlers.jobs)
# The same word in both languages.
SAME = {
    "{verb}: rollout {version}",
    "Cc",
    "Cc {people}",
    "InMail",
    "LinkedIn",
    "E-mail",
    "No",
    "email",
    "Follow-up",
    "Seguito",
    "{seconds} s",
    "{provider}: {sentence}",
    ":white_check_mark: in Gmail",
    "Account",
    "credits=100",
    "limit=10",
    "Rollout",
    "Rollout {version}",
    "SQL",
    "{detail}",
    "{sentence} ({sqlstate})",
    "{slug}",
    "{host}, {mode}",
    # Names of plans, programs and formats, and what Stripe calls its modes and figures.
    "Starter",
    "Professional",
    "Enterprise",
    "Slack",
    "Supabase",
    "PostgreSQL",
    "CRM",
    "CSV",
    "Excel",
    "MRR",
    "live",
    "test",
    # Italian took these from English, or from Latin as English did.
    "Admin",
    "Browser",
    "Database",
    "Id",
    "Menu",
    "Password",
    "Provisioning",
    "Single sign-on",
    "Tenant",
    "no",
}
# Italian words agree in gender and number with what they speak of.
AGREEMENT = re.compile(r"[aeio]$")
ENDS = ".?!…:"
# What spell-checkers of Italian complain about most.
MISSPELT = re.compile(
    r"\b(perchè|poichè|finchè|affinchè|nè|sè|pò|E'|qual'è|un pò)\b", re.IGNORECASE
)
BAD_SPACE = re.compile(r"^\s|\s$| {2}|\s[,.;!?…]|\s:(?![a-z_]+:)|[,;!?][^\W\d_]")


def phrases_in(name: str, value: object) -> Iterator[tuple[str, Phrase]]:
    """The phrases a module's constant holds, also inside dicts, tuples and plurals."""
    if isinstance(value, Phrase):
        yield name, value
    elif isinstance(value, Plural):
        yield f"{name}.one", value.one
        yield f"{name}.many", value.many
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from phrases_in(f"{name}[{key}]", inner)
    elif isinstance(value, tuple):
        for number, inner in enumerate(value):
            yield from phrases_in(f"{name}[{number}]", inner)


def every_phrase() -> dict[str, Phrase]:
    """Where it stands → the phrase; words and sentences of all floors."""
    found: dict[str, Phrase] = {}
    for room in ROOMS:
        for module in walk_packages(room.__path__, f"{room.__name__}."):
            for name, value in vars(import_module(module.name)).items():
                found |= {f"{module.name}.{at}": it for at, it in phrases_in(name, value)}
    return found


PHRASES = every_phrase()


def parts(text: str) -> list[tuple[str, str | None]]:
    """The fields of a text with how each is written, in alphabetical order."""
    return sorted((name, how) for _, name, how, _ in Formatter().parse(text) if name)


def end(text: str) -> str:
    """The mark a text ends with, if any."""
    return text[-1:] if text[-1:] in ENDS else ""


def emoji(text: str) -> list[str]:
    """The emoji of a text."""
    return re.findall(r":[a-z_]+:", text)


def careless(text: str) -> bool:
    """Whether a mark or a space is not where a printer would set it."""
    pairs = (("“", "”"), ("(", ")"))
    return (
        bool(BAD_SPACE.search(text))
        # Quotes are “typographic”, and so are the apostrophe ’ and the ellipsis …
        or any(mark in text for mark in ("'", '"', "..."))
        or any(text.count(opens) != text.count(closes) for opens, closes in pairs)
        or any(text.count(mark) % 2 for mark in "*`")
    )


def test_phrases_are_found_on_every_floor() -> None:
    rooms = {at.split(".")[0] for at in PHRASES}
    assert rooms == {"views", "services", "handlers"}
    assert all(
        any(at.startswith(f"views.words.{module.name}.") for at in PHRASES)
        for module in iter_modules(views.words.__path__)
    )


def test_every_phrase_says_something_in_both_languages() -> None:
    assert [at for at, it in PHRASES.items() if not (it.en.strip() and it.it.strip())] == []


def test_both_languages_have_the_same_fields() -> None:
    assert [at for at, it in PHRASES.items() if parts(it.en) != parts(it.it)] == []


def test_italian_is_not_english() -> None:
    same = {at: it.en for at, it in PHRASES.items() if it.en == it.it}
    assert {at: text for at, text in same.items() if text not in SAME} == {}


def test_both_languages_end_alike() -> None:
    assert [at for at, it in PHRASES.items() if end(it.en) != end(it.it)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_set_with_care(language: str) -> None:
    texts = {at: it(language) for at, it in PHRASES.items()}
    assert {at: text for at, text in texts.items() if careless(text)} == {}


@pytest.mark.parametrize("text", ["two  spaces", "end ", "a ,b", 'a "b"', "it's", "“open", "*b"])
def test_a_careless_text_is_found(text: str) -> None:
    assert careless(text)


def test_italian_accents_lean_the_right_way() -> None:
    assert [at for at, it in PHRASES.items() if MISSPELT.search(it.it)] == []


def test_emoji_are_the_same_in_both_languages() -> None:
    assert [at for at, it in PHRASES.items() if emoji(it.en) != emoji(it.it)] == []


def test_one_english_text_has_one_italian_text_but_for_its_ending() -> None:
    said: dict[str, set[str]] = {}
    for phrase in PHRASES.values():
        said.setdefault(phrase.en, set()).add(AGREEMENT.sub("", phrase.it))
    assert {english: italian for english, italian in said.items() if len(italian) > 1} == {}
