"""Days in a text, in English and Italian, as the days they can mean on the day of the meeting."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from services.evidence.almanac import (
    WEEK,
    WEEKDAYS,
    Days,
    months,
    short_months,
    week_of,
    whole_month,
)
from services.evidence.numerals import Number
from services.evidence.spans import LAST, LOOKS_BACK, NEXT, THIS, SpanReader
from services.evidence.tokens import Token, fold
from services.evidence.vocabulary import word_set

_ARTICLES = word_set("il l dal dall al all del dell lo")
_IN = word_set("in by from until till since before after during of for tra fra a da fino")
_TOMORROW = {
    **{"today": 0, "tonight": 0, "oggi": 0, "stasera": 0, "stamattina": 0, "stamani": 0},
    **{"tomorrow": 1, "domani": 1, "dopodomani": 2, "yesterday": -1, "ieri": -1},
}
_UNITS = {
    **dict.fromkeys(("day", "days", "giorno", "giorni"), "day"),
    **dict.fromkeys(("week", "weeks", "settimana", "settimane"), "week"),
    **dict.fromkeys(("fortnight",), "fortnight"),
    **dict.fromkeys(("month", "months", "mese", "mesi"), "month"),
}
_WHOLE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})$")


@dataclass(frozen=True, slots=True)
class DayMention:
    """Days named in a text.

    `readings`: the days it can mean, none for a span; `span`: the days it leaves open. `weekday`
    is the one that was named, when it is not that of the day. `is_weak`: perhaps no day at all.
    """

    start: int
    end: int
    readings: frozenset[date]
    span: Days | None = None
    weekday: int | None = None
    is_weak: bool = False

    def may_be(self, day: date) -> bool:
        """Whether the day lies in what was left open."""
        return self.span is not None and self.span[0] <= day <= self.span[1]


@dataclass(frozen=True, slots=True)
class _Found:
    """What begins at a token: it ends before token `last`."""

    last: int
    readings: tuple[date, ...] = ()
    span: Days | None = None
    weekday: int | None = None
    is_weak: bool = False


def day_mentions(
    found: tuple[Token, ...], numbers: tuple[Number, ...], held: date, language: str
) -> tuple[DayMention, ...]:
    """Every mention of a day, week or month, in order."""
    reader = _Reader(found, {one.first: one for one in numbers}, held, language)
    read, at = [], 0
    while at < len(found):
        one = reader.at(at)
        if one is None:
            at += 1
            continue
        read.append(
            DayMention(
                found[at].start,
                found[one.last - 1].end,
                frozenset(one.readings),
                one.span,
                one.weekday,
                one.is_weak,
            )
        )
        at = one.last
    return tuple(read)


class _Reader:
    """Reads days from a place on."""

    def __init__(
        self, found: tuple[Token, ...], numbers: dict[int, Number], held: date, language: str
    ) -> None:
        self._found = found
        self._numbers = numbers
        self._held = held
        self._language = language
        self._weekdays = {fold(name): n for n, name in enumerate(WEEKDAYS[language])}
        self._months = months(language)
        self._spans = SpanReader(found, held, language)

    def at(self, at: int) -> _Found | None:
        """What begins here; the longest of what fits."""
        ways = (
            self._numeric,
            self._relative,
            self._ahead,
            self._weekday,
            self._span,
            self._day_of_month,
            self._month,
            self._mere_number,
        )
        return next((one for way in ways if (one := way(at)) is not None), None)

    def _text(self, at: int) -> str:
        return self._found[at].text if 0 <= at < len(self._found) else ""

    def _number(self, at: int, most: int = 31) -> Number | None:
        one = self._numbers.get(at)
        if one is None or one.value.denominator != 1 or not 1 <= one.value <= most:
            return None
        return one

    def _year(self, at: int) -> tuple[int | None, int]:
        """A year here, perhaps behind a comma, and the token after it."""
        token = self._found[at] if at < len(self._found) else None
        if token is not None and re.fullmatch(r"(?:19|20)\d\d", token.raw):
            return int(token.raw), at + 1
        return None, at

    def _resolve(self, day: int, month: int, year: int | None) -> date | None:
        try:
            if year is not None:
                return date(year, month, day)
            near = date(self._held.year, month, day)
            return near if near >= self._held - LOOKS_BACK else date(near.year + 1, month, day)
        except ValueError:
            return None

    def _numeric(self, at: int) -> _Found | None:
        """2026-12-01, 1.12.2026, 1/12, 1/12/2026."""
        token = self._found[at]
        if whole := _WHOLE.match(token.raw):
            day, month, year = map(int, whole.groups())
            return self._exact(self._resolve(day, month, year + 2_000 * (year < 100)), at + 1)
        parts, last = self._parts(at)
        if len(parts) == 3 and parts[0] > 31:
            return self._exact(self._resolve(parts[2], parts[1], parts[0]), last)
        if len(parts) < 2 or token.gap != "/" or not 1 <= parts[1] <= 12:
            return None
        named = parts[2] + 2_000 * (parts[2] < 100) if len(parts) == 3 else None
        return self._exact(self._resolve(parts[0], parts[1], named), last)

    def _parts(self, at: int) -> tuple[list[int], int]:
        parts: list[int] = []
        while at < len(self._found) and self._found[at].raw.isdigit() and len(parts) < 3:
            parts.append(int(self._found[at].raw[:6]))
            at += 1
            if self._found[at - 1].gap not in ("-", "/"):
                break
        return parts, at

    def _exact(self, day: date | None, last: int, weekday: int | None = None) -> _Found | None:
        if day is None:
            return None
        wrong = weekday if weekday is not None and weekday != day.weekday() else None
        return _Found(last, (day,), weekday=wrong)

    def _relative(self, at: int) -> _Found | None:
        """today, domani, the day after tomorrow, domani a otto."""
        text = self._text(at)
        words = [self._text(at + n) for n in range(4)]
        if words in (["the", "day", "after", "tomorrow"], ["the", "day", "before", "yesterday"]):
            days = 2 if "after" in words else -2
            return self._exact(self._held + timedelta(days=days), at + 4)
        if words[:2] == ["this", words[1]] and words[1] in ("morning", "afternoon", "evening"):
            return self._exact(self._held, at + 2)
        if text not in _TOMORROW:
            return None
        days, last = _TOMORROW[text], at + 1
        if words[1:3] == ["a", "otto"]:
            days, last = days + WEEK, at + 3
        elif words[1] == "week":
            days, last = days + WEEK, at + 2
        return self._exact(self._held + timedelta(days=days), last)

    def _ahead(self, at: int) -> _Found | None:
        """in two weeks, tra dieci giorni, three days ago, un mese fa."""
        opening = self._text(at)
        is_ahead = opening in ("in", "within", "tra", "fra", "entro", "nei", "nelle")
        place = at + 1 if is_ahead else at
        place += self._text(place) in ("prossimi", "prossime", "next", "the")
        amount = self._number(place, 60)
        if amount is not None and amount.is_ordinal:
            return None
        unit_at = amount.last if amount else place + 1
        if amount is None and self._text(place) not in ("a", "un", "una", "another"):
            return None
        unit = _UNITS.get(self._text(unit_at), "")
        behind = self._text(unit_at + 1)
        if behind in ("ago", "fa"):
            sign = -1
        elif is_ahead or behind in ("from", "later", "dopo"):
            sign = 1
        else:
            return None
        if not unit:
            return None
        n = sign * int(amount.value if amount else 1)
        last = unit_at + 1 + (behind in ("ago", "fa", "later", "dopo", "time"))
        return self._after(n, unit, last + (behind in ("from",)) * 2)

    def _after(self, n: int, unit: str, last: int) -> _Found:
        last = min(last, len(self._found))
        if unit == "month":
            return self._months_after(n, last)
        days = n * {"day": 1, "week": WEEK, "fortnight": 2 * WEEK}[unit]
        day = self._held + timedelta(days=days)
        return _Found(last, (day,), week_of(day) if unit != "day" else None)

    def _months_after(self, n: int, last: int) -> _Found:
        month = self._held.month - 1 + n
        year, month = self._held.year + month // 12, month % 12 + 1
        day = min(self._held.day, calendar.monthrange(year, month)[1])
        return _Found(last, (date(year, month, day),), whole_month(year, month))

    def _weekday(self, at: int) -> _Found | None:
        """Tuesday, next Friday, venerdì prossimo, Tuesday 1 December, giovedì 3."""
        lead = self._text(at) if self._text(at) in NEXT | LAST | THIS else ""
        named = at + bool(lead)
        weekday = self._weekdays.get(self._text(named).removesuffix("s"), None)
        if weekday is None:
            weekday = self._weekdays.get(self._text(named))
        if weekday is None:
            return None
        last = named + 1
        if (dated := self._dated(last)) is not None:
            return self._exact(dated.readings[0], dated.last, weekday)
        behind = [self._text(last + n) for n in range(3)]
        if not lead and behind[0] in NEXT | LAST and behind[1] != "week":
            lead, last = behind[0], last + 1
        if behind[:2] == ["next", "week"] or behind[1:3] == ["prossima", "settimana"]:
            monday = week_of(self._held)[0] + timedelta(days=WEEK)
            size = 2 if behind[0] == "next" else 3
            return _Found(last + size, (monday + timedelta(days=weekday),))
        is_later = [self._text(named - n) for n in (3, 2, 1)] == ["a", "week", "on"]
        if is_later or behind[0] == "week" or behind[:2] == ["a", "otto"]:
            later = self._coming(weekday) + timedelta(days=WEEK)
            return _Found(last + (2 if behind[1] == "otto" else behind[0] == "week"), (later,))
        return _Found(last, self._named(weekday, lead))

    def _coming(self, weekday: int) -> date:
        return self._held + timedelta(days=(weekday - self._held.weekday() - 1) % WEEK + 1)

    def _named(self, weekday: int, lead: str) -> tuple[date, ...]:
        coming = self._coming(weekday)
        if lead in LAST:
            return (coming - timedelta(days=WEEK),)
        if lead in NEXT and weekday > self._held.weekday() and lead != "coming":
            return (coming, coming + timedelta(days=WEEK))
        return (coming,)

    def _dated(self, at: int) -> _Found | None:
        """A day of the month behind a weekday: 1 December, the first, quattordici."""
        at += self._text(at) in ("the", "il", "l")
        if (one := self._day_of_month(at)) is not None:
            return one
        number = self._number(at)
        if number is None or self._is_clock(number):
            return None
        if not (number.is_ordinal or self._language == "it" or not number.is_word):
            return None
        return self._bare(number)

    def _is_clock(self, number: Number) -> bool:
        gap = self._found[number.last - 1].gap
        behind = self._text(number.last)
        return gap.startswith(":") or behind in ("am", "pm", "o'clock")

    def _bare(self, number: Number) -> _Found | None:
        """The next day of that number."""
        year, month = self._held.year, self._held.month
        if number.value < self._held.day:
            year, month = year + month // 12, month % 12 + 1
        return self._exact(self._resolve(int(number.value), month, year), number.last)

    def _day_of_month(self, at: int) -> _Found | None:
        """1 December, the first of December, December 1st, primo marzo; a year behind."""
        number = self._number(at)
        if number is not None:
            month_at = number.last + (self._text(number.last) in ("of", "di"))
            month = self._month_name(month_at, is_dated=True)
            if month is None:
                return None
            year, last = self._year(month_at + 1)
            return self._exact(self._resolve(int(number.value), month, year), last)
        month = self._month_name(at, is_dated=True)
        number_at = at + 1 + (self._text(at + 1) == "the")
        number = self._number(number_at) if month is not None else None
        if number is None or month is None or self._language == "it":
            return None
        if self._text(number.last) in _UNITS or self._is_clock(number):
            return None
        year, last = self._year(number.last)
        return self._exact(self._resolve(int(number.value), month, year), last)

    def _month_name(self, at: int, *, is_dated: bool = False) -> int | None:
        """Which month stands here; *may* and *march* only with a capital or a day beside them."""
        text = self._text(at).rstrip(".")
        if is_dated and (month := short_months(self._language).get(text)):
            return month
        month = self._months.get(text)
        if month is None or is_dated or self._language == "it":
            return month
        is_named = self._found[at].is_capital and (at > 0 or text not in ("may", "march"))
        return month if is_named else None

    def _span(self, at: int) -> _Found | None:
        """next week, the second week of January, early May, fine mese."""
        spanned = self._spans.at(at)
        return _Found(spanned[1], span=spanned[0]) if spanned else None

    def _month(self, at: int) -> _Found | None:
        """A month by itself: in January, da maggio."""
        month = self._month_name(at)
        if month is None or (self._language == "en" and not self._found[at].is_capital):
            return None
        if month == 5 and self._language == "en" and self._text(at - 1) not in _IN:
            return None
        year, last = self._year(at + 1)
        return _Found(last, span=self._spans.month(month, year))

    def _mere_number(self, at: int) -> _Found | None:
        """the fifteenth, on the 15th; il quindici, which may as well be an amount."""
        number = self._number(at)
        if number is None or self._text(number.last) in _UNITS:
            return None
        if number.is_ordinal:
            if number.value < 4 and self._text(at - 1) != "the":
                return None
            one = self._bare(number)
            return one and _Found(one.last, one.readings, is_weak=number.value < 4)
        if self._language == "it" and self._text(at - 1) in _ARTICLES:
            one = self._bare(number)
            return one and _Found(one.last, one.readings, is_weak=True)
        return None
