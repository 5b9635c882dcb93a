"""Whoever reads the page: texts in their language, times on the business's wall clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol

from babel.dates import format_date, format_timedelta
from babel.numbers import format_decimal

from services import formats
from views.dashboard.kit.blocks import Cell
from views.words.dashboard import frame as say

LOCALES = {"it": "it_IT"}
ENGLISH = "en_GB"
A_WHILE = timedelta(hours=20)


class Sayable(Protocol):
    """A phrase."""

    def __call__(self, language: str, **values: object) -> str:
        """Its text in the language."""


@dataclass(frozen=True, slots=True)
class PageReader:
    """`now` is when the page is made; `zone` the one in which all its times are shown."""

    language: str
    now: datetime
    zone: tzinfo = UTC

    def __call__(self, phrase: Sayable, **values: object) -> str:
        """The phrase in this reader's language."""
        return phrase(self.language, **values)

    def number(self, value: int) -> str:
        """A whole number: `12,480` or `12.480`."""
        return format_decimal(value, "#,##0", locale=self._locale)

    def money(self, minor: int, currency: str) -> str:
        """An amount of minor units."""
        return formats.money(minor, currency, self.language)

    def day(self, at: datetime) -> str:
        """A date: `28 Nov 2026`."""
        return format_date(at.astimezone(self.zone), "d MMM y", locale=self._locale)

    def moment(self, at: datetime) -> str:
        """Date and time: `28 Nov 2026, 14:02`."""
        return f"{self.day(at)}, {at.astimezone(self.zone):%H:%M}"

    def ago(self, at: datetime) -> str:
        """How long ago, or in how long: `3 minutes ago`, `tra 2 giorni`; `just now` for seconds."""
        if abs(at - self.now) < timedelta(minutes=1):
            return self(say.JUST_NOW)
        return format_timedelta(at - self.now, add_direction=True, locale=self._locale)

    def on(self, at: datetime | None) -> Cell:
        """A date as a cell; a dash for none."""
        return Cell(self.day(at), at=at.isoformat(), hint=self.moment(at)) if at else Cell("–")

    def when(self, at: datetime | None) -> Cell:
        """Date and time as a cell; a dash for none."""
        return Cell(self.moment(at), at=at.isoformat()) if at else Cell("–")

    def since(self, at: datetime | None) -> Cell:
        """What was lately as `3 minutes ago`, else its date and time, as a cell."""
        if at is None or abs(at - self.now) > A_WHILE:
            return self.when(at)
        return Cell(self.ago(at), at=at.isoformat(), hint=self.moment(at))

    @property
    def _locale(self) -> str:
        return LOCALES.get(self.language, ENGLISH)
