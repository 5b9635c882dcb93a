"""What was said in the cast's meetings, and in files of Fathom's JSON (the AMI corpus too)."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from integrations.sandbox.kit.errors import SetupError
from integrations.sandbox.kit.world import Guest, Line

PACE = 2.6  # words a second, for files without times
PAUSE = 1.0  # seconds between two utterances, for files without times
MOST_BYTES = 20_000_000

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?"
_STAMPED = re.compile(rf"^\s*[\[(]?{_TIME}[\])]?\s*[-\u2013\u2014]?\s*(.*)$")
_SPOKEN = re.compile(r"^\s*([^:\n]{1,80}?)\s*:\s+(\S.*)$")
_NOISE = re.compile(r"\{[a-z]+\}")
_BEFORE_STOP = re.compile(r"\s+([,.?!;:])")


class TranscriptError(SetupError):
    """A file that is no transcript; the text is one sentence for the person who gave it."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What a file told about a meeting; empty where it said nothing."""

    title: str
    lines: tuple[Line, ...]
    guests: tuple[Guest, ...] = ()
    source: str = ""


def read_recording(path: Path) -> Recording:
    """The recording in this file. TranscriptError: one sentence on what is wrong."""
    recording = _json(path.stem, _text_of(path))
    if not recording.lines:
        raise TranscriptError(f"{path.name}: no spoken line was found in it.")
    return recording


def spoken_lines(rows: Iterable[str]) -> tuple[Line, ...]:
    """Lines of `HH:MM:SS Speaker: text` or `Speaker: text`; others continue the line before."""
    return tuple(_timed(_utterances(rows)))


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise TranscriptError(f"{path.name}: it is larger than 20 MB.")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise TranscriptError(f"{path.name}: it cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise TranscriptError(f"{path.name}: it is not UTF-8 text.") from error


def _json(stem: str, text: str) -> Recording:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise TranscriptError(f"{stem}.json: it is not valid JSON ({error}).") from error
    if isinstance(document, list):
        document = {"transcript": document}
    items = document.get("transcript") if isinstance(document, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise TranscriptError(f"{stem}.json: it has no “transcript” list as Fathom's JSON has.")
    return Recording(
        title=str(document.get("title") or document.get("meeting_title") or _title(stem)),
        lines=tuple(_timed(map(_item, items))),
        guests=tuple(map(_guest, document.get("calendar_invitees") or [])),
        source=str(document.get("source") or ""),
    )


def _utterances(rows: Iterable[str]) -> Iterator[tuple[float | None, str, str, str | None]]:
    held: tuple[float | None, str, str, str | None] | None = None
    for row in filter(str.strip, rows):
        stamped = _STAMPED.match(row)
        at = _seconds(stamped)
        spoken = _SPOKEN.match(stamped.group(5) if stamped else row)
        if spoken:
            if held:
                yield held
            held = (at, spoken.group(1), spoken.group(2).strip(), None)
        elif held:
            held = (held[0], held[1], f"{held[2]} {row.strip()}", None)
    if held:
        yield held


def _timed(parts: Iterable[tuple[float | None, str, str, str | None]]) -> Iterator[Line]:
    """Gives a time to what has none, by the usual pace of speech; drops what is only noise."""
    clock = 0.0
    for at, speaker, text, email in parts:
        said = _clean(text)
        if not said:
            continue
        clock = clock if at is None else at
        yield Line(timedelta(seconds=int(clock)), speaker, said, email)
        clock += len(said.split()) / PACE + PAUSE


def _item(item: Mapping[str, Any]) -> tuple[float | None, str, str, str | None]:
    speaker = item.get("speaker")
    email = None
    if isinstance(speaker, dict):
        email = speaker.get("matched_calendar_invitee_email")
        speaker = speaker.get("display_name")
    stamp = _STAMPED.match(str(item.get("timestamp") or ""))
    return _seconds(stamp), str(speaker or "Speaker"), str(item.get("text") or ""), email


def _guest(item: Mapping[str, Any]) -> Guest:
    return Guest(item.get("name"), item.get("email"), bool(item.get("is_external", True)))


def _seconds(match: re.Match[str] | None) -> float | None:
    if match is None:
        return None
    hours, minutes, seconds = (int(match.group(i) or 0) for i in (1, 2, 3))
    return hours * 3600 + minutes * 60 + seconds


def _clean(text: str) -> str:
    """Without the AMI corpus' marks ({vocalsound} and the like) and its detached stops."""
    return " ".join(_BEFORE_STOP.sub(r"\1", _NOISE.sub(" ", text)).split()).lstrip(" ,.;:")


def _title(stem: str) -> str:
    title = re.sub(r"[_\-]+", " ", stem).strip()
    return title[:1].upper() + title[1:] or "Meeting"
