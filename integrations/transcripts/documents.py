"""Word documents (.docx) as text: every letter in them, also in tables and tracked insertions."""

import io
import zipfile
from collections.abc import Iterator

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from lxml.etree import LxmlError

from integrations.transcripts.errors import (
    BROKEN,
    OTHER_DOCUMENT,
    SPREADSHEET,
    TOO_LARGE,
    Unreadable,
)

MAX_UNPACKED = 100_000_000  # bytes of XML; a day of speech has two million letters
MAX_PARTS = 2_000
_BODY = "word/document.xml"
_BREAKS = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): "\t"}


def text_of(data: bytes) -> str:
    """The document's text, a line per paragraph. Unreadable: no Word file, broken, or a bomb."""
    _check(data)
    try:
        body = Document(io.BytesIO(data)).element.body
    except (PackageNotFoundError, zipfile.BadZipFile, LxmlError, KeyError, ValueError) as error:
        raise Unreadable(BROKEN) from error
    return "\n".join("".join(_letters(paragraph)) for paragraph in body.iter(qn("w:p")))


def _check(data: bytes) -> None:
    """Look before anything is unpacked: what a part says it holds is all that it gives."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise Unreadable(BROKEN) from error
    names = {part.filename for part in parts}
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Unreadable(TOO_LARGE)
    if _BODY not in names:
        raise Unreadable(SPREADSHEET if "xl/workbook.xml" in names else OTHER_DOCUMENT)


def _letters(paragraph: CT_P) -> Iterator[str]:
    for node in paragraph.iter():
        if node.tag == qn("w:t"):
            yield node.text or ""
        elif node.tag in _BREAKS:
            yield _BREAKS[node.tag]
