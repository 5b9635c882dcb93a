"""Weeks and parts of months in a text: next week, the end of January, metà gennaio."""

from datetime import date, timedelta

from services.evidence.almanac import WEEK, Days, months, week_of, whole_month
from services.evidence.tokens import Token

# A month without a year is the coming one, unless it ended within the last three months.
LOOKS_BACK = timedelta(days=92)
NEXT = frozenset(("next", "prossimo", "prossima", "following", "coming"))
LAST = frozenset(("last", "scorso", "scorsa", "past"))
THIS = frozenset(("this", "questo", "questa"))
_EARLY = frozenset(("early", "beginning", "start", "inizio", "inizi", "primi"))
_MIDDLE = frozenset(("mid", "middle", "meta"))
_LATE = frozenset(("late", "end", "fine"))

# A span, and the token behind it.
Spanned = tuple[Days, int]


class SpanReader:
    """Reads spans from a place on."""

    def __init__(self, found: tuple[Token, ...], held: date, language: str) -> None:
        self._found = found
        self._held = held
        self._months = months(language)

    def at(self, at: int) -> Spanned | None:
        """The week or part of a month that begins here."""
        return self._week(at) or self._part_of_month(at)

    def month(self, month: int, year: int | None = None) -> Days:
        """The days of a month."""
        if year is None:
            year = self._held.year
            if whole_month(year, month)[1] < self._held - LOOKS_BACK:
                year += 1
        return whole_month(year, month)

    def _text(self, at: int) -> str:
        return self._found[at].text if 0 <= at < len(self._found) else ""

    def _week(self, at: int) -> Spanned | None:
        """next week, la settimana prossima, end of the week, the second week of January."""
        words = [self._text(at + n) for n in range(3)]
        shift = self._week_shift(words)
        if shift is not None:
            monday = week_of(self._held)[0] + timedelta(days=WEEK * shift[0])
            return (monday, monday + timedelta(days=WEEK - 1)), at + shift[1]
        if words[:2] == ["fine", "settimana"]:
            return None if self._text(at - 1) in ("buon", "il", "un") else self._week_end(at + 2, 0)
        if words[0] in ("end", "fine"):
            return self._end_of_week(at + 1)
        return self._numbered_week(at)

    def _week_shift(self, words: list[str]) -> tuple[int, int] | None:
        """How many weeks from now, and how many tokens say so."""
        pair = set(words[:2])
        if not pair & {"week", "settimana"}:
            return None
        for shift, names in ((1, NEXT), (-1, LAST), (0, THIS)):
            if pair & names:
                return shift, 2
        return None

    def _end_of_week(self, at: int) -> Spanned | None:
        while self._text(at) in ("of", "the", "della", "di", "la"):
            at += 1
        words = [self._text(at + n) for n in range(2)]
        if (shift := self._week_shift(words)) is not None:
            return self._week_end(at + shift[1], shift[0])
        return self._week_end(at + 1, 0) if words[0] in ("week", "settimana") else None

    def _week_end(self, last: int, shift: int) -> Spanned:
        monday = week_of(self._held)[0] + timedelta(days=WEEK * shift)
        return (monday + timedelta(days=3), monday + timedelta(days=WEEK - 1)), last

    def _numbered_week(self, at: int) -> Spanned | None:
        order = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 5}
        order |= {"prima": 1, "seconda": 2, "terza": 3, "quarta": 4, "ultima": 5}
        which = order.get(self._text(at))
        if which is None or self._text(at + 1) not in ("week", "settimana"):
            return None
        month_at = at + 2 + (self._text(at + 2) in ("of", "in", "di", "a"))
        month = self._months.get(self._text(month_at))
        if month is None:
            return None
        start, end = self.month(month)
        first = start + timedelta(days=WEEK * (which - 1)) if which < 5 else end - timedelta(days=6)
        return (first, min(first + timedelta(days=6), end)), month_at + 1

    def _part_of_month(self, at: int) -> Spanned | None:
        """early May, the end of January, metà gennaio, fine mese."""
        word = self._text(at)
        if word not in _EARLY | _MIDDLE | _LATE:
            return None
        place = at + 1
        while self._text(place) in ("of", "the", "di", "del", "this"):
            place += 1
        month = self._months.get(self._text(place))
        if month is None and self._text(place) in ("month", "mese"):
            month = self._held.month
        if month is None:
            return None
        start, end = self.month(month)
        if word in _EARLY:
            span = (start, start + timedelta(days=9))
        elif word in _MIDDLE:
            span = (start + timedelta(days=9), start + timedelta(days=19))
        else:
            span = (end - timedelta(days=9), end)
        return span, place + 1
