"""Times of day in a text, in English and Italian, as the minutes of the day they can mean."""

from dataclasses import dataclass

from services.evidence.numerals import Number
from services.evidence.tokens import Token
from services.evidence.vocabulary import word_set

HOUR = 60
NOON = 12 * HOUR
DAY = 24 * HOUR
_LEADS = {
    "en": word_set("at around about by until from till say before after"),
    "it": word_set("alle alla dalle dalla ore h le verso"),
}
_LESS = ("meno", "un", "quarto")
_NOON = frozenset(("noon", "midday", "mezzogiorno"))
_DURING = {"morning": 0, "mattina": 0, "afternoon": NOON, "pomeriggio": NOON}


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time of day; `minutes` since midnight, two of them where a.m. or p.m. was not said."""

    start: int
    end: int
    minutes: frozenset[int]


def time_mentions(
    found: tuple[Token, ...], numbers: tuple[Number, ...], language: str
) -> tuple[TimeMention, ...]:
    """Every time of day, in order."""
    by_place = {one.first: one for one in numbers}
    read: list[TimeMention] = []
    at = 0
    while at < len(found):
        one = _at(found, by_place, at, language)
        if one is None:
            at += 1
            continue
        minutes, last = one
        read.append(TimeMention(found[at].start, found[last - 1].end, minutes))
        at = last
    return tuple(read)


def _at(
    found: tuple[Token, ...], numbers: dict[int, Number], at: int, language: str
) -> tuple[frozenset[int], int] | None:
    """The minutes and the token behind, if a time begins here."""
    text = found[at].text
    if text in _NOON:
        return frozenset((NOON,)), at + 1
    digital = _digital(found, at)
    if digital is not None:
        return digital
    if language == "en" and (spoken := _past(found, numbers, at)) is not None:
        return spoken
    number = _hour(numbers.get(at))
    if number is None:
        return None
    before = found[at - 1].text if at else ""
    if number.value.denominator == 2:  # le nove e mezza
        return (_both(int(number.value * HOUR)), number.last) if before in _LEADS["it"] else None
    behind = [token.text for token in found[number.last : number.last + 3]]
    half = _meridiem(behind)
    if half is None and before not in _LEADS[language] and behind[:1] != ["o'clock"]:
        return None
    if language == "it" and before == "le" and behind[:1] != ["e"]:
        return None
    return _spoken(found, numbers, number, language)


def _digital(found: tuple[Token, ...], at: int) -> tuple[frozenset[int], int] | None:
    """14:30, 9:00 am, alle 15.30."""
    token = found[at]
    behind = found[at + 1] if at + 1 < len(found) else None
    if token.raw.isdigit() and token.gap == ":" and behind is not None and behind.raw.isdigit():
        return _written(token.raw, behind.raw, found, at + 2)
    whole, point, rest = token.raw.partition(".")
    before = found[at - 1].text if at else ""
    is_led = before in _LEADS["it"] | {"at"} or _meridiem([t.text for t in found[at + 1 : at + 3]])
    if point and whole.isdigit() and rest.isdigit() and len(rest) == 2 and is_led:
        return _written(whole, rest, found, at + 1)
    return None


def _written(
    hours: str, minutes: str, found: tuple[Token, ...], last: int
) -> tuple[frozenset[int], int] | None:
    if len(hours) > 2 or len(minutes) != 2 or int(hours) > 23 or int(minutes) > 59:
        return None
    at = int(hours) * HOUR + int(minutes)
    half = _meridiem([token.text for token in found[last : last + 2]])
    if half is None:
        return frozenset((at,)), last
    size = 1 if found[last].text in ("am", "pm") else 2
    return frozenset((at % NOON + half,)), last + size


def _past(
    found: tuple[Token, ...], numbers: dict[int, Number], at: int
) -> tuple[frozenset[int], int] | None:
    """half past two, quarter to three, ten past nine."""
    words = [token.text for token in found[at : at + 3]]
    size = {"half": 30, "quarter": 15}.get(words[0])
    link = at + 1
    number = numbers.get(at)
    if size is None and number is not None and number.value in (5, 10, 20, 25):
        size, link = int(number.value), number.last
    if size is None or link >= len(found) or found[link].text not in ("past", "to"):
        return None
    hour = _hour(numbers.get(link + 1))
    if hour is None or (found[link].text == "to" and words[0] not in ("quarter",)):
        return None
    shift = size if found[link].text == "past" else -size
    return _both(int(hour.value) * HOUR + shift), hour.last


def _hour(number: Number | None) -> Number | None:
    if number is None or number.value.denominator not in (1, 2) or not 0 <= number.value <= 24:
        return None
    return None if number.is_ordinal else number


def _meridiem(behind: list[str]) -> int | None:
    for words, half in ((["am"], 0), (["pm"], NOON), (["a", "m"], 0), (["p", "m"], NOON)):
        if behind[: len(words)] == words:
            return half
    return None


def _spoken(
    found: tuple[Token, ...], numbers: dict[int, Number], hour: Number, language: str
) -> tuple[frozenset[int], int] | None:
    """at nine thirty, alle quindici e trenta, alle tre e mezza, alle dieci meno un quarto."""
    at, last = int(hour.value) * HOUR, hour.last
    words = [token.text for token in found[last : last + 3]]
    half = _meridiem(words)
    if half is not None:
        return frozenset((at % NOON + half,)), last + (1 if words[0] in ("am", "pm") else 2)
    if words[:1] == ["o'clock"]:
        return _both(at), last + 1
    minute = _minute(numbers.get(last + (language == "it")))
    is_near = found[last - 1].gap == " " if language == "en" else words[:1] == ["e"]
    if minute is not None and is_near:
        return _both(at + int(minute.value)), minute.last
    return _in_parts(at, last, words, language)


def _in_parts(
    at: int, last: int, words: list[str], language: str
) -> tuple[frozenset[int], int] | None:
    """e mezza, e un quarto, meno un quarto; in the afternoon."""
    for behind, more in ((("e", "mezza"), 30), (("e", "un", "quarto"), 15), (_LESS, -15)):
        if language == "it" and tuple(words[: len(behind)]) == behind:
            return _both(at + more), last + len(behind)
    if language == "en" and words and _is_counted(words[0]):
        return None
    during = next((_DURING[word] for word in words if word in _DURING), None)
    return (_both(at) if during is None else frozenset((at % NOON + during,))), last


def _is_counted(word: str) -> bool:
    """Whether the number counts something: at nine percent, by two weeks."""
    return word in ("percent", "per", "%", "weeks", "days", "hours", "euros", "euro", "pounds")


def _minute(number: Number | None) -> Number | None:
    if number is None or number.value.denominator != 1 or number.is_ordinal:
        return None
    return number if 5 <= number.value <= 59 else None


def _both(at: int) -> frozenset[int]:
    """Spoken hours from one to eleven may be in the morning or in the afternoon."""
    at %= DAY
    return frozenset((at, at + NOON)) if 0 < at < NOON else frozenset((at,))
