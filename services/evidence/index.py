"""A meeting read once: every line and fact with what it says, found by value, day and name."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from services.evidence.claims import CRM, MEETING, OWN_WORDS, TRANSCRIPT, Material
from services.evidence.commitments import said_promises
from services.evidence.days import DayMention
from services.evidence.quantities import CURRENCIES, Quantity, stems
from services.evidence.reading import read
from services.evidence.said import Said, is_yes
from services.evidence.tokens import fold
from services.evidence.vocabulary import language, stem

# Of so many words the language of a text is certain enough.
TELLING_LINES = 400
IN_CLAUSE, IN_LINE, IN_QUESTION = 1.0, 0.5, 0.6
LINES_BACK = 2
SHORT_ANSWER = 4


@dataclass(frozen=True, slots=True)
class Mention:
    """A quantity where it was said; `is_taken_back` when it was denied then or soon after."""

    said: Said
    quantity: Quantity
    is_taken_back: bool = False
    is_only_asked: bool = False


@dataclass(frozen=True, slots=True)
class HeardDay:
    """A day where it was said; `clause` are the words beside it, by their stems."""

    said: Said
    mention: DayMention
    clause: frozenset[str]
    is_denied: bool

    @property
    def words(self) -> str:
        """As it was said."""
        return self.said.reading.text[self.mention.start : self.mention.end]


class Index:
    """A meeting read once; a pure value, some 2 MB for two hours of talk."""

    def __init__(self, material: Material) -> None:
        self.material = material
        telling = material.lines[:TELLING_LINES]
        words = [word for line in telling for word in line.text.lower().split()]
        self.language = language(words, material.language[:2].lower())
        self.said = tuple(self._read())
        self.lines = {one.number: one for one in self.said if one.number}
        self.currencies = frozenset(
            CURRENCIES[token.text]
            for one in self.said
            for token in one.reading.found
            if token.text in CURRENCIES
        )
        self.mentions = tuple(self._mentions())
        self.days = tuple(self._days())
        self.by_value: dict[Fraction, list[Mention]] = defaultdict(list)
        for mention in self.mentions:
            self.by_value[mention.quantity.value].append(mention)
        self.words, self.pairs = self._names()
        self.stems = frozenset(map(stem, self.words))
        self.capitals = frozenset(
            fold(token.raw)
            for one in self.said
            for token in one.reading.found
            if token.is_capital and len(token.text) > 2
        ) | frozenset(fold(word) for one in self.said for word in one.speaker.split())
        self.speakers = frozenset(line.speaker for line in material.lines)
        named = (*material.people, material.sender, *self.speakers)
        self.people: frozenset[str] = frozenset(
            fold(word) for name in named for word in name.split()
        )
        self.promises = said_promises(self.said, self.people)

    def score(self, wanted: frozenset[str], said: Said, clause: frozenset[str]) -> float:
        """How much of what a sentence is about stands where something was said."""
        shared = IN_CLAUSE * len(wanted & clause)
        shared += IN_LINE * len(wanted & (said.reading.stems - clause))
        before = self.before(said)
        if before is not None and before.reading.is_question:
            shared += IN_QUESTION * len(wanted & before.reading.stems)
        return shared

    def before(self, said: Said) -> Said | None:
        """The line before."""
        return self.said[said.at - 1] if said.number and said.at else None

    def after(self, said: Said, count: int = LINES_BACK) -> tuple[Said, ...]:
        """The lines that follow."""
        rest = self.said[said.at + 1 : said.at + 1 + count] if said.number else ()
        return tuple(one for one in rest if one.number)

    def _read(self) -> Iterator[Said]:
        material = self.material
        texts = [(line.number, TRANSCRIPT, line.speaker, line.text) for line in material.lines]
        texts += [(0, CRM, "", fact) for fact in material.facts]
        texts += [(0, MEETING, "", fact) for fact in (*material.header, *material.people)]
        texts += [
            (0, OWN_WORDS, material.sender, row) for own in material.own for row in own.splitlines()
        ]
        for at, (number, source, speaker, text) in enumerate(texts):
            spoken = language(text.lower().split(), self.language)
            yield Said(at, number, source, speaker, read(text, material.held, spoken))

    def _days(self) -> Iterator[HeardDay]:
        for one in self.said:
            for mention in one.reading.days:
                clause = stems(one.reading.clause(mention.start, mention.end).split())
                denied = bool(one.number) and one.reading.denies(mention.start, mention.end)
                yield HeardDay(one, mention, clause, denied)

    def _mentions(self) -> Iterator[Mention]:
        """Every quantity; those that were denied within two lines are taken back."""
        denied = {
            (one.at - back, quantity.value)
            for one in self.said
            for quantity in one.reading.quantities
            if quantity.is_denied
            for back in range(LINES_BACK + 1)
        }
        for one in self.said:
            unit = self._answered_unit(one) if one.reading.quantities else ""
            for quantity in one.reading.quantities:
                is_back = (one.at, quantity.value) in denied
                asked = self._is_only_asked(one, quantity)
                yield Mention(one, _with_unit(quantity, unit), is_back, asked)
                if (half := _half(one, quantity)) is not None:
                    yield Mention(one, half, is_back)

    def _answered_unit(self, said: Said) -> str:
        """The currency that a short answer gives: “Dollars or euros?” “Euros.”"""
        for one in self.after(said):
            found = [t.text for t in one.reading.found]
            named = [word for word in found if word in CURRENCIES]
            if len(found) <= SHORT_ANSWER and len(named) == 1 and not one.reading.is_question:
                return CURRENCIES[named[0]]
        return ""

    def _is_only_asked(self, said: Said, quantity: Quantity) -> bool:
        """Whether it stands in a question that nobody answered with yes, or with the number."""
        text = said.reading.text
        ends = min((at for m in ".!?" if (at := text.find(m, quantity.end)) >= 0), default=-1)
        if ends < 0 or text[ends] != "?":
            return False
        following = self.after(said)
        if any(q.value == quantity.value for o in following for q in o.reading.quantities):
            return False
        return bool(following) and not is_yes(following[0].reading)

    def _names(self) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
        words: set[str] = set()
        pairs: set[tuple[str, str]] = set()
        speakers = {one.speaker for one in self.said}
        rows = [[token.text for token in one.reading.found] for one in self.said]
        rows += [[fold(word) for word in name.split()] for name in speakers]
        for row in rows:
            words.update(row)
            pairs.update(pairwise(row))
        return frozenset(words), frozenset(pairs)


def _with_unit(quantity: Quantity, unit: str) -> Quantity:
    if not unit or quantity.unit or quantity.nouns:
        return quantity
    return replace(quantity, unit=unit)


def _half(said: Said, quantity: Quantity) -> Quantity | None:
    """“half of our sixty branches” is also thirty."""
    before = said.reading.text[max(0, quantity.start - 30) : quantity.start].casefold()
    if quantity.value < 4 or not any(word in before for word in ("half of", "metà d", "half the")):
        return None
    return replace(quantity, value=quantity.value / 2)
