"""Fathom's JSON: a meeting of its API, or the bare list of lines (developers.fathom.ai)."""

import json
from collections.abc import Sequence

from integrations.json_fields import Record, flag, record, records, text
from integrations.transcripts.clock import seconds
from integrations.transcripts.errors import BROKEN, NO_LINES, Unreadable
from integrations.transcripts.types import UNNAMED, FileGuest, FileLine, FileTranscript


def read_json(source: str) -> FileTranscript:
    """The transcript; speakers may be objects, as Fathom writes them, or plain names."""
    try:
        document = json.loads(source)
    except (ValueError, RecursionError) as error:
        raise Unreadable(BROKEN) from error
    meeting = record(document) if isinstance(document, dict) else {"transcript": document}
    items = records(meeting.get("transcript"))
    if not items:
        raise Unreadable(NO_LINES)
    guests = records(meeting.get("calendar_invitees"))
    return FileTranscript(
        lines=tuple(_lines(items)),
        format="json",
        title=text(meeting, "title", "meeting_title"),
        guests=tuple(
            FileGuest(text(one, "name"), text(one, "email").lower(), flag(one, "is_external"))
            for one in guests
        ),
    )


def _lines(items: Sequence[Record]) -> list[FileLine]:
    lines = []
    for item in items:
        speaker = record(item.get("speaker"))
        name = text(speaker, "display_name") or text(item, "speaker") or UNNAMED
        email = text(speaker, "matched_calendar_invitee_email").lower()
        if said := " ".join(text(item, "text").split()):
            lines.append(FileLine(name, said, _start(text(item, "timestamp")), email))
    return lines


def _start(stamp: str) -> float | None:
    parts = stamp.split(":")
    whole = len(parts) in (2, 3) and all(part.replace(".", "", 1).isdecimal() for part in parts)
    return seconds(stamp) if whole else None
