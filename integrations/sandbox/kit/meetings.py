"""Reads the cast's meetings, the visitor's own and the real ones into the world."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from integrations.sandbox.kit.language import language_of
from integrations.sandbox.kit.long_meeting import long_lines
from integrations.sandbox.kit.summaries import summary_of
from integrations.sandbox.kit.transcripts import (
    Recording,
    TranscriptError,
    read_recording,
    spoken_lines,
)
from integrations.sandbox.kit.world import CAST, Guest, Line, Meeting, Person, Workspace, World

FIRST_ID = 734_000_000
VISITOR_ID = 734_900_000
CORPUS_ID = 734_800_000
READY_AFTER = timedelta(minutes=3)  # Fathom needs a moment to prepare a recording
_ADDRESSED = re.compile(r"(.*?)\s*<([^<>\s]+@[^<>\s]+)>$")


@dataclass(slots=True)
class _Header:
    values: dict[str, str] = field(default_factory=dict)
    guests: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)


def add_cast(world: World, folder: Path = CAST / "meetings") -> None:
    """Adds every meeting of the cast; the number before the file name's dash makes its id."""
    for path in sorted(folder.glob("*.txt")):
        world.meetings.append(_from_cast(world, path))


def add_visitors(world: World, paths: Iterable[Path]) -> None:
    """Adds the visitor's own files as the newest meetings of today, for everybody at home."""
    for index, path in enumerate(paths):
        recording = read_recording(path)
        meeting = _given(world, recording, VISITOR_ID + index, timedelta(seconds=index))
        world.meetings.append(meeting)


def add_corpus(world: World, folder: Path) -> None:
    """Adds the real meetings of a folder, oldest last; each keeps its attribution in its title."""
    for index, path in enumerate(sorted(folder.glob("*.json"))):
        try:
            recording = read_recording(path)
        except TranscriptError:
            continue  # a folder may hold other JSON as well
        ago = timedelta(days=3 + 2 * index, hours=2)
        meeting = _given(world, recording, CORPUS_ID + index, ago)
        credit = recording.source or path.name
        title = f"Design meeting {path.stem} (AMI Meeting Corpus, CC BY 4.0)"
        world.meetings.append(
            replace(
                meeting,
                title=title,
                calendar_title=title,
                attribution=credit,
                viewers=_viewers(world.home, meeting.owner, meeting.shared_with),
            )
        )
        source = credit.partition(": ")[0]
        if source not in world.credits:
            world.credits.append(source)


def _from_cast(world: World, path: Path) -> Meeting:
    header, rows = _split(path.read_text(encoding="utf-8"))
    owner = next(p for p in world.people if p.name == header.values["owner"])
    workspace = world.workspace(owner.workspace_id) or world.home
    guests = tuple(_invited(header, owner, workspace))
    composed = header.values.get("compose")
    lines = long_lines(path.parent.parent / composed) if composed else spoken_lines(rows)
    lines = tuple(_with_email(lines, guests, owner))
    started, ended = _when(world.started_at, header, owner, lines[-1].at)
    title = header.values["title"]
    return Meeting(
        recording_id=FIRST_ID + int(path.stem.partition("-")[0]),
        title=title,
        started_at=started,
        ended_at=ended,
        created_at=min(ended + READY_AFTER, world.started_at),
        language=header.values.get("language", "en"),
        owner=owner,
        guests=guests,
        lines=lines,
        viewers=_viewers(workspace, owner, header.values.get("shared", "no_teams")),
        calendar_title=None if header.values.get("calendar") == "none" else title,
        meeting_type=header.values.get("type"),
        summary=summary_of(title, header.points),
        shared_with=header.values.get("shared", "no_teams"),
    )


