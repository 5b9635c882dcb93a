"""What every verdict is made from: a claim found in a sentence, and support weighed for it."""

from dataclasses import dataclass

from services.evidence.claims import CHECK, FINE, NOT_HEARD, DraftClaim, Sentence
from services.evidence.index import Index
from services.evidence.quantities import stems
from services.evidence.reading import ReadText
from services.evidence.said import Said

# So much more of the sentence must stand beside another value before it fits that better.
BETTER_BY = 0.5
SHOWN_LINES = 3


@dataclass(frozen=True, slots=True)
class ClaimContext:
    """A sentence under audit: as it stands in the draft, read, with the meeting it speaks of.

    `is_bare`: its words do not say what the claim is about.
    """

    index: Index
    sentence: Sentence
    reading: ReadText
    is_bare: bool = False

    @property
    def is_translated(self) -> bool:
        """Whether draft and meeting are in different languages, so that words tell nothing."""
        return self.reading.language != self.index.language

    @property
    def cited(self) -> tuple[Said, ...]:
        """The lines the model named for the sentence."""
        lines = self.index.lines
        return tuple(lines[number] for number in self.sentence.cited if number in lines)

    def words(self, start: int, end: int) -> frozenset[str]:
        """What the sentence is about, without the words of the claim itself."""
        rest = [t.text for t in self.reading.found if t.end <= start or t.start >= end]
        return stems(rest)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one claim stands."""

    level: str
    reason: str = ""
    said: str = ""
    lines: tuple[int, ...] = ()
    source: str = ""

    def claim(self, kind: str, start: int, end: int, key: str) -> DraftClaim:
        """As it is stored."""
        return DraftClaim(
            kind, self.level, start, end, key, self.reason, self.said, self.lines, self.source
        )


def fine(*said: Said) -> Verdict:
    """Supported by these lines or facts."""
    return Verdict(FINE, lines=numbers_of(*said), source=said[0].source if said else "")


def check(reason: str, *said: Said, words: str = "") -> Verdict:
    """To be looked at, because of these lines."""
    source = said[0].source if said else ""
    return Verdict(CHECK, reason, words, numbers_of(*said), source)


def not_heard(reason: str, *said: Said, words: str = "") -> Verdict:
    """Absent or contradicted, by these lines."""
    return Verdict(NOT_HEARD, reason, words, numbers_of(*said))


def numbers_of(*said: Said) -> tuple[int, ...]:
    """The lines' numbers, each once, a few."""
    return tuple(dict.fromkeys(one.number for one in said if one.number))[:SHOWN_LINES]
