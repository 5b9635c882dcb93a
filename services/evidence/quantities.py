"""Amounts, shares, durations and counts in a text, with all that decides what they are about."""

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction

from services.evidence.masking import Span, inside
from services.evidence.numerals import Number
from services.evidence.tokens import Token
from services.evidence.vocabulary import stem, stopwords, word_set

PERCENT_UNIT = "%"
CURRENCIES = {
    **dict.fromkeys(("€", "eur", "euro", "euros"), "eur"),
    **dict.fromkeys(("£", "gbp", "pound", "pounds", "sterling", "quid"), "gbp"),
    **dict.fromkeys(("sterlina", "sterline"), "gbp"),
    **dict.fromkeys(("$", "usd", "dollar", "dollars", "bucks", "dollaro", "dollari"), "usd"),
    **dict.fromkeys(("chf", "franc", "francs", "franco", "franchi"), "chf"),
}
# Unit and how many of it: minutes, days and months are never turned into each other.
DURATIONS = {
    **dict.fromkeys(("minute", "minutes", "min", "mins", "minuto", "minuti"), ("minute", 1)),
    **dict.fromkeys(("hour", "hours", "ora", "ore"), ("minute", 60)),
    **dict.fromkeys(("day", "days", "giorno", "giorni", "giornata", "giornate"), ("day", 1)),
    **dict.fromkeys(("week", "weeks", "settimana", "settimane"), ("day", 7)),
    **dict.fromkeys(("fortnight", "fortnights"), ("day", 14)),
    **dict.fromkeys(("month", "months", "mese", "mesi"), ("month", 1)),
    **dict.fromkeys(("quarter", "quarters", "trimestre", "trimestri"), ("month", 3)),
    **dict.fromkeys(("year", "years", "anno", "anni"), ("month", 12)),
}
_PERIODS = {
    **dict.fromkeys(("minute", "minuto"), "minute"),
    **dict.fromkeys(("hour", "ora", "hourly", "orario", "oraria"), "hour"),
    **dict.fromkeys(("day", "giorno", "giornata", "daily", "giornaliero", "giornaliera"), "day"),
    **dict.fromkeys(("week", "settimana", "weekly", "settimanale", "settimanali"), "week"),
    **dict.fromkeys(("month", "mese", "monthly", "mensile", "mensili"), "month"),
    **dict.fromkeys(("quarter", "trimestre", "quarterly", "trimestrale"), "quarter"),
    **dict.fromkeys(("year", "anno", "yearly", "annual", "annually", "annuo", "annua"), "year"),
    **dict.fromkeys(("annui", "annue", "annuale", "annuali"), "year"),
}
_ADJECTIVES = re.compile(r"ly$|ual$|nnu[oaie]$|al[ei]$|ari[oa]$|er[oa]$")
_PER = word_set("a an per al all alla ogni each every l il the")
_CENT = frozenset(("percent", "%", "percento", "pct"))
_ROUGHLY = word_set(
    "about around roughly approximately approx nearly almost some circa quasi sui sulle"
    " sugli intorno verso incirca something somewhere"
)
_ROUGHLY_AFTER = re.compile(
    r"^(?:\w+ ){0,2}(?:give or take|more or less|or so|or thereabouts|piu o meno|grosso modo)\b"
)
_ROUGHLY_HERE = re.compile(r"^(?:\w+ ){0,2}(?:circa|roughly|all incirca)\b")
_DENIAL = word_set(
    "not no never can't cannot won't don't isn't aren't wasn't didn't doesn't couldn't"
    " wouldn't non nessun nessuna neanche nemmeno anziche invece instead"
)
_REFUSED_AFTER = re.compile(
    r"^(?:\w+ )?(?:(?:i|we) (?:can't|cannot|won't|don't|couldn't)|is (?:out|not possible|too)"
    r"|non (?:posso|possiamo|riesco|riusciamo|ce|lo|la|va|ci|e possibile))\b"
)
_BREAKS = frozenset(",;:.!?…—–")
_TURNS = frozenset(("but", "ma", "pero", "whereas", "while", "mentre", "bensi"))
_CONTRAST = re.compile(r"\b(?:but|ma|bensi|rather)\b")
_PLUS_VAT = re.compile(
    r"\b(?:plus|excluding|excl|ex|before|net of|without|piu|oltre|piu l|oltre l|senza)"
    r" (?:vat|iva|tax)\b"
    r"|\b(?:vat|iva) (?:excluded|esclusa|excl|on top)\b"
)
_WITH_VAT = re.compile(
    r"\b(?:including|incl|inc|includes|included|with|con|compresa|inclusa|compresa l)"
    r" (?:vat|iva|tax)\b"
    r"|\b(?:vat|iva|tax) (?:included|inclusa|compresa|incl)\b"
)
_PAST = re.compile(
    r"\b(?:last year|the year before|a year ago|anno scorso|anno prima|un anno fa|previous year)\b"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, its place, and the clause it stands in (`clause`: word stems).

    `unit` is a currency, `%`, `minute`, `day`, `month`, or "" for plain counts, whose `nouns`
    follow. `role` is *from* or *to*; `vat` *plus* or *with*.
    """

    value: Fraction
    start: int
    end: int
    unit: str = ""
    nouns: frozenset[str] = frozenset()
    periods: frozenset[str] = frozenset()
    role: str = ""
    vat: str = ""
    is_rough: bool = False
    is_denied: bool = False
    is_past: bool = False
    clause: frozenset[str] = field(default=frozenset())

    @property
    def is_money(self) -> bool:
        """Whether a currency stands with it."""
        return self.unit in ("eur", "gbp", "usd", "chf")


@dataclass(frozen=True, slots=True)
class _Place:
    """A number among the tokens of its sentence, and the bounds of its clause."""

    found: tuple[Token, ...]
    number: Number
    first: int
    last: int
    counted: frozenset[int]

    def words(self, begin: int, end: int) -> list[str]:
        return [token.text for token in self.found[max(begin, self.first) : min(end, self.last)]]

    @property
    def before(self) -> list[str]:
        """The clause's words up to the number, the nearest last."""
        return self.words(self.first, self.number.first)

    @property
    def after(self) -> list[str]:
        """The clause's words behind the number."""
        return self.words(self.number.last, self.last)


def quantities(
    found: tuple[Token, ...], numbers: tuple[Number, ...], taken: tuple[Span, ...]
) -> tuple[Quantity, ...]:
    """Every quantity outside of the places that are `taken`, in order."""
    read: list[Quantity] = []
    counted = frozenset(at for one in numbers for at in range(one.first, one.last))
    for one in _ranged(found, _paired(found, numbers)):
        start, end = found[one.first].start, found[one.last - 1].end
        if one.is_ordinal or inside(start, end, taken) or _is_cent(found, one):
            continue
        quantity = _quantity(_Place(found, one, *_clause(found, one), counted))
        if quantity is not None:
            read.append(quantity)
    return tuple(_sharing(read))


def _is_cent(found: tuple[Token, ...], one: Number) -> bool:
    return one.first > 0 and [found[one.first - 1].text, found[one.first].text] == ["per", "cento"]


def _paired(found: tuple[Token, ...], numbers: tuple[Number, ...]) -> list[Number]:
    """*twelve fifty* is 12.50, beside the two numbers that it looks like."""
    read: list[Number] = []
    for at, one in enumerate(numbers):
        read.append(one)
        after = numbers[at + 1] if at + 1 < len(numbers) else None
        if after is None or one.last != after.first or not (one.is_word and after.is_word):
            continue
        if found[one.last - 1].gap == " " and one.value < 100 and 10 <= after.value < 100:
            both = one.value + after.value / 100
            read.append(Number(both, one.first, after.last, is_word=True))
    return read


def _ranged(found: tuple[Token, ...], numbers: list[Number]) -> list[Number]:
    """*between eight and nine thousand*: the first number has the second's scale."""
    read = []
    for at, one in enumerate(numbers):
        after = numbers[at + 1] if at + 1 < len(numbers) else None
        near = after is not None and after.first - one.last == 1
        if near and after is not None and one.value < 100 and after.value >= 1_000:
            link = found[one.last].text
            scale = 1_000 if after.value < 1_000_000 else 1_000_000
            if link in ("and", "to", "or", "e", "o", "a") and one.value < after.value / scale:
                one = replace(one, value=one.value * scale)
        read.append(one)
    return read


def _clause(found: tuple[Token, ...], one: Number) -> tuple[int, int]:
    first, last = one.first, one.last
    while first > 0 and not _is_break(found[first - 1]) and found[first - 1].text not in _TURNS:
        first -= 1
    while last < len(found) and not _is_break(found[last - 1]) and found[last].text not in _TURNS:
        last += 1
    return first, last


def _is_break(token: Token) -> bool:
    return bool(_BREAKS & set(token.gap))


def _quantity(place: _Place) -> Quantity | None:
    unit, size, used = _unit(place)
    one, found = place.number, place.found
    if one.is_weak and not unit:
        return None
    rest = place.after[used:] if used > 0 else place.after
    before = place.before
    rough = one.is_rough or _is_rough(place)
    clause = " ".join(place.words(place.first, place.last))
    sentence = " ".join(token.text for token in found[place.first : place.last + 6])
    start = found[one.first].start
    if before[-1:] and before[-1] in CURRENCIES:
        start = found[one.first - 1].start
    return Quantity(
        value=one.value * size,
        start=start,
        end=found[one.last - 1 + max(used, 0)].end,
        unit=unit,
        nouns=frozenset() if unit else _nouns(place),
        periods=_periods(place, max(used, 0)),
        role=_role(before),
        vat="plus" if _PLUS_VAT.search(sentence) else "with" if _WITH_VAT.search(sentence) else "",
        is_rough=rough,
        is_denied=_is_denied(place, is_count=not unit and bool(_nouns(place))),
        is_past=bool(_PAST.search(clause)),
        clause=stems(place.words(place.first, one.first) + rest),
    )


def _is_rough(place: _Place) -> bool:
    """*about*, *circa*, *give or take*; both ends of a range are as exact as the range."""
    if {"between", "tra", "fra"} & set(place.before[-5:]):
        return False
    behind = " ".join(token.text for token in place.found[place.number.last :][:7])
    here = " ".join(place.after)
    before = bool(_ROUGHLY & set(place.before[-3:]))
    return before or bool(_ROUGHLY_AFTER.match(behind)) or bool(_ROUGHLY_HERE.match(here))


def _unit(place: _Place) -> tuple[str, Fraction, int]:
    """The unit, how many of it the word means, and how many tokens behind the number it takes."""
    before, after = place.before[-1:], place.after[:3]
    if before and before[0] in CURRENCIES:
        return CURRENCIES[before[0]], Fraction(1), 0
    skipped = 1 if after[:1] in (["di"], ["of"], ["d"]) else 0
    word = after[skipped] if len(after) > skipped else ""
    if after[:2] in (["per", "cento"], ["per", "cent"]):
        return PERCENT_UNIT, Fraction(1), 2
    if word in _CENT:
        return PERCENT_UNIT, Fraction(1), 1 + skipped
    if word in CURRENCIES:
        return CURRENCIES[word], Fraction(1), 1 + skipped
    if word in DURATIONS:
        unit, size = DURATIONS[word]
        return unit, Fraction(size) + _half_more(after[skipped + 1 :], size), 1 + skipped
    return "", Fraction(1), 0


def _half_more(after: list[str], size: int) -> Fraction:
    """*un'ora e mezza*: half of the unit on top, as far as the number is one."""
    return Fraction(size, 2) if after[:2] in (["e", "mezza"], ["e", "mezzo"]) else Fraction(0)


def _nouns(place: _Place) -> frozenset[str]:
    """What is counted: the first two words with a meaning behind the number."""
    end = min(place.number.last + 4, place.last)
    places = [at for at in range(place.number.last, end) if at not in place.counted]
    telling = [place.found[at].text for at in places if place.found[at].text not in stopwords()]
    return frozenset(map(stem, telling[:2]))


def _periods(place: _Place, used: int) -> frozenset[str]:
    after = place.after[used:]
    found = {
        _PERIODS[word]
        for before, word in zip(["", *after], after, strict=False)
        if word in _PERIODS and (before in _PER or _ADJECTIVES.search(word))
    }
    found |= {_PERIODS[w] for w in place.before if w in _PERIODS and _ADJECTIVES.search(w)}
    opening = place.before[:3]
    if opening[:1] in (["un"], ["an"], ["a"]) and len(opening) > 1 and opening[1] in _PERIODS:
        found.add(_PERIODS[opening[1]])
    return frozenset(found)


def _role(before: list[str]) -> str:
    if before[-1:] and before[-1] in ("from", "da", "dal", "dall", "dai", "dalla"):
        return "from"
    near = before[-1:] and before[-1] in ("to", "a", "al", "all", "ai", "allo")
    came = {"from", "da", "dal", "dall"} & set(before[-8:-1])
    return "to" if near and came else ""


def _is_denied(place: _Place, *, is_count: bool) -> bool:
    before, after = place.before, " ".join(place.after)
    if _REFUSED_AFTER.match(after):
        return True
    denied = set(before[-5:]) & _DENIAL
    if not denied:
        return False
    if not is_count:
        return True
    nearest = before[-1] in _DENIAL
    behind = " ".join(token.text for token in place.found[place.number.last : place.last + 3])
    return nearest or bool(_CONTRAST.search(behind))


def _sharing(read: list[Quantity]) -> list[Quantity]:
    """In *€8,000 to 9,000* and *two or three weeks* both have the unit of the one that names it."""
    shared = list(read)
    for at in range(len(read) - 1):
        one, other = shared[at], read[at + 1]
        is_near = 0 < other.start - one.end <= 5 and not one.nouns
        if not one.unit and other.unit and is_near:
            shared[at] = replace(one, unit=other.unit, periods=other.periods)
    return shared


def stems(words: list[str]) -> frozenset[str]:
    """The words that carry a subject, by their stems."""
    return frozenset(stem(word) for word in words if word not in stopwords() and len(word) > 1)
