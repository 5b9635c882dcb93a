"""A text read for evidence: its words, and the days, times and quantities in it."""

import re
from dataclasses import dataclass
from datetime import date

from services.evidence.days import DayMention, day_mentions
from services.evidence.hours import TimeMention, time_mentions
from services.evidence.masking import Span, inside, is_contact, masked
from services.evidence.numerals import numbers
from services.evidence.quantities import Quantity, quantities, stems
from services.evidence.tokens import MAX_TEXT, Token, tokens

_CONDITION = re.compile(
    r"\b(?:if|whether|unless|provided|assuming|as long as|once|subject to|depending on|depends"
    r"|se|purche|a patto|a condizione|ammesso|qualora|sempre che|appena|dipende)\b"
)
_DENIED = re.compile(
    r"\b(?:not|no|can't|cannot|won't|don't|away|off|out of office|impossible|non|via|assente"
    r"|impossibile|fuori)\b"
)
_LIMIT = re.compile(r"\b(?:before|until|till|later|than|prima|oltre|fino|dopo|entro)\b")


# Nobody says more in one line; what is beyond is pasted, and not looked at.
MOST_MENTIONS = 40


@dataclass(frozen=True, slots=True)
class ReadText:
    """One text, read in one language."""

    text: str
    language: str
    found: tuple[Token, ...]
    stems: frozenset[str]
    days: tuple[DayMention, ...]
    times: tuple[TimeMention, ...]
    quantities: tuple[Quantity, ...]
    masks: tuple[Span, ...]

    @property
    def is_question(self) -> bool:
        """Whether it asks."""
        return self.text.rstrip().endswith("?")

    @property
    def is_conditional(self) -> bool:
        """Whether it says if."""
        return bool(_CONDITION.search(self.folded))

    @property
    def folded(self) -> str:
        """Its words in lower case, without accents and points."""
        return " ".join(token.text for token in self.found)

    def clause(self, start: int, end: int) -> str:
        """The words around a place up to the next comma or full stop."""
        first = max((self.text.rfind(mark, 0, start) for mark in ",.;:!?"), default=-1)
        ends = [at for mark in ",.;:!?" if (at := self.text.find(mark, end)) >= 0]
        last = min(ends, default=len(self.text))
        return " ".join(t.text for t in self.found if first < t.start and t.end <= last)

    def denies(self, start: int, end: int) -> bool:
        """Whether the clause around a place says no to it (*not before* denies nothing)."""
        clause = self.clause(start, end)
        return bool(_DENIED.search(clause)) and not _LIMIT.search(clause)


def read(text: str, held: date, language: str) -> ReadText:
    """Read a text on the day of the meeting."""
    text = text[:MAX_TEXT]
    found = tokens(text)
    counted = numbers(found, language)
    days = day_mentions(found, counted, held, language)[:MOST_MENTIONS]
    masks = masked(text)
    dated = tuple((one.start, one.end) for one in days if not one.is_weak)
    contact = is_contact(text)
    clock = () if contact else time_mentions(found, counted, language)[:MOST_MENTIONS]
    times = tuple(one for one in clock if not inside(one.start, one.end, dated))
    timed = tuple((one.start, one.end) for one in times)
    counts = quantities(found, counted[: 2 * MOST_MENTIONS], (*masks, *dated, *timed))
    return ReadText(
        text,
        language,
        found,
        stems([token.text for token in found]),
        days,
        times,
        () if contact else counts[:MOST_MENTIONS],
        masks,
    )
