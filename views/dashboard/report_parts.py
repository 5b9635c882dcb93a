"""What the pages of figures share: their days, their sources, and parts that could not be read."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from services import formats
from services.phrases import Phrase
from services.reports import CHOICES, DEFAULT_DAYS, Panel, Range
from views.dashboard.charts import Chart, Figured
from views.dashboard.kit.addresses import Address
from views.dashboard.kit.blocks import Callout, Column, Filters, PageBlock, PageButton
from views.dashboard.kit.fields import Field, SelectOption
from views.dashboard.kit.reader import PageReader
from views.words.dashboard import frame as words
from views.words.dashboard import reports as say

T = TypeVar("T")

EXPORTS = "/admin/exports"
YEAR = 365
WEEKLY = "week"
FEW_DAYS = 62


def source(panel: Panel[T], reader: PageReader) -> str:
    """Where a panel's figures come from, in words."""
    given = panel.source
    return reader(
        say.SOURCE,
        words=reader(given.words),
        tables=", ".join(given.tables),
        at=reader.moment(given.at),
    )


def problem(panel: Panel[T], reader: PageReader) -> str:
    """Why a panel has no figures; "" when it has."""
    return reader(panel.problem, reference=panel.reference) if panel.problem else ""


def drawn(
    panel: Panel[T], words: Figured, reader: PageReader, draw: Callable[[T, Figured], Chart]
) -> Chart:
    """The panel as a chart, or why it is not."""
    told = replace(words, source=source(panel, reader))
    if panel.value is None:
        return Chart(told, problem=problem(panel, reader))
    return draw(panel.value, told)


def listed(panel: Panel[T], reader: PageReader, lay: Callable[[T], PageBlock]) -> PageBlock:
    """The panel as a block, or why it is not."""
    if panel.value is None:
        return Callout("warn", problem(panel, reader))
    return lay(panel.value)


def numbers(reader: PageReader, first: Phrase, *rest: Phrase) -> tuple[Column, ...]:
    """Columns of a table of figures: what each row is about, then its numbers."""
    return (Column(reader(first)), *(Column(reader(one), numeric=True) for one in rest))


def usd(micro: int, reader: PageReader) -> str:
    """Micro-dollars as dollars."""
    return formats.micro(micro, "USD", reader.language)


def label(day: date, reader: PageReader) -> str:
    """A day under a bar."""
    return formats.day_in_month(day, reader.language)


def by_weeks(at: Address, wanted: Range) -> bool:
    """Whether a bar is a week: as the address asks, else where days would be too thin."""
    asked = at.text("by")
    return asked == WEEKLY if asked else wanted.days > FEW_DAYS


def days_filter(at: Address, wanted: Range, reader: PageReader, *, weeks: bool) -> Filters:
    """Which days: the last so many, or from one to another; and how long a bar is."""
    own = bool(at.text("from") or at.text("to"))
    chosen = "" if own else at.text("days") or str(DEFAULT_DAYS)
    choices = [
        SelectOption(str(n), reader(say.LAST_YEAR) if n == YEAR else reader(say.LAST_DAYS, n=n))
        for n in CHOICES
    ]
    if own:
        choices = [SelectOption("", reader(say.OWN_DAYS)), *choices]
    bar = (SelectOption("day", reader(say.BY_DAY)), SelectOption(WEEKLY, reader(say.BY_WEEK)))
    fields = (
        Field("days", reader(say.PERIOD), "select", chosen, choices=tuple(choices)),
        Field("from", reader(say.FROM), "date", wanted.first.isoformat() if own else ""),
        Field("to", reader(say.TO), "date", wanted.last.isoformat() if own else ""),
        Field("by", reader(say.BY), "select", WEEKLY if weeks else "day", choices=bar),
    )
    return Filters(
        at.path,
        fields,
        reader(say.SHOW),
        reader(words.FILTER),
        at.path if at.query else "",
        reader(words.CLEAR),
    )


def export_buttons(
    name: str, title: str, at: Address, reader: PageReader
) -> tuple[PageButton, ...]:
    """Links to the same rows as files, with the page's own filters."""
    path, phrase = f"{EXPORTS}/{name}", say.AS_CSV
    if reader.language == "it":
        phrase = say.AS_CSV_SEMICOLON
    return (
        PageButton(
            reader(words.CSV),
            href=at.other(f"{path}.csv"),
            style="quiet",
            name=reader(phrase, title=title),
        ),
        PageButton(
            reader(words.EXCEL),
            href=at.other(f"{path}.xlsx"),
            style="quiet",
            name=reader(say.AS_EXCEL, title=title),
        ),
    )
