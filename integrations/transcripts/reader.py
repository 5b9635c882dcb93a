"""One way into every format: bytes and a name in, lines with speakers out."""

import re

from integrations.transcripts import errors
from integrations.transcripts.cues import has_cues, read_cues
from integrations.transcripts.documents import text_of
from integrations.transcripts.encodings import decode
from integrations.transcripts.errors import Unreadable
from integrations.transcripts.fathom_json import read_json
from integrations.transcripts.turns import read_turns
from integrations.transcripts.types import UNNAMED, UNNAMED_LINES, FileTranscript

MAX_BYTES = 20_000_000
SUFFIXES = ("vtt", "srt", "txt", "docx", "json")

# First bytes of what people drop by mistake (https://en.wikipedia.org/wiki/List_of_file_signatures).
_KINDS = (
    (b"\x89PNG", errors.PICTURE),
    (b"\xff\xd8\xff", errors.PICTURE),
    (b"GIF8", errors.PICTURE),
    (b"II*\0", errors.PICTURE),
    (b"MM\0*", errors.PICTURE),
    (b"BM", errors.PICTURE),
    (b"ID3", errors.SOUND),
    (b"\xff\xfb", errors.SOUND),
    (b"OggS", errors.SOUND),
    (b"fLaC", errors.SOUND),
    (b"\x1aE\xdf\xa3", errors.SOUND),
    (b"%PDF", errors.OTHER_DOCUMENT),
    (b"{\\rtf", errors.OTHER_DOCUMENT),
    (b"\xd0\xcf\x11\xe0", errors.OTHER_DOCUMENT),
    (b"\x1f\x8b", errors.OTHER_DOCUMENT),
)
# “[Rhea Moss] 10:02:15” is none, though it begins like it.
_JSON = re.compile(r"\{|\[\s*[\[{\]]")
_CONTROLS = frozenset(range(32)) - {9, 10, 11, 12, 13, 27, 28, 29, 30, 31}
_LOOK = 4_096


def read(name: str, data: bytes) -> FileTranscript:
    """The transcript in this file, told by its content; `name` decides only between text formats.

    CPU-bound, tens of milliseconds for an hour: on an event loop call it in a thread. Raises
    Unreadable.
    """
    if not data.strip():
        raise Unreadable(errors.EMPTY)
    if len(data) > MAX_BYTES:
        raise Unreadable(errors.TOO_LARGE)
    if data.startswith(b"PK"):
        return _read_text(text_of(data), "docx")
    _refuse_other_kinds(data)
    text = decode(data)
    start = text.lstrip()[:200]
    if start.lower().startswith(("<!doctype", "<html", "<?xml")):
        raise Unreadable(errors.WEB_PAGE)
    if name.lower().endswith(".json") or _JSON.match(start):
        return _with_warnings(read_json(text))
    return _read_text(text, "vtt" if start.startswith("WEBVTT") else "srt")


def _read_text(text: str, cued: str) -> FileTranscript:
    if has_cues(text):
        found = FileTranscript(read_cues(text), cued)
    else:
        found = FileTranscript(read_turns(text), "docx" if cued == "docx" else "text")
    if not found.lines:
        raise Unreadable(errors.NO_LINES)
    return _with_warnings(found)


def _with_warnings(found: FileTranscript) -> FileTranscript:
    if all(line.speaker != UNNAMED for line in found.lines):
        return found
    return FileTranscript(
        found.lines, found.format, (*found.warnings, UNNAMED_LINES), found.title, found.guests
    )


def _refuse_other_kinds(data: bytes) -> None:
    for mark, reason in _KINDS:
        if data.startswith(mark):
            raise Unreadable(reason)
    if data[:4] == b"RIFF":
        picture = data[8:12] == b"WEBP"
        raise Unreadable(errors.PICTURE if picture else errors.SOUND)
    if data[4:8] == b"ftyp":
        raise Unreadable(errors.SOUND)
    head = data[:_LOOK]
    if not head.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")) and _CONTROLS - {0} & set(
        head
    ):
        raise Unreadable(errors.OTHER_DOCUMENT)
