"""Figures as shapes: round ticks, and whole-number points in a plot of fixed size."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

# The plot is stretched to the room there is; texts stand outside it and are not.
WIDTH, HEIGHT = 1_000, 300
TICKS = 4
STEPS = (1, 2, 5, 10)
# Of a bar's place, what stays free on its right.
GAP = 0.25
LEVELS = 5

Values = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Shape:
    """A line (`path`) or a box, of the series with this number; `level` shades a heat map."""

    kind: Literal["line", "area", "bar", "dot", "cell"]
    series: int = 0
    path: str = ""
    x: int = 0
    y: int = 0
    width: int = 0
    height: int = 0
    level: int = 0
    text: str = ""


def ticks(most: int) -> tuple[int, ...]:
    """Round numbers from 0 up to at least `most`, about `TICKS` steps."""
    rough = max(1, -(-most // TICKS))
    power = 10 ** (len(str(rough)) - 1)
    step = next(power * one for one in STEPS if power * one >= rough)
    count = max(1, -(-most // step))
    return tuple(step * n for n in range(count + 1))


def line(values: Values, top: int, series: int = 0) -> tuple[Shape, ...]:
    """One line; what is None is a gap, and what stands alone between gaps is a dot."""
    places = _across(len(values))
    runs: list[list[tuple[int, int]]] = [[]]
    for x, value in zip(places, values, strict=True):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((x, _down(value, top)))
    drawn = [run for run in runs if run]
    return tuple(
        Shape("line", series, path=_path(run))
        if len(run) > 1
        else Shape("dot", series, x=run[0][0], y=run[0][1])
        for run in drawn
    )


def area(values: Values, top: int, series: int = 0) -> tuple[Shape, ...]:
    """A line's ground down to zero, where it has no gap."""
    if not values or None in values:
        return ()
    points = [
        (x, _down(value or 0, top)) for x, value in zip(_across(len(values)), values, strict=True)
    ]
    return (Shape("area", series, path=f"M0,{HEIGHT}{_path(points, first='L')}V{HEIGHT}Z"),)


def stacked(columns: Sequence[Sequence[int]], top: int) -> tuple[Shape, ...]:
    """Bars from zero, one above the other; of each the first part stands at the bottom."""
    edges = [WIDTH * n // max(1, len(columns)) for n in range(len(columns) + 1)]
    shapes: list[Shape] = []
    for (left, right), parts in zip(pairwise(edges), columns, strict=True):
        width = max(1, round((right - left) * (1 - GAP)))
        x, foot, total = left + (right - left - width) // 2, HEIGHT, 0
        for series, value in enumerate(parts):
            total += value
            head = _down(total, top)
            if foot > head:
                shapes.append(Shape("bar", series, x=x, y=head, width=width, height=foot - head))
            foot = head
    return tuple(shapes)


def cells(rows: Sequence[Sequence[int]]) -> tuple[Shape, ...]:
    """A heat map: a cell for each figure, shaded by its share of the highest."""
    most = max((value for row in rows for value in row), default=0)
    shapes: list[Shape] = []
    for number, row in enumerate(rows):
        top, foot = _part(HEIGHT, number, len(rows)), _part(HEIGHT, number + 1, len(rows))
        for place, value in enumerate(row):
            left, right = _part(WIDTH, place, len(row)), _part(WIDTH, place + 1, len(row))
            cell = Shape("cell", x=left, y=top, width=right - left - 3, height=foot - top - 3)
            shapes.append(replace(cell, level=_level(value, most)))
    return tuple(shapes)


def spread(labels: Sequence[str], most: int) -> tuple[str, ...]:
    """At most so many of the labels, the first and the last among them, evenly apart."""
    if len(labels) <= most:
        return tuple(labels)
    last = len(labels) - 1
    # Only where all are equally far apart; else the two ends alone.
    for count in range(most, 2, -1):
        if last % (count - 1) == 0:
            return tuple(labels[:: last // (count - 1)])
    return (labels[0], labels[last // 2], labels[last])


def highest(columns: Iterable[Sequence[int]]) -> int:
    """The highest sum of a column."""
    return max((sum(column) for column in columns), default=0)


def _across(count: int) -> list[int]:
    return [WIDTH * n // max(1, count - 1) for n in range(count)]


def _down(value: int, top: int) -> int:
    return HEIGHT - HEIGHT * value // max(1, top)


def _part(size: int, number: int, of: int) -> int:
    return size * number // max(1, of)


def _level(value: int, most: int) -> int:
    return 0 if value == 0 else 1 + (LEVELS - 1) * (value - 1) // max(1, most)


def _path(points: Sequence[tuple[int, int]], first: str = "M") -> str:
    (x, y), *rest = points
    return f"{first}{x},{y}" + "".join(f"L{x},{y}" for x, y in rest)
