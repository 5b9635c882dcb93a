"""Days, weeks and months by their names and their bounds."""

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

Days = tuple[date, date]

WEEK = 7
WEEKDAYS = {
    "en": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    "it": ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"),
}
_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre"
    " dicembre",
}
_SHORT = {
    "en": "jan feb mar apr may jun jul aug sep oct nov dec",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
}


@cache
def months(language: str) -> Mapping[str, int]:
    """The months' names, folded."""
    return {name: n for n, name in enumerate(_MONTHS[language].split(), start=1)}


@cache
def short_months(language: str) -> Mapping[str, int]:
    """The months' short names; words as well, so good beside a day only."""
    return {name: n for n, name in enumerate(_SHORT[language].split(), start=1)} | {"sept": 9}


def week_of(day: date) -> Days:
    """Monday and Sunday of the day's week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=WEEK - 1)


def whole_month(year: int, month: int) -> Days:
    """Its first and its last day."""
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
