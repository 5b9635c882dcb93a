"""Shapes of charts: round ticks, whole numbers, bars from zero, gaps that stay gaps."""

import pytest

from views.dashboard import plotting as plot


@pytest.mark.parametrize(
    ("most", "marks"),
    [
        (0, (0, 1)),
        (1, (0, 1)),
        (3, (0, 1, 2, 3)),
        (480, (0, 200, 400, 600)),
        (1_000, (0, 500, 1_000)),
        (12_480_111, (0, 5_000_000, 10_000_000, 15_000_000)),
    ],
)
def test_ticks_are_round_and_reach_the_highest_figure(most: int, marks: tuple[int, ...]) -> None:
    assert plot.ticks(most) == marks


def test_a_line_is_broken_where_there_is_no_figure() -> None:
    shapes = plot.line((0, 10, None, 5, None, 10, 10), 10)
    assert [shape.kind for shape in shapes] == ["line", "dot", "line"]
    assert shapes[0].path == "M0,300L166,0"
    assert (shapes[1].x, shapes[1].y) == (500, 150)


def test_a_line_with_a_gap_has_no_ground() -> None:
    assert plot.area((1, None, 2), 2) == ()
    assert plot.area((1, 2), 2)[0].path == "M0,300L0,150L1000,0V300Z"


def test_bars_begin_at_zero_and_stand_on_each_other() -> None:
    low, high = plot.stacked([[2, 1], [0, 0]], 4)
    assert (low.y, low.height) == (150, 150)
    assert (high.y, high.height) == (75, 75)
    assert low.x == high.x


def test_the_height_of_a_stack_is_the_height_of_its_sum() -> None:
    parts = [[1, 1, 1, 1, 1, 1, 1]]
    shapes = plot.stacked(parts, 11)
    assert sum(shape.height for shape in shapes) == 300 - (300 - 300 * 7 // 11)


def test_a_cell_is_dark_by_its_share_and_empty_at_zero() -> None:
    assert [shape.level for shape in plot.cells([[0, 1, 50, 100]])] == [0, 1, 2, 4]


def test_labels_are_evenly_apart_with_both_ends() -> None:
    labels = [str(n) for n in range(31)]
    assert plot.spread(labels, 7) == ("0", "5", "10", "15", "20", "25", "30")
    assert plot.spread(labels[:30], 7) == ("0", "14", "29")
    assert plot.spread(labels[:3], 7) == ("0", "1", "2")


def test_nothing_is_drawn_of_nothing() -> None:
    assert plot.line((), 1) == ()
    assert plot.stacked([], 1) == ()
    assert plot.cells([]) == ()
    assert plot.highest([]) == 0
