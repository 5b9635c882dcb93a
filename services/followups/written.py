"""What the model must answer, and how an answer becomes a draft: nothing in it is trusted."""

import re
from datetime import date, datetime, tzinfo
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from services.followups.drafts import ActionItem, CrmNote, Draft, NextMeeting, Statement
from services.phrases import Phrase
from services.prompt_text import restore

NOTE_PARTS = ("tech_stack", "pain_points", "impact", "value", "next_steps", "roadblocks")

# Line and tab; joiners of emoji and of scripts such as Persian; marks of direction.
KEPT = "\n\t\u200c\u200d\u200e\u200f"
# A phone shows about as much of a subject.
SUBJECT_LENGTH = 60
# Stands in for a subject that is nothing but the meeting's title.
WITHOUT_TITLE = Phrase("What we agreed, and what is next", "Cosa abbiamo concordato, e cosa segue")
# A title of one word (“Demo”) may well stand in a sentence; a rest of one word says nothing.
FEWEST_WORDS = 2
SEPARATORS = " :;,.|–—-·/"

Text = Annotated[str, AfterValidator(restore)]
# The parts without which there is no e-mail.
Needed = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(restore)
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class WrittenItem(_Part):
    """An action item as the model gives it."""

    text: Text
    owner: Text
    due: Text
    lines: list[int]


class WrittenNote(_Part):
    """The CRM note as the model gives it."""

    tech_stack: Text
    pain_points: Text
    impact: Text
    value: Text
    next_steps: Text
    roadblocks: Text


class WrittenMeeting(_Part):
    """The next meeting as the model gives it."""

    starts_at: Text
    topic: Text
    lines: list[int]


class WrittenStatement(_Part):
    """A statement of the e-mail with its evidence."""

    text: Text
    lines: list[int]


class DraftSchema(_Part):
    """The whole answer, in the order the model writes it."""

    subject: Needed
    body: Needed
    summary: Text
    action_items: list[WrittenItem]
    crm_note: WrittenNote
    next_meeting: WrittenMeeting | None
    evidence: list[WrittenStatement]


def to_draft(
    written: DraftSchema, *, lines: int, zone: tzinfo, title: str = "", language: str = "en"
) -> Draft:
    """A draft with real dates, line numbers that exist (1 to `lines`), and a subject to send.

    `title` is the meeting's, which no subject may give away; `language` is the e-mail's.
    """
    return Draft(
        subject=_subject(written.subject, title) or WITHOUT_TITLE(language),
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


def _subject(text: str, title: str) -> str:
    """One line without control characters and title, since it becomes a header; "" if none is left.

    At most `SUBJECT_LENGTH` long, cut between words.
    """
    subject, title = (" ".join(_plain(part).split()) for part in (text, title))
    if len(title.split()) >= FEWEST_WORDS or subject.casefold() == title.casefold():
        subject = _untitled(subject, title)
    if len(subject) <= SUBJECT_LENGTH:
        return subject
    words = subject[:SUBJECT_LENGTH].rpartition(" ")[0].rstrip(SEPARATORS)
    return f"{words or subject[: SUBJECT_LENGTH - 1]}…"


def _untitled(subject: str, title: str) -> str:
    """The subject without the title before or behind a separator; "" when it cannot be told off."""
    found = re.search(re.escape(title), subject, re.I)
    if found is None:
        return subject
    before, behind = subject[: found.start()].rstrip(), subject[found.end() :].lstrip()
    is_apart = before[-1:] in SEPARATORS and behind[:1] in SEPARATORS
    rest = f"{before}{behind}".strip(SEPARATORS)
    if not is_apart or len(rest.split()) < FEWEST_WORDS:
        return ""
    return rest[:1].upper() + rest[1:]


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
