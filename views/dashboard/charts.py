"""Charts of a page: shapes drawn on the server, and the same figures as a table beneath them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from views.dashboard import plotting as plot
from views.dashboard.kit.blocks import PageBlock
from views.dashboard.kit.reader import PageReader
from views.words.dashboard import charts as say

# As many as have room on a desk; a phone leaves every second one out.
X_LABELS = 7

Told = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Series:
    """One name with a figure for each label; None where there is none."""

    name: str
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Figured:
    """What a chart says in words: `about` is its subject, `note` the zone and what else to know,
    `source` where its figures come from; `told` writes a figure, `head` names the first column."""

    id: str
    title: str
    about: str
    head: str
    told: Told
    note: str = ""
    source: str = ""
    empty: str = ""


def noted(words: Figured, note: str) -> Figured:
    """The same with a note."""
    return replace(words, note=note)


@dataclass(frozen=True, slots=True)
class Chart(PageBlock):
    """A drawn chart; `problem` stands instead of it, or `empty` when there is nothing to draw."""

    template: ClassVar[str] = "blocks/chart.html.j2"

    words: Figured
    sentence: str = ""
    kind: str = ""
    shapes: tuple[plot.Shape, ...] = ()
    y_labels: tuple[str, ...] = ()
    x_labels: tuple[str, ...] = ()
    legend: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    summary: str = ""
    problem: str = ""


def lines(
    words: Figured, labels: Sequence[str], series: Sequence[Series], reader: PageReader
) -> Chart:
    """One line or several, over labels evenly apart."""
    present = [value for one in series for value in one.values if value is not None]
    if not any(present):
        return Chart(words)
    marks = plot.ticks(max(present))
    shapes = tuple(
        shape
        for number, one in enumerate(series)
        for shape in (
            *(plot.area(one.values, marks[-1], number) if len(series) == 1 else ()),
            *plot.line(one.values, marks[-1], number),
        )
    )
    totals = [sum(one.values[n] or 0 for one in series) for n in range(len(labels))]
    return Chart(
        words,
        sentence=_sentence(words, labels, totals, reader),
        kind="lines",
        shapes=shapes,
        y_labels=tuple(map(words.told, marks)),
        x_labels=plot.spread(labels, X_LABELS),
        legend=_legend(series),
        columns=(words.head, *(one.name for one in series)),
        rows=_rows(words, labels, series),
        summary=reader(say.AS_TABLE),
    )


def bars(
    words: Figured, labels: Sequence[str], series: Sequence[Series], reader: PageReader
) -> Chart:
    """Bars from zero, several series stacked."""
    columns = [[one.values[n] or 0 for one in series] for n in range(len(labels))]
    most = plot.highest(columns)
    if not most:
        return Chart(words)
    marks = plot.ticks(most)
    return Chart(
        words,
        sentence=_sentence(words, labels, [sum(column) for column in columns], reader),
        kind="bars",
        shapes=plot.stacked(columns, marks[-1]),
        y_labels=tuple(map(words.told, marks)),
        x_labels=plot.spread(labels, X_LABELS),
        legend=_legend(series),
        columns=(words.head, *(one.name for one in series)),
        rows=_rows(words, labels, series),
        summary=reader(say.AS_TABLE),
    )


def heat(
    words: Figured,
    labels: Sequence[str],
    rows: Sequence[Series],
    reader: PageReader,
) -> Chart:
    """A row for each series, a cell for each label, the darker the more."""
    figures = [[value or 0 for value in one.values] for one in rows]
    if not any(map(any, figures)):
        return Chart(words)
    most, row, place = max(
        (value, -number, -place)
        for number, one in enumerate(figures)
        for place, value in enumerate(one)
    )
    peak = f"{rows[-row].name} {labels[-place]}"
    return Chart(
        words,
        sentence=reader(say.PEAK, about=words.about, most=words.told(most), at=peak),
        kind="heat",
        shapes=plot.cells(figures),
        y_labels=tuple(one.name for one in reversed(rows)),
        x_labels=plot.spread(labels, X_LABELS),
        columns=(words.head, *(one.name for one in rows)),
        rows=_rows(words, labels, rows),
        summary=reader(say.AS_TABLE),
    )


def _sentence(
    words: Figured, labels: Sequence[str], totals: Sequence[int], reader: PageReader
) -> str:
    most = max(totals)
    return reader(
        say.RANGE,
        about=words.about,
        first=labels[0],
        last=labels[-1],
        least=words.told(min(totals)),
        most=words.told(most),
        at=labels[totals.index(most)],
    )


def _legend(series: Sequence[Series]) -> tuple[str, ...]:
    return tuple(one.name for one in series) if len(series) > 1 else ()


def _rows(
    words: Figured, labels: Sequence[str], series: Sequence[Series]
) -> tuple[tuple[str, ...], ...]:
    """The same figures as they are, one row for each label."""
    return tuple(
        (label, *(_cell(words, one.values[n]) for one in series)) for n, label in enumerate(labels)
    )


def _cell(words: Figured, value: int | None) -> str:
    return "–" if value is None else words.told(value)
