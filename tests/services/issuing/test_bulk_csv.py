"""A CSV as spreadsheets write it: everything readable is read, everything else is told."""

import pytest

from services.errors import Invalid
from services.issuing.bulk_csv import MAX_BYTES, MAX_LINES, Row, read_csv

HEADER = "email,plan,months,domain,name"
LINE = "ann@acme.example,pro,12,acme.example,Ann"
ANN = {
    "email": "ann@acme.example",
    "plan": "pro",
    "months": "12",
    "domain": "acme.example",
    "name": "Ann",
}


@pytest.mark.parametrize(
    "data",
    [
        f"{HEADER}\n{LINE}\n".encode(),
        f"{HEADER}\r\n{LINE}\r\n".encode(),
        f"{HEADER}\r{LINE}".encode(),
        f"\ufeff{HEADER}\n{LINE}".encode(),
        f"{HEADER}\n{LINE}".encode("utf-16"),
        f"{HEADER}\n{LINE}".replace(",", ";").encode(),
        f"{HEADER}\n{LINE}".replace(",", "\t").encode(),
        f"sep=;\r\n{HEADER}\r\n{LINE}".replace(",", ";").encode(),
        b'"email","plan","months","domain","name"\n"ann@acme.example","pro","12","acme.example","Ann"',
        b"Name;E-mail;Piano;Mesi;Dominio;Note\nAnn;ann@acme.example;pro;12;acme.example;",
        f" {HEADER} \n ann@acme.example , pro , 12 , acme.example , Ann ".encode(),
    ],
)
def test_every_way_of_writing_the_same_line_is_read_alike(data: bytes) -> None:
    rows = read_csv(data)
    assert [dict(row.values) for row in rows] == [ANN]


def test_letters_of_windows_are_understood() -> None:
    rows = read_csv("email,plan,months,domain,name\na@b.example,pro,1,,Nicolò".encode("cp1252"))
    assert rows[0].values["name"] == "Nicolò"


def test_lines_are_numbered_as_an_editor_numbers_them() -> None:
    data = f'{HEADER}\n\n{LINE}\n , ,\n"x@y.example",pro,1,,"two\nlines"\n{LINE}'
    assert [row.line for row in read_csv(data.encode())] == [3, 5, 7]


def test_numbers_stay_right_below_excels_own_first_line() -> None:
    rows = read_csv(f"sep=,\n{HEADER}\n{LINE}".encode())
    assert rows == (Row(3, ANN),)


def test_missing_columns_are_empty_and_values_without_a_column_are_counted() -> None:
    rows = read_csv(b"email,plan\nann@acme.example,founders\nbob@acme.example,pro,12,x")
    assert rows[0].values["months"] == ""
    assert [row.surplus for row in rows] == [0, 2]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "email"),
        (b"\n\n", "email"),
        (b"email,plan\n", "no line"),
        (b"ann@acme.example,pro,12", "“email” is missing"),
        (b"email,months\na@b.example,1", "“plan” is missing"),
        (b"email,plan,E-mail\na@b.example,pro,x", "twice"),
        (b"PK\x03\x04 an excel file", "another kind of file"),
        (b"\x00\x01\x02", "another kind of file"),
        (b"email,plan\n" + b"x" * 200_000 + b",pro", "Line 2"),
        (b"x" * (MAX_BYTES + 1), "larger than 10 MB"),
        # An open quote would make one name of all the lines below, and issue one license.
        (f'{HEADER}\n{LINE}\na@b.example,pro,1,,"Al\n{LINE}'.encode(), "Line 3 .* quotation"),
        (f'{HEADER}\na@b.example,pro,1,,"Al\nb@b.example,pro,1,,"Bo"'.encode(), "Line 2"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        read_csv(data)
    assert refused.value.field == "csv"


def test_ten_thousand_lines_are_the_most_there_may_be() -> None:
    lines = [LINE] * MAX_LINES
    assert len(read_csv("\n".join([HEADER, *lines]).encode())) == MAX_LINES
    with pytest.raises(Invalid, match="more than 10000"):
        read_csv("\n".join([HEADER, *lines, LINE]).encode())
