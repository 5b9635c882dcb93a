"""Tables as CSV that no spreadsheet executes."""

import csv
import io
from collections.abc import Iterable, Sequence

# A cell that begins so is a formula to a spreadsheet (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """The rows under their columns; UTF-8 with a byte order mark, as Excel expects."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(map(_cell, row))
    return out.getvalue().encode("utf-8-sig")


def _cell(value: str | int) -> str | int:
    """Text that would be a formula gets an apostrophe in front; a number is left a number."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
