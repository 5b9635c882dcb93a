"""Number words of both languages as numbers: twenty-two hundred, ventunomila, un milione e due."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from services.evidence.tokens import MAX_WORD, Token

# The longest run of number words that anybody says.
MAX_RUN = 12
HALF = Fraction(1, 2)

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
_TEENS = "fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = (
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici"
    " quindici sedici diciassette diciotto diciannove"
)
_ITALIAN_TENS = "venti trenta quaranta cinquanta sessanta settanta ottanta novanta"
_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fifth": 5,
    "eighth": 8,
    "ninth": 9,
    "twelfth": 12,
    "primo": 1,
}
_SCALES = {
    "en": {
        **{"thousand": 1_000, "grand": 1_000, "k": 1_000, "million": 1_000_000},
        **{"millions": 1_000_000, "mln": 1_000_000, "billion": 1_000_000_000},
    },
    "it": {
        **{"mila": 1_000, "milione": 1_000_000, "milioni": 1_000_000, "mln": 1_000_000},
        **{"k": 1_000, "miliardo": 1_000_000_000, "miliardi": 1_000_000_000},
    },
}
_ROUGH = {
    "it": {
        **{"decina": 10, "decine": 10, "quindicina": 15, "ventina": 20, "trentina": 30},
        **{"quarantina": 40, "cinquantina": 50, "sessantina": 60, "settantina": 70},
        **{"ottantina": 80, "novantina": 90, "centinaio": 100, "migliaio": 1_000},
    },
    "en": {},
}
_EXACT = {"it": {"paio": 2, "dozzina": 12}, "en": {"couple": 2, "dozen": 12}}
_WEAK = frozenset(("one", "un", "una", "uno", "sei", "a", "an"))


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: tokens `first` to before `last`.

    `is_weak`: a word such as *one* or *sei* that is a number only beside a unit. `is_rough`: the
    word itself says about (*una quarantina*). `is_word`: spelled out.
    """

    value: Fraction
    first: int
    last: int
    is_ordinal: bool = False
    is_weak: bool = False
    is_rough: bool = False
    is_word: bool = False


def numbers(found: tuple[Token, ...], language: str) -> tuple[Number, ...]:
    """Every number among the tokens, number words joined."""
    read: list[Number] = []
    at = 0
    while at < len(found):
        one = _Run(found, at, language).read()
        if one is None:
            at += 1
        else:
            read.append(one)
            at = one.last
    return tuple(read)


class _Run:
    """Reads one number from a place on; its state is what was read so far."""

    def __init__(self, found: tuple[Token, ...], at: int, language: str) -> None:
        self._found = found
        self._first = self._at = at
        self._language = language
        self._total = Fraction(0)
        self._part: Fraction | None = None
        self._scale = 1
        self._ordinal = self._rough = self._literal = self._solid = False

    def read(self) -> Number | None:
        """The number, or None when none begins here."""
        while self._at - self._first < MAX_RUN and self._take():
            pass
        self._tail()
        if self._part is None and not self._solid:
            return None
        value = self._total + (self._part or 0)
        text = self._found[self._first].text
        alone = self._at == self._first + 1 and text in _WEAK
        return Number(
            value,
            self._first,
            self._at,
            self._ordinal,
            alone,
            self._rough,
            is_word=not self._literal,
        )

    def _take(self) -> bool:
        """Read one more token; False when the number ends before it."""
        if self._at >= len(self._found) or self._ordinal or not self._is_joined():
            return False
        token = self._found[self._at]
        return self._literally(token) or self._scaled(token) or self._worded(token)

    def _is_joined(self) -> bool:
        if self._at == self._first:
            return True
        return self._found[self._at - 1].gap.strip(" \u00a0") in ("", "-")

    def _literally(self, token: Token) -> bool:
        if token.value is None or self._part is not None or self._solid:
            return False
        self._part, self._ordinal, self._literal = token.value, token.is_ordinal, True
        self._at += 1
        return True

    def _scaled(self, token: Token) -> bool:
        scale = _SCALES[self._language].get(token.text)
        if token.text == "hundred" and self._part is not None and self._part < 100:
            self._part *= 100
        elif scale is not None and (self._part is not None):
            self._total += self._part * scale
            self._part, self._solid, self._scale = None, True, scale
        else:
            return False
        self._at += 1
        return True

    def _worded(self, token: Token) -> bool:
        if token.value is not None:
            return False
        if self._rough_noun(token) or self._linked(token):
            return True
        value, ordinal = word_value(token.text, self._language)
        if value is None or not self._fits(value):
            return False
        self._part = (self._part or 0) + value
        self._ordinal = ordinal
        self._at += 1
        return True

    def _fits(self, value: Fraction) -> bool:
        """Whether *value* goes on the number: forty + eight, hundred + twenty, thousand + …"""
        part = self._part
        if part is None:
            return not self._solid or value < self._scale
        if self._literal:
            return False
        if self._language == "it":
            return (part % 100 == 0 and value < 100) or (part % 1_000 == 0 and value < 1_000)
        return (part % 100 == 0 and 0 < value < 100 and part > 0) or (
            part % 10 == 0 and part % 100 >= 20 and value < 10
        )

    def _rough_noun(self, token: Token) -> bool:
        rough = _ROUGH[self._language].get(token.text)
        exact = _EXACT[self._language].get(token.text)
        if rough is None and exact is None:
            return False
        before = self._part if self._part is not None else 1
        self._part = before * Fraction(rough or exact or 1)
        self._rough = rough is not None
        self._at += 1
        if self._peek(0) == "di" and self._peek(1) in ("migliaia", "mila"):
            self._part *= 1_000
            self._rough = True
            self._at += 2
        return True

    def _linked(self, token: Token) -> bool:
        """*and*, *e*, *point*, *virgola* inside a number, and a leading *a* or *un*."""
        if token.text in ("point", "virgola", "punto") and self._part is not None:
            return self._decimals()
        if token.text not in ("and", "e") or (self._part is None and not self._solid):
            return False
        if self._peek(1) in ("a", "mezzo", "mezza", "half"):
            return False  # left to the tail
        value, _ = word_value(self._peek(1), self._language)
        part = self._part
        if value is None or value == 0:
            return False
        if self._language == "it" and part is None and self._scale >= 1_000_000 and value < 10:
            self._total += value * self._scale / 10  # un milione e due
            self._at += 2
            return True
        room = 1_000 if self._language == "it" and part and part % 1_000 == 0 else 100
        fits = part is None or (part % 100 == 0 and part > 0 and value < room)
        if fits and (self._solid or part):
            self._at += 1
            return True
        return False

    def _decimals(self) -> bool:
        digits = ""
        at = self._at + 1
        while at < len(self._found) and len(digits) < 4:
            value, _ = word_value(self._found[at].text, self._language)
            literal = self._found[at].value
            value = literal if literal is not None else value
            if value is None or value.denominator != 1 or value >= 100 or (digits and value > 9):
                break
            digits += str(value)
            at += 1
        if not digits or self._part is None:
            return False
        self._part += Fraction(int(digits), 10 ** len(digits))
        self._at = at
        return True

    def _tail(self) -> None:
        """*and a half (thousand)*, *e mezzo*."""
        if (self._part is None and not self._solid) or self._ordinal:
            return
        words = [self._peek(n) for n in range(3)]
        size = 3 if words == ["and", "a", "half"] else 0
        size = 2 if words[:2] in (["e", "mezzo"], ["e", "mezza"]) else size
        if not size:
            return
        self._at += size
        if self._part is None:
            self._total += HALF * self._scale
            return
        self._part += HALF
        scale = _SCALES[self._language].get(self._peek(0))
        if scale is not None:
            self._total, self._part, self._solid = self._total + self._part * scale, None, True
            self._at += 1

    def _peek(self, ahead: int) -> str:
        at = self._at + ahead
        return self._found[at].text if at < len(self._found) else ""


