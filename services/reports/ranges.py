"""Which days a page shows, as its address says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.errors import Invalid
from services.phrases import Phrase

ONE = timedelta(days=1)
DEFAULT_DAYS = 30
CHOICES = (7, 30, 90, 365)
# Two years and a day of February.
MOST_DAYS = 731

NO_DAY = Phrase(
    "“{text}” is no date. Write it as 2026-11-28.",
    "«{text}» non è una data. Scrivila come 2026-11-28.",
)
BACKWARDS = Phrase(
    "The first day comes after the last. Exchange them.",
    "Il primo giorno viene dopo l’ultimo. Scambiali.",
)
TOO_LONG = Phrase(
    "That are more than {most} days. Choose a shorter time.",
    "Sono più di {most} giorni. Scegli un periodo più breve.",
)


@dataclass(frozen=True, slots=True)
class Range:
    """Whole days of the business, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


def read_range(filters: Mapping[str, str], today: date) -> Range:
    """`from` and `to`, or the last `days` up to today (30 unless said); raises Invalid."""
    if filters.get("from") or filters.get("to"):
        last = _day(filters.get("to", ""), "to", today)
        first = _day(filters.get("from", ""), "from", last - (DEFAULT_DAYS - 1) * ONE)
    else:
        asked = filters.get("days", "")
        count = int(asked) if asked.isdecimal() and int(asked) in CHOICES else DEFAULT_DAYS
        first, last = today - (count - 1) * ONE, today
    last = min(last, today)
    if first > last:
        raise Invalid(BACKWARDS, field="from")
    if (last - first).days >= MOST_DAYS:
        raise Invalid(TOO_LONG, field="from", most=MOST_DAYS)
    return Range(first, last)


def _day(text: str, field: str, default: date) -> date:
    if not text:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(NO_DAY, field=field, text=text[:40]) from error