def _given(world: World, recording: Recording, recording_id: int, ago: timedelta) -> Meeting:
    people = {p.real_name.casefold(): p for p in world.home.people}
    owner = world.home.people[0]
    ended = world.started_at - ago
    guests = recording.guests or tuple(_speakers(recording.lines, people))
    text = " ".join(line.text for line in recording.lines[:200])
    return Meeting(
        recording_id=recording_id,
        title=recording.title,
        started_at=ended - recording.lines[-1].at - timedelta(seconds=5),
        ended_at=ended,
        created_at=min(ended + READY_AFTER, world.started_at),
        language=language_of(text),
        owner=owner,
        guests=guests,
        lines=tuple(_with_email(recording.lines, guests, owner)),
        viewers=frozenset(p.id for p in world.home.people),
        calendar_title=recording.title,
        summary=summary_of(recording.title, [line.text for line in recording.lines[:400:80]]),
        shared_with="all_teams",
    )


def _split(text: str) -> tuple[_Header, list[str]]:
    head, _, body = text.partition("\n\n")
    header = _Header()
    for row in head.splitlines():
        name, _, value = row.partition(": ")
        if name == "guest":
            header.guests.append(value.strip())
        elif name == "point":
            header.points.append(value.strip())
        else:
            header.values[name] = value.strip()
    return header, body.splitlines()


def _invited(header: _Header, owner: Person, workspace: Workspace) -> Iterable[Guest]:
    """Whoever was on the calendar, the owner first; nobody when it was on none."""
    if header.values.get("calendar") != "none":
        yield Guest(owner.real_name, owner.email, is_external=False)
    yield from (_guest(text, workspace) for text in header.guests)


def _guest(text: str, workspace: Workspace) -> Guest:
    """`@handle`, `Name <address>`, `Name` or `<address>`, and perhaps ` declined` behind it."""
    declined = text.endswith(" declined")
    text = text.removesuffix(" declined")
    if text.startswith("@"):
        person = next(p for p in workspace.people if p.name == text[1:])
        return Guest(person.real_name, person.email, is_external=False, declined=declined)
    match = _ADDRESSED.match(text)
    name, email = match.groups() if match else (text, None)
    external = email is None or not email.endswith("@" + workspace.mail)
    return Guest(name.strip() or None, email, is_external=external, declined=declined)


def _when(
    now: datetime, header: _Header, owner: Person, length: timedelta
) -> tuple[datetime, datetime]:
    """Start and end in UTC. A meeting of today is always over, and never slips into yesterday."""
    zone = ZoneInfo(owner.tz)
    today = now.astimezone(zone).date()
    day = today - timedelta(days=int(header.values["days-ago"]))
    clock = time.fromisoformat(header.values["time"])
    start = datetime.combine(day, clock, tzinfo=zone)
    length += timedelta(seconds=20)
    if day == today and start + length > now:
        # Not yet at this hour: it just ended instead, the earlier ones longer ago.
        midnight = datetime.combine(day, time(0, 0, 1), tzinfo=zone)
        start = max(now - length - timedelta(minutes=60 - clock.hour * 2), midnight)
    start = start.astimezone(now.tzinfo)
    return start, min(start + length, max(now, start))


def _viewers(workspace: Workspace, owner: Person, shared: str) -> frozenset[str]:
    teams = {person.team for person in workspace.people} if shared == "all_teams" else set()
    if shared == "single_team":
        teams = {owner.team}
    teams.discard(None)
    return frozenset(p.id for p in workspace.people if p is owner or p.team in teams)


def _with_email(lines: Iterable[Line], guests: tuple[Guest, ...], owner: Person) -> Iterable[Line]:
    known = {g.name: g.email for g in guests if g.name and g.email}
    known[owner.real_name] = owner.email
    for line in lines:
        yield replace(line, email=line.email or known.get(line.speaker))


def _speakers(lines: Iterable[Line], people: dict[str, Person]) -> Iterable[Guest]:
    """Whoever speaks in a visitor's file was invited; strangers get an invented address."""
    for speaker in dict.fromkeys(line.speaker for line in lines):
        person = people.get(speaker.casefold())
        if person:
            yield Guest(person.real_name, person.email, is_external=False)
        else:
            slug = "".join(c if c.isalnum() and c.isascii() else "." for c in speaker.lower())
            yield Guest(speaker, f"{slug.strip('.') or 'guest'}@guests.example", is_external=True)
