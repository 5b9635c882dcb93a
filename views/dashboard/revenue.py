"""Recurring revenue month by month: a chart, and what moved it, with files of both."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import partial

from services import formats
from services.billing import RevenueBalance, RevenueMonth, rounded
from views.dashboard import charts
from views.dashboard.charts import Chart, Figured, Series
from views.dashboard.kit.addresses import Address
from views.dashboard.kit.blocks import Cell, Column, Empty, PageButton, Table, TableRow
from views.dashboard.kit.reader import PageReader
from views.dashboard.report_parts import EXPORTS, export_buttons
from views.words.dashboard import billing as say
from views.words.dashboard import reports as words

MOVES = (
    *(say.OPENING, say.NEW, say.REACTIVATION, say.EXPANSION),
    *(say.CONTRACTION, say.CHURN, say.CLOSING),
)
# What follows when a month is closed.
MORE = (say.TRIAL, say.COMMITTED)
Balances = Mapping[date, RevenueBalance]


def money(amount: Fraction, currency: str, reader: PageReader) -> str:
    """A figure as it is shown: rounded, once."""
    return reader.money(rounded(amount), currency.upper())


def by_month(found: tuple[RevenueMonth, ...], zone: str, reader: PageReader) -> tuple[Chart, ...]:
    """MRR as each month ended, the present one as far as it is; a chart for each currency."""
    months = sorted({one.month for one in found})
    currencies = dict.fromkeys(one.currency for one in found)
    return tuple(
        _drawn(
            {one.month: one.closing for one in found if one.currency == currency},
            months,
            _words(currency, zone, reader),
            reader,
        )
        for currency in currencies
    )


def moved(month: tuple[RevenueMonth, ...], first: date, zone: str, reader: PageReader) -> Table:
    """What moved in the month that runs, with every movement as a file."""
    at = Address("", {"month": _name(first)})
    return Table(
        "movements",
        reader(say.MONTH),
        (Column(reader(say.CURRENCY)), *(Column(reader(one), numeric=True) for one in MOVES)),
        tuple(TableRow((Cell(one.currency.upper()), *_amounts(one, reader)[:-2])) for one in month),
        Empty(reader(say.NO_MONTH), reader(say.NO_MONTH_TEXT)),
        note=reader(say.MONTH_NOTE, zone=zone),
        exports=export_buttons("movements", reader(say.MONTH), at, reader),
    )


def closed(found: tuple[RevenueMonth, ...], reader: PageReader) -> Table:
    """Closed months, the newest first, with files of these rows and of each month's movements."""
    columns = (Column(reader(one), numeric=True) for one in (*MOVES, *MORE))
    return Table(
        "mrr-months",
        reader(say.CLOSED),
        (Column(reader(say.MONTH_HEAD)), *columns, Column("")),
        tuple(_closed(one, reader) for one in found),
        Empty(reader(say.NONE_CLOSED), reader(say.NONE_CLOSED_TEXT)),
        note=f"{words.ROWS(reader.language, len(found))}. {reader(say.CLOSED_NOTE)}",
        exports=export_buttons("mrr", reader(say.CLOSED), Address(""), reader),
    )


def _closed(one: RevenueMonth, reader: PageReader) -> TableRow:
    name = formats.month(one.month, reader.language)
    export = PageButton(
        reader(say.MOVEMENTS),
        href=f"{EXPORTS}/movements.csv?month={_name(one.month)}",
        style="quiet",
        name=reader(say.MOVEMENTS_NAMED, month=name),
    )
    amounts = _amounts(one, reader)
    return TableRow((Cell(name, note=one.currency.upper()), *amounts, Cell("", buttons=(export,))))


def _amounts(one: RevenueMonth, reader: PageReader) -> tuple[Cell, ...]:
    by, end = one.flows, one.closing
    amounts = (
        *(one.opening, by.new, by.reactivation, by.expansion),
        *(-by.contraction, -by.churn, end.mrr, end.trial, end.committed),
    )
    return tuple(Cell(money(amount, one.currency, reader)) for amount in amounts)


def _drawn(of: Balances, months: list[date], told: Figured, reader: PageReader) -> Chart:
    held = [of.get(month) for month in months]
    line = Series(reader(say.MRR), tuple(rounded(one.mrr) if one else None for one in held))
    labels = [formats.month(month, reader.language) for month in months]
    return charts.lines(told, labels, [line], reader)


def _words(currency: str, zone: str, reader: PageReader) -> Figured:
    title = reader(say.BY_MONTH, currency=currency.upper())
    return Figured(
        f"mrr-{currency}",
        title,
        title,
        reader(say.MONTH_HEAD),
        partial(_minor, currency.upper(), reader),
        note=reader(say.MONTHS_OF, zone=zone),
        source=reader(say.MRR_SOURCE, zone=zone),
    )


def _minor(currency: str, reader: PageReader, minor: int) -> str:
    return reader.money(minor, currency)


def _name(month: date) -> str:
    return month.isoformat()[:7]
