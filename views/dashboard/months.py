"""Closed months on the overview: what each came to, and the button that closes one."""

from services import formats
from services.reports import MonthRevenue, ReportMonth
from views.dashboard.kit.blocks import (
    Cell,
    Column,
    Empty,
    PageButton,
    Table,
    TableRow,
)
from views.dashboard.kit.reader import PageReader
from views.dashboard.report_parts import EXPORTS, usd
from views.words.dashboard import months as say

CLOSE = "/admin/months"
SHOWN = 6


def months(found: tuple[ReportMonth, ...], reader: PageReader) -> Table:
    """The newest first; figures only of those that are closed."""
    labels = (say.REQUESTS, say.COST, say.LICENSES, say.FOLLOWUPS, say.MRR)
    columns = (
        Column(reader(say.MONTH)),
        *(Column(reader(one), numeric=True) for one in labels),
        Column(""),
    )
    rows = tuple(_row(one, reader) for one in found[:SHOWN])
    empty = Empty(reader(say.NONE), reader(say.NONE_TEXT))
    return Table("months", reader(say.TITLE), columns, rows, empty, note=reader(say.NOTE))


def _row(one: ReportMonth, reader: PageReader) -> TableRow:
    name = formats.month(one.first, reader.language)
    if one.figures is None or one.closed_at is None:
        close = PageButton(
            reader(say.CLOSE),
            CLOSE,
            name=reader(say.CLOSE_NAMED, month=name),
            values={"month": one.first.isoformat()[:7]},
        )
        open_cells = (Cell(name, note=reader(say.OPEN)), *(Cell("–") for _ in range(5)))
        return TableRow((*open_cells, Cell("", buttons=(close,))))
    range_of = f"from={one.first.isoformat()}&to={one.last.isoformat()}"
    export = PageButton(
        reader(say.EXPORT),
        href=f"{EXPORTS}/usage.xlsx?{range_of}",
        name=reader(say.EXPORT_NAMED, month=name),
    )
    told = reader(say.CLOSED, by=one.by, day=reader.day(one.closed_at))
    figures = one.figures
    cells = (
        Cell(name, note=told),
        Cell(reader.number(figures.requests)),
        Cell(usd(figures.cost_micro, reader)),
        Cell(reader.number(figures.active_licenses)),
        Cell(reader.number(figures.followups)),
        Cell(", ".join(_mrr(of, reader) for of in figures.revenue) or "–"),
        Cell("", buttons=(export,)),
    )
    return TableRow(cells)


def _mrr(of: MonthRevenue, reader: PageReader) -> str:
    return reader.money(of.closing, of.currency.upper())
