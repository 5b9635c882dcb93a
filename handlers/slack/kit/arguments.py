"""What may be typed after a command: one schema parses it, words its mistakes, prints its help."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import unescape

from services.errors import Invalid
from services.phrases import Phrase
from views.slack.ops import CommandUsage, UsageLine
from views.words import ops as say

# Slack may hand over an address or a link as <mailto:x@y|x@y> or <https://x|x>.
WRAPPED = re.compile(r"<(?:mailto:|https?://)?([^<>|\s]+)(?:\|([^<>]*))?>")
# Typed on a Mac or a phone, hyphens become dashes (two of them one, or each its own) and quotes
# become curly.
DASH = re.compile("[\u2010-\u2015\u2212]")
DASHES = re.compile(rf"(?<!\S)-?{DASH.pattern}+-?(?=[^\W\d_])")
QUOTES = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"')
    | dict.fromkeys("\u2018\u2019\u201a\u201b\u2039\u203a", "'")
)
TOKEN = re.compile(r"\"([^\"]*)\"|(?<!\S)'([^']*)'(?!\S)|(\S+)")
SHOWN = 60
FLAG = "--"


@dataclass(frozen=True, slots=True)
class Argument:
    """A value by its place; its absence is told by `missing`, what does not fit by `unfit`.

    Both may name `{example}`, the whole command; `unfit` also `{value}`. Without `missing` it may
    be left out, without `unfit` its service judges it.
    """

    key: str
    name: Phrase
    example: str
    about: Phrase
    missing: Phrase | None = None
    unfit: Phrase | None = None
    fits: Callable[[str], bool] = bool

    @property
    def optional(self) -> bool:
        """Whether it may be left out."""
        return self.missing is None


@dataclass(frozen=True, slots=True)
class Flag:
    """Something switched on by its name, wherever it stands; `name` has its two hyphens."""

    name: str
    about: Phrase


@dataclass(frozen=True, slots=True)
class Word:
    """A word that stands alone after the command and means something else (`help`, `bulk`)."""

    name: str
    about: Phrase


@dataclass(frozen=True, slots=True)
class ParsedCommand:
    """What was typed: one word, or values by key ("" where none was given) and flags."""

    word: str
    values: Mapping[str, str]
    flags: frozenset[str]

    @property
    def nothing(self) -> bool:
        """Only the command was typed."""
        return not self.word and not self.flags and not any(self.values.values())


@dataclass(frozen=True, slots=True)
class Schema:
    """Everything that may follow one command; required arguments come before optional ones."""

    command: str
    about: Phrase
    arguments: tuple[Argument, ...] = ()
    flags: tuple[Flag, ...] = ()
    words: tuple[Word, ...] = ()

    @property
    def example(self) -> str:
        """The command with its required arguments and the first optional one, as typed."""
        required = [one for one in self.arguments if not one.optional]
        shown = (*required, *self.arguments[len(required) : len(required) + 1])
        return " ".join((self.command, *(one.example for one in shown)))

    def parse(self, text: str) -> ParsedCommand:
        """What was typed; raises Invalid with one sentence that names what to type instead."""
        typed = tokens(text, self.example)
        if len(typed) == 1 and typed[0].lower() in {word.name for word in self.words}:
            return ParsedCommand(typed[0].lower(), {}, frozenset())
        flags = frozenset(token.lower() for token in typed if token.startswith(FLAG))
        self._known(flags)
        values, named = self._by_name(token for token in typed if not token.startswith(FLAG))
        free = [one.key for one in self.arguments if one.key not in named]
        given = dict(zip(free, values, strict=False)) | named
        asked = ParsedCommand(
            "", {one.key: given.get(one.key, "") for one in self.arguments}, flags
        )
        if not asked.nothing:
            if len(values) > len(free):
                surplus = values[len(free)][:SHOWN]
                raise Invalid(say.TOO_MANY, surplus=surplus, example=self.example)
            self._complete(given)
        return asked

    def usage(self, language: str) -> CommandUsage:
        """The help, for the views to draw."""
        return CommandUsage(
            command=self.command,
            about=self.about(language),
            example=self.example,
            lines=(
                *(self._line(one, language) for one in self.arguments),
                *(UsageLine(f"[{one.name}]", one.about(language)) for one in self.flags),
                *(
                    UsageLine(f"{self.command} {one.name}", one.about(language))
                    for one in self.words
                ),
            ),
        )

    def _known(self, flags: frozenset[str]) -> None:
        unknown = sorted(flags - {flag.name for flag in self.flags})
        if unknown:
            known = ", ".join(flag.name for flag in self.flags)
            phrase = say.UNKNOWN_FLAG if known else say.NO_FLAGS
            raise Invalid(phrase, flag=unknown[0][:SHOWN], known=known, example=self.example)

    def _by_name(self, typed: Iterable[str]) -> tuple[list[str], dict[str, str]]:
        """The values by their place, and those that were named (`credits=100`)."""
        keys, values, named = {one.key for one in self.arguments}, list[str](), dict[str, str]()
        for token in typed:
            key, equals, value = token.partition("=")
            if equals and value and key.lower() in keys:
                named[key.lower()] = value
            else:
                values.append(token)
        return values, named

    def _complete(self, given: Mapping[str, str]) -> None:
        for argument in self.arguments:
            value = given.get(argument.key)
            if value is None and argument.missing is not None:
                raise Invalid(argument.missing, field=argument.key, example=self.example)
            if value is not None and argument.unfit is not None and not argument.fits(value):
                shown = {"value": value[:SHOWN], "example": self.example}
                raise Invalid(argument.unfit, field=argument.key, **shown)

    def _line(self, argument: Argument, language: str) -> UsageLine:
        name = argument.name(language)
        shown = f"[{name}]" if argument.optional else name
        return UsageLine(shown, argument.about(language))


def tokens(text: str, example: str) -> list[str]:
    """The typed words; what stands in quotes is one, even if it is empty. Raises Invalid."""
    plain = as_read(text).translate(QUOTES)
    plain = DASHES.sub(FLAG, plain)
    if plain.count('"') % 2:
        raise Invalid(say.OPEN_QUOTE, example=example)
    words = ("".join(found) for found in TOKEN.findall(plain))
    return [DASH.sub("-", word) if word.startswith(FLAG) else word for word in words if word]


def as_read(text: str) -> str:
    """Slack's text as people read it: links and addresses by their labels, nothing escaped."""
    return unescape(WRAPPED.sub(_unwrapped, text))


def _unwrapped(found: re.Match[str]) -> str:
    address, label = found.groups()
    return label or address
