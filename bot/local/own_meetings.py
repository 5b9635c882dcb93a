"""The visitor's own transcripts, handed to the sandbox in the form that Fathom would give them."""

import json
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from integrations.transcripts.errors import Unreadable
from integrations.transcripts.reader import read
from integrations.transcripts.types import FileLine, FileTranscript
from services.meetings import refusal


class NoTranscript(Exception):
    """A file that is none; the text is one sentence for the person who gave it."""


def as_fathoms_json(files: Iterable[Path], folder: Path) -> tuple[Path, ...]:
    """Each file as a .json in `folder`, in their order. NoTranscript."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, file in enumerate(files):
        path = folder / f"{number}.json"
        path.write_text(json.dumps(_meeting(file)), "utf-8")
        written.append(path)
    return tuple(written)


def _meeting(file: Path) -> object:
    """A meeting object of Fathom's API, with what the file told."""
    try:
        found = read(file.name, file.read_bytes())
    except OSError as error:
        raise NoTranscript(f"{file.name}: it cannot be read ({error.strerror}).") from error
    except Unreadable as error:
        raise NoTranscript(str(refusal(file.name, error))) from error
    return {"title": found.title or _title(file.stem), **_content(found)}


def _content(found: FileTranscript) -> dict[str, object]:
    guests = [
        {"name": one.name or None, "email": one.email or None, "is_external": one.is_external}
        for one in found.guests
    ]
    return {"calendar_invitees": guests, "transcript": [_item(line) for line in found.lines]}


def _item(line: FileLine) -> dict[str, object]:
    speaker = {
        "display_name": line.speaker,
        "matched_calendar_invitee_email": line.email or None,
    }
    at = None if line.start is None else f"{timedelta(seconds=int(line.start))}".rjust(8, "0")
    return {"speaker": speaker, "text": line.text, "timestamp": at}


def _title(stem: str) -> str:
    title = " ".join(stem.replace("_", " ").replace("-", " ").split())
    return title[:1].upper() + title[1:] or "Meeting"
