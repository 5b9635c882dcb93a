"""What the model must answer, and how an answer becomes a draft: nothing in it is trusted."""

import re
from datetime import date, datetime, tzinfo
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from services.drafts import MAX_SUBJECT, ActionItem, CrmNote, Draft, NextMeeting, Statement

NOTE_PARTS = ("tech_stack", "pain_points", "impact", "value", "next_steps", "roadblocks")

# Line and tab; joiners of emoji and of scripts such as Persian; marks of direction.
KEPT = "\n\t\u200c\u200d\u200e\u200f"
# The parts without which there is no e-mail.
Needed = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class WrittenItem(_Part):
    """An action item as the model gives it."""

    text: str
    owner: str
    due: str
    lines: list[int]


class WrittenNote(_Part):
    """The CRM note as the model gives it."""

    tech_stack: str
    pain_points: str
    impact: str
    value: str
    next_steps: str
    roadblocks: str


class WrittenMeeting(_Part):
    """The next meeting as the model gives it."""

    starts_at: str
    topic: str
    lines: list[int]


class WrittenStatement(_Part):
    """A statement of the e-mail with its evidence."""

    text: str
    lines: list[int]


class Written(_Part):
    """The whole answer, in the order the model writes it."""

    subject: Needed
    body: Needed
    summary: str
    action_items: list[WrittenItem]
    crm_note: WrittenNote
    next_meeting: WrittenMeeting | None
    evidence: list[WrittenStatement]


def to_draft(written: Written, *, lines: int, zone: tzinfo) -> Draft:
    """A draft with real dates and with line numbers that exist (1 to `lines`)."""
    return Draft(
        subject=_subject(written.subject),
        body=_plain(written.body),
        summary=_plain(written.summary),
        crm_note=CrmNote(*(_plain(getattr(written.crm_note, part)) for part in NOTE_PARTS)),
        action_items=tuple(
            ActionItem(item.text, item.owner, _date(item.due), _lines(item.lines, lines))
            for item in written.action_items
            if item.text.strip()
        ),
        next_meeting=_next(written.next_meeting, lines, zone),
        evidence=tuple(
            Statement(statement.text, _lines(statement.lines, lines))
            for statement in written.evidence
            if statement.text.strip()
        ),
    )


def plainly(title: str, summary: str) -> Draft:
    """A draft without a model: the meeting's title and Fathom's own summary."""
    text = _plain(summary)
    return Draft(subject=_subject(title), body=text, summary=text)


def _subject(text: str) -> str:
    """One line without control characters: it becomes a header."""
    return " ".join(_plain(text).split())[:MAX_SUBJECT]


def _next(meeting: WrittenMeeting | None, lines: int, zone: tzinfo) -> NextMeeting | None:
    if meeting is None or not (shown := _lines(meeting.lines, lines)):
        return None
    try:
        starts = datetime.fromisoformat(meeting.starts_at)
    except ValueError:
        return None
    if len(meeting.starts_at) <= len("2026-01-01"):
        return NextMeeting(meeting.starts_at, meeting.topic, shown)
    aware = starts if starts.tzinfo else starts.replace(tzinfo=zone)
    return NextMeeting(aware.isoformat(timespec="minutes"), meeting.topic, shown)


def _lines(numbers: list[int], last: int) -> tuple[int, ...]:
    return tuple(sorted({number for number in numbers if 1 <= number <= last}))


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        return ""


def _plain(text: str) -> str:
    """Text as it will be shown: no control characters, no runs of empty lines."""
    clean = "".join(_shown(c) for c in text.replace("\r\n", "\n"))
    return re.sub(r"\n{3,}", "\n\n", clean).strip()


def _shown(character: str) -> str:
    if character.isprintable() or character in KEPT:
        return character
    # Spaces of other kinds are not printable to Python, yet words must not run into each other.
    return " " if character.isspace() else ""
