"""Exports as files: CSV that no spreadsheet takes for formulas, and XLSX written row by row."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import Enum
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from services.phrases import Phrase

# OWASP, CSV injection: what begins with one of these is run, in full width too.
SIGNS = frozenset("=+-@＝＋－＠−")
BOM = "\ufeff"
LINE = "\r\n"
# Excel's own limits.
CELL_LIMIT = 32_767
SHEET_ROWS = 1_048_576
CUT = "…"
YES = Phrase("yes", "sì")
NO = Phrase("no", "no")

Value = str | int | bool | date | datetime | None


class CellKind(Enum):
    """How a value is written; `MINOR` are hundredths and `MICRO` millionths of a money's unit."""

    TEXT = "text"
    NUMBER = "number"
    MINOR = "minor"
    MICRO = "micro"
    YES_NO = "yes or no"
    DAY = "day"
    MOMENT = "moment"


DIGITS = {CellKind.MINOR: 2, CellKind.MICRO: 6}


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column's header and how its values are written."""

    header: Phrase
    kind: CellKind = CellKind.TEXT


@dataclass(frozen=True, slots=True)
class SheetStyle:
    """In whose language, and in which zone moments are written."""

    language: str
    zone: tzinfo
    zone_name: str

    def headers(self, columns: Iterable[ExportColumn]) -> list[str]:
        """Headers; a moment's names the zone."""
        return [
            f"{column.header(self.language)} ({self.zone_name})"
            if column.kind is CellKind.MOMENT
            else column.header(self.language)
            for column in columns
        ]

    def local(self, at: datetime) -> datetime:
        """What the wall clock there shows, without a zone, as spreadsheets know times."""
        return at.astimezone(self.zone).replace(tzinfo=None, microsecond=0)


def safe(text: str) -> str:
    """The text on one line, without controls, and with an apostrophe before what would be run.

    Spaces and invisible characters before a sign do not hide it (workglow-dev/sec#119).
    """
    if text[:1].isalnum() and text.isprintable():
        return text
    plain = "".join(
        " " if one in "\r\n\t\v\f\u0085\u2028\u2029" else one
        for one in text
        if one in "\r\n\t\v\f\u0085" or unicodedata.category(one) != "Cc"
    )
    visible = next(
        (one for one in plain if not one.isspace() and unicodedata.category(one) != "Cf"), ""
    )
    return f"'{plain}" if visible in SIGNS and visible else plain


def csv_header(columns: Sequence[ExportColumn], style: SheetStyle) -> bytes:
    """The mark by which Excel knows UTF-8, and the first line."""
    return (BOM + _line(map(_quoted, style.headers(columns)), style)).encode()


def csv_lines(
    columns: Sequence[ExportColumn], rows: Iterable[Sequence[Value]], style: SheetStyle
) -> bytes:
    """Lines as Excel reads them in this language: `;` and decimal commas in Italian."""
    return "".join(
        _line(
            (_cell(value, column.kind, style) for value, column in zip(row, columns, strict=True)),
            style,
        )
        for row in rows
    ).encode()


def _line(cells: Iterable[str], style: SheetStyle) -> str:
    return (";" if style.language == "it" else ",").join(cells) + LINE


def _quoted(text: str) -> str:
    return '"' + safe(text).replace('"', '""') + '"'


def _cell(value: Value, kind: CellKind, style: SheetStyle) -> str:
    if value is None:
        return ""
    if kind is CellKind.NUMBER:
        return str(int(value))  # type: ignore[arg-type]  # a number's column holds numbers
    if kind in DIGITS:
        number = str(_money(value, kind))
        return number.replace(".", ",") if style.language == "it" else number
    return _quoted(_text(value, kind, style))


def _text(value: Value, kind: CellKind, style: SheetStyle) -> str:
    if kind is CellKind.YES_NO:
        return (YES if value else NO)(style.language)
    if isinstance(value, datetime):
        return style.local(value).isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def _money(value: Value, kind: CellKind) -> Decimal:
    return Decimal(str(value)).scaleb(-DIGITS[kind])


class ExcelFile:
    """An XLSX file that is written row by row and keeps none of them in memory.

    Its verbs take time: call them in a thread, one after the other.
    """

    def __init__(
        self,
        path: Path,
        columns: Sequence[ExportColumn],
        style: SheetStyle,
        *,
        most: int = SHEET_ROWS,
    ) -> None:
        """`most` rows stand on a sheet, its header counted."""
        self._book = Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
        self._bold = self._book.add_format({"bold": True})
        self._formats = {
            CellKind.MINOR: self._book.add_format({"num_format": "#,##0.00"}),
            CellKind.MICRO: self._book.add_format({"num_format": "#,##0.000000"}),
            CellKind.DAY: self._book.add_format({"num_format": "yyyy-mm-dd"}),
            CellKind.MOMENT: self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        self._columns = columns
        self._style = style
        self._most = most
        self._sheet = self._new_sheet()
        self._place = 1

    def write(self, rows: Iterable[Sequence[Value]]) -> None:
        """Put these beneath the others; on another sheet once one is full."""
        for row in rows:
            if self._place == self._most:
                self._sheet, self._place = self._new_sheet(), 1
            for place, (value, column) in enumerate(zip(row, self._columns, strict=True)):
                self._put(place, value, column.kind)
            self._place += 1

    def close(self) -> None:
        """Finish the file; before that nobody can open it."""
        self._book.close()

    def _new_sheet(self) -> Worksheet:
        sheet = self._book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(self._columns) - 1, 18)
        for place, header in enumerate(self._style.headers(self._columns)):
            sheet.write_string(0, place, header, self._bold)
        return sheet

    def _put(self, place: int, value: Value, kind: CellKind) -> None:
        """By its own kind: the library's `write` would make formulas and links of texts."""
        if value is None:
            return
        form = self._formats.get(kind)
        if isinstance(value, date):
            day = self._style.local(value) if isinstance(value, datetime) else value
            self._sheet.write_datetime(self._place, place, day, form)
        elif kind is CellKind.NUMBER:
            self._sheet.write_number(self._place, place, int(value), form)
        elif kind in DIGITS:
            self._sheet.write_number(self._place, place, float(_money(value, kind)), form)
        else:
            text = _text(value, kind, self._style)
            cut = text if len(text) <= CELL_LIMIT else text[: CELL_LIMIT - 1] + CUT
            self._sheet.write_string(self._place, place, cut, form)