def word_value(word: str, language: str) -> tuple[Fraction | None, bool]:
    """What one number word means, and whether it is an ordinal; None for other words."""
    if len(word) > MAX_WORD:
        return None, False
    known = _english() if language == "en" else _italian()
    if (value := known.get(word)) is not None:
        return Fraction(value), False
    if language == "it":
        thousands = _italian_thousands(word)
        if thousands is not None:
            return Fraction(thousands), False
        return (Fraction(1), True) if word == "primo" else (None, False)
    ordinal = _english_ordinals().get(word)
    return (Fraction(ordinal), True) if ordinal else (None, False)


@cache
def _english() -> dict[str, int]:
    words = {word: n for n, word in enumerate(f"{_UNITS} {_TEENS}".split())}
    words |= {word: 10 * n for n, word in enumerate(_TENS.split(), start=2)}
    return words | {"hundred": 100, "thousand": 1_000, "million": 1_000_000}


@cache
def _english_ordinals() -> dict[str, int]:
    words = {word: n for word, n in _english().items() if n not in (0, 100, 1_000, 1_000_000)}
    regular = {f"{word}th": n for word, n in words.items()}
    tens = {f"{word[:-1]}ieth": n for word, n in words.items() if word.endswith("y")}
    return regular | tens | {word: n for word, n in _ORDINALS.items() if word != "primo"}


@cache
def _italian() -> dict[str, int]:
    small = _SMALL.split()
    words = {word: n for n, word in enumerate(small)} | {"un": 1, "una": 1}
    tens = _ITALIAN_TENS.split()
    for n, ten in enumerate(tens, start=2):
        words[ten] = 10 * n
        for unit in range(1, 10):
            short = ten[:-1] if unit in (1, 8) else ten
            words[short + small[unit]] = 10 * n + unit
    below = dict(words)
    for hundreds in range(1, 10):
        head = ("" if hundreds == 1 else small[hundreds]) + "cento"
        words[head] = 100 * hundreds
        for word, n in below.items():
            if n and word not in ("un", "una"):
                words[head + word] = 100 * hundreds + n
                words[head[:-1] + word] = 100 * hundreds + n
    return words | {"mille": 1_000}


def _italian_thousands(word: str) -> int | None:
    """duemilacinquecento, millesettecento, centoventimila."""
    known = _italian()
    for mark, times in (("mila", 0), ("mille", 1)):
        left, found, right = word.partition(mark)
        if not found or (times and left):
            continue
        head = times or known.get(left, 0)
        rest = known.get(right, 0) if right else 0
        if head and (rest or not right):
            return head * 1_000 + rest
    return None
