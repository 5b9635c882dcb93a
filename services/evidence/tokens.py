"""Text as tokens: words without accents and case, and numbers as literals, each in its place."""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

# Nobody says more in one breath; what is longer is pasted noise.
MAX_TEXT = 6_000
MAX_WORD = 60

_TOKEN = re.compile(
    r"(?P<number>\d{1,15}(?:[.,'’\u00a0]\d{1,15}){0,5})(?P<suffix>st|nd|rd|th|º|°|ª)?(?![^\W_])"
    r"|(?P<glued>\d{1,12}(?:[.,]\d{1,3})?)(?P<times>k|mila|mln|m|bn)\b"
    r"|(?P<word>[^\W_]+(?:['’](?=[^\W_]))?)|(?P<sign>[€$£%])",
    re.I,
)
# English contractions stay one word; in Italian the apostrophe ends one: l'undici, dall'1,4%.
_ENGLISH = re.compile(r"^(?:ll|t|s|re|ve|d|m|clock)$", re.I)
_TIMES = {"k": 1_000, "mila": 1_000, "mln": 1_000_000, "m": 1_000_000, "bn": 1_000_000_000}


@dataclass(frozen=True, slots=True)
class Token:
    """A word (folded), a sign, or a number; `gap` is what stands between it and the next.

    `value` is a literal's; `is_ordinal` that of 1st or 1°.
    """

    text: str
    raw: str
    start: int
    end: int
    gap: str
    value: Fraction | None = None
    is_ordinal: bool = False

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.raw[:1].isupper()


def fold(word: str) -> str:
    """A word without accents and case."""
    if word.isascii():
        return word[:MAX_WORD].casefold()
    plain = unicodedata.normalize("NFKD", word[:MAX_WORD])
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def tokens(text: str) -> tuple[Token, ...]:
    """The text's tokens, in order."""
    text = text[:MAX_TEXT]
    found = list(_TOKEN.finditer(text))
    pieces: list[tuple[int, int, re.Match[str]]] = []
    for match in found:
        begun, ended = match.span()
        if pieces and _joins(text, pieces[-1], match):
            pieces[-1] = (pieces[-1][0], ended, pieces[-1][2])
        else:
            pieces.append((begun, ended, match))
    ends = [begun for begun, _, _ in pieces[1:]] + [len(text)]
    return tuple(_token(text, piece, ends[n]) for n, piece in enumerate(pieces))


def _joins(text: str, before: tuple[int, int, re.Match[str]], match: re.Match[str]) -> bool:
    """Whether an English contraction goes on: I'll, don't, o'clock."""
    is_open = text[before[1] - 1] in "'’" and before[1] == match.start()
    return is_open and bool(_ENGLISH.match(match.group()))


def _token(text: str, piece: tuple[int, int, re.Match[str]], until: int) -> Token:
    begun, ended, match = piece
    raw, gap = text[begun:ended], text[ended:until]
    if (literal := match["number"]) is not None:
        value = number(literal)
        return Token(literal, raw, begun, ended, gap, value, match["suffix"] is not None)
    if (literal := match["glued"]) is not None:
        value = number(literal)
        times = _TIMES[match["times"].lower()]
        return Token(raw, raw, begun, ended, gap, value * times if value is not None else None)
    return Token(fold(raw).replace("’", "'").rstrip("'"), raw, begun, ended, gap)


def number(literal: str) -> Fraction | None:
    """What a literal means: 1.200,50 · 1,150.50 · 1'200 · 2.1; None for dates and versions."""
    literal = literal.replace("’", "'").replace("\u00a0", "'")
    points = [c for c in literal if c in ".,'"]
    if not points:
        return Fraction(literal)
    last = points[-1]
    whole, _, rest = literal.rpartition(last)
    if len(set(points)) == 1 and (len(points) > 1 or len(rest) == 3):
        return _grouped(literal, last)
    if last == "'" or points.count(last) > 1:
        return None
    grouped = _grouped(whole, points[0]) if len(points) > 1 else Fraction(whole)
    return grouped + Fraction(int(rest), 10 ** len(rest)) if grouped is not None else None


def _grouped(literal: str, point: str) -> Fraction | None:
    """Thousands in groups of three; None when they are not."""
    first, *groups = literal.split(point)
    if len(first) > 3 or any(len(group) != 3 for group in groups):
        return None
    if first == "0" and len(groups) == 1:
        return Fraction(int(groups[0]), 1_000)
    return Fraction(first + "".join(groups))
