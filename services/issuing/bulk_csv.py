"""Reading a CSV of licenses: whatever a spreadsheet made of it, told line by line."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.errors import Invalid
from services.phrases import Phrase

MAX_BYTES = 10_000_000
MAX_LINES = 10_000
COLUMNS = ("email", "plan", "months", "domain", "name")
REQUIRED = ("email", "plan")
DELIMITERS = (",", ";", "\t")
# What people write over a column instead of its name.
ALIASES = {
    "e-mail": "email",
    "mail": "email",
    "piano": "plan",
    "mesi": "months",
    "month": "months",
    "dominio": "domain",
    "sito": "domain",
    "site": "domain",
    "nome": "name",
    "cliente": "name",
    "customer": "name",
}

TOO_LARGE = Phrase(
    "The file is larger than {limit} MB. Split it.", "Il file supera {limit} MB. Dividilo."
)
TOO_MANY = Phrase(
    "The file has more than {limit} lines. Split it.", "Il file ha più di {limit} righe. Dividilo."
)
EMPTY = Phrase(
    "There is no line to issue. The first line names the columns: {columns}.",
    "Non c’è nessuna riga da emettere. La prima riga nomina le colonne: {columns}.",
)
NO_COLUMN = Phrase(
    "The first line must name the columns; “{column}” is missing. It should read: {columns}",
    "La prima riga deve nominare le colonne; manca “{column}”. Dovrebbe essere: {columns}",
)
TWICE = Phrase(
    "The first line names the column “{column}” twice. Leave one of them out.",
    "La prima riga nomina due volte la colonna “{column}”. Togline una.",
)
UNREADABLE = Phrase(
    "Line {line} cannot be read as CSV: close its quotation marks, or save the file as CSV again.",
    "La riga {line} non si legge come CSV: chiudi le sue virgolette, o salva di nuovo come CSV.",
)
NOT_TEXT = Phrase(
    "This is not a CSV but another kind of file. Save it as CSV (UTF-8).",
    "Questo non è un CSV ma un altro tipo di file. Salvalo come CSV (UTF-8).",
)
# Beginnings of what is often sent instead: Excel (zip, OLE) and PDF.
OTHER_FILES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Row:
    """One line by its number in the file, its values by column; `surplus` values had no column."""

    line: int
    values: Mapping[str, str]
    surplus: int = 0


def read_csv(data: bytes) -> tuple[Row, ...]:
    """The lines of a file with a header; empty ones are left out.

    Commas, semicolons and tabs, quotes, a byte order mark, Windows' line ends and letters are all
    understood. Raises Invalid (field `csv`) when the file as a whole cannot be used.
    """
    if len(data) > MAX_BYTES:
        raise too_large()
    text = _decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    records = _records(text)
    _, header = next(records, (1, []))
    columns = _columns(header)
    rows: list[Row] = []
    for line, record in records:
        if len(rows) >= MAX_LINES:
            raise Invalid(TOO_MANY, field="csv", limit=MAX_LINES)
        rows.append(_row(line, record, columns))
    if not rows:
        raise Invalid(EMPTY, field="csv", columns=",".join(COLUMNS))
    return tuple(rows)


def too_large() -> Invalid:
    """The file is above MAX_BYTES."""
    return Invalid(TOO_LARGE, field="csv", limit=MAX_BYTES // 1_000_000)


def _decoded(data: bytes) -> str:
    if data.startswith(OTHER_FILES):
        raise Invalid(NOT_TEXT, field="csv")
    if data.startswith(UTF_16):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            # Excel's “CSV” is in Windows' own letters.
            text = data.decode("cp1252", errors="replace")
    if "\0" in text:
        raise Invalid(NOT_TEXT, field="csv")
    return text


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Records that hold anything, each with the number of the line it begins on."""
    lines = text.split("\n")
    # Excel may write its delimiter above the header.
    skipped = 1 if lines and lines[0].lower().startswith("sep=") else 0
    typed = (f"{line}\n" for line in lines[skipped:])
    # Strict: an open quote swallows the lines below it, whose licenses nobody would miss.
    reader = csv.reader(typed, delimiter=_delimiter(lines[skipped:]), strict=True)
    begins = skipped + 1
    try:
        for record in reader:
            if any(value.strip() for value in record):
                yield begins, record
            begins = skipped + reader.line_num + 1
    except csv.Error:
        raise Invalid(UNREADABLE, field="csv", line=begins) from None


def _delimiter(lines: Sequence[str]) -> str:
    header = next((line for line in lines if line.strip()), "")
    return max(DELIMITERS, key=header.count)


def _columns(header: list[str]) -> list[str]:
    wanted = ",".join(COLUMNS)
    names = [title.strip().strip("'\"").lower() for title in header]
    columns = [ALIASES.get(one, one) for one in names]
    for column in REQUIRED:
        if column not in columns:
            raise Invalid(NO_COLUMN, field="csv", column=column, columns=wanted)
    for column in COLUMNS:
        if columns.count(column) > 1:
            raise Invalid(TWICE, field="csv", column=column)
    return columns


def _row(line: int, record: list[str], columns: list[str]) -> Row:
    known = dict(zip(columns, (value.strip() for value in record), strict=False))
    surplus = [value for value in record[len(columns) :] if value.strip()]
    return Row(line, {name: known.get(name, "") for name in COLUMNS}, len(surplus))
