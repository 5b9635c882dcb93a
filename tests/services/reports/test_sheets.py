"""Exports as files: nothing in them is ever run, and numbers stay numbers."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.phrases import Phrase
from services.reports.sheets import (
    CellKind,
    ExcelFile,
    ExportColumn,
    SheetStyle,
    csv_header,
    csv_lines,
    safe,
)

ROME = SheetStyle("en", ZoneInfo("Europe/Rome"), "Europe/Rome")
ITALIAN = SheetStyle("it", ZoneInfo("Europe/Rome"), "Europe/Rome")
COLUMNS = tuple(ExportColumn(Phrase(kind.value, kind.value), kind) for kind in CellKind)
AT = datetime(2026, 11, 28, 23, 30, tzinfo=UTC)
VALUES = ("Mario", -3, -2900, 1_234_567, True, date(2026, 11, 28), AT)


@pytest.mark.parametrize(
    "text",
    [
        "=1+2",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\0=1",
        "  =1",
        "\u00a0=1",
        "\u200b=1",
        "\ufeff=1",
        "＝1",
        "＋1",
        "－1",
        "＠A1",
        '=cmd|" /C calc"!A0',
    ],
)
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert safe(text).startswith("'")
    assert not set(safe(text)) & set("\t\r\n\0")


def test_a_sign_on_a_second_line_is_no_longer_at_a_beginning() -> None:
    assert safe("a\n=1+2\r\n@b") == "a =1+2  @b"


@pytest.mark.parametrize("text", ["Mario", "a=b", "ada@example.com", "", "3-4", "'quoted"])
def test_what_nobody_would_run_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


def test_numbers_of_ours_are_numbers_even_below_zero() -> None:
    line = csv_lines(COLUMNS, [VALUES], ROME).decode()
    assert line == ('"Mario",-3,-29.00,1.234567,"yes","2026-11-28","2026-11-29 00:30:00"\r\n')


def test_italian_excel_gets_its_own_separators() -> None:
    line = csv_lines(COLUMNS, [VALUES], ITALIAN).decode()
    assert line.startswith('"Mario";-3;-29,00;1,234567;"sì";')


def test_a_file_begins_with_the_mark_of_utf8_and_names_the_zone() -> None:
    header = csv_header(COLUMNS, ROME)
    assert header.startswith(b"\xef\xbb\xbf")
    assert header.decode("utf-8-sig").endswith('"moment (Europe/Rome)"\r\n')


def test_every_text_comes_back_as_one_cell() -> None:
    odd = 'He said "no", twice;\nand left'
    columns = COLUMNS[:1]
    line = csv_lines(columns, [(odd,)], ROME).decode()
    assert list(csv.reader(io.StringIO(line))) == [['He said "no", twice; and left']]


def test_an_absent_value_is_an_empty_cell() -> None:
    assert csv_lines(COLUMNS, [(None,) * 7], ROME) == b",,,,,,\r\n"


def test_excel_gets_texts_as_texts_and_numbers_as_numbers(tmp_path: Path) -> None:
    book = ExcelFile(tmp_path / "a.xlsx", COLUMNS, ROME)
    book.write([VALUES, ("=1+2", *VALUES[1:]), ("http://example.com", *VALUES[1:])])
    book.write([("x" * 40_000, *(None,) * 6)])
    book.close()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as file:
        sheet = file.read("xl/worksheets/sheet1.xml").decode()
        names = file.namelist()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert not [name for name in names if "sheet2" in name or "rels/sheet" in name]
    assert "<v>-29</v>" in sheet or "<v>-29.0</v>" in sheet
    assert "=1+2</t>" in sheet
    assert "x…</t>" in sheet


def test_a_full_sheet_goes_on_in_another(tmp_path: Path) -> None:
    book = ExcelFile(tmp_path / "a.xlsx", COLUMNS[:1], ROME, most=3)
    book.write([("a",), ("b",), ("c",)])
    book.close()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as file:
        assert "c</t>" in file.read("xl/worksheets/sheet2.xml").decode()
