"""A sentence in every language the product speaks, kept side by side so that none is forgotten."""

from dataclasses import dataclass
from string import Formatter

LANGUAGES = ("en", "it")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One text in English and Italian; called with a language and the values of its fields."""

    en: str
    it: str

    def __call__(self, language: str, **values: object) -> str:
        """The text in `language` (anything that is not Italian reads English)."""
        text = self.it if language == "it" else self.en
        return text.format_map(values) if values else text

    @property
    def fields(self) -> frozenset[str]:
        """Names of the fields the English text expects; the Italian one has the same."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.en) if name)


@dataclass(frozen=True, slots=True)
class Plural:
    """A counted text; `one` and `many` are phrases with the field `n`."""

    one: Phrase
    many: Phrase

    def __call__(self, language: str, n: int, **values: object) -> str:
        """The text for `n` things in `language`."""
        return (self.one if n == 1 else self.many)(language, n=n, **values)


def language_of(locale: str) -> str:
    """Slack's locale (`it-IT`) as one of our languages; English when we do not speak it."""
    language = locale[:2].lower()
    return language if language in LANGUAGES else "en"
