"""Fathom's objects in our words, however incomplete they come (contract A5)."""

import re
from datetime import timedelta
from operator import attrgetter

from integrations.fathom.types import Invitee, Recording, TranscriptLine
from integrations.json_fields import Record, flag, moment, record, records, text, whole

TIMESTAMP = re.compile(r"(?:(\d{1,6}):)?(\d{1,6}):(\d{1,2})(?:\.\d+)?")  # HH:MM:SS, hours optional


def read_recording(item: Record) -> Recording | None:
    """A Meeting object; None without an id or any time."""
    recording_id = whole(item, "recording_id")
    started = moment(item, "recording_start_time", "scheduled_start_time", "created_at")
    if recording_id is None or started is None:
        return None
    ended = moment(item, "recording_end_time", "scheduled_end_time") or started
    return Recording(
        recording_id=recording_id,
        title=text(item, "title", "meeting_title"),
        url=text(item, "url"),
        share_url=text(item, "share_url"),
        created_at=moment(item, "created_at") or ended,
        started_at=started,
        ended_at=max(started, ended),
        language=text(item, "transcript_language"),
        invitees=tuple(_invitee(row) for row in records(item.get("calendar_invitees"))),
        recorded_by=_invitee(record(item.get("recorded_by"))),
        shared=text(item, "shared_with") not in ("", "no_teams"),
    )


def _invitee(row: Record) -> Invitee:
    name = text(row, "name", "matched_speaker_display_name")
    return Invitee(name, text(row, "email").lower(), flag(row, "is_external"))


def read_lines(items: tuple[Record, ...]) -> tuple[TranscriptLine, ...]:
    """TranscriptItem objects in the order of time."""
    lines = []
    at = timedelta(0)
    for item in items:
        speaker = record(item.get("speaker"))
        at = _offset(text(item, "timestamp"), otherwise=at)
        email = text(speaker, "matched_calendar_invitee_email").lower()
        lines.append(TranscriptLine(text(speaker, "display_name"), email, text(item, "text"), at))
    return tuple(sorted(lines, key=attrgetter("at")))


def _offset(timestamp: str, *, otherwise: timedelta) -> timedelta:
    match = TIMESTAMP.fullmatch(timestamp)
    if match is None:
        return otherwise
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)
