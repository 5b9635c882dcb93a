"""Reads a Messages request as the model does: who met, what was said, what the sender wishes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integrations.sandbox.kit.language import language_of
from integrations.sandbox.model.wishes import Wishes, read_wishes

LEAST_LINES = 2  # without tags, fewer than this of one format is chance, not a transcript
LEAST_SPOKEN = 6  # the same of mere `Name: words`

_OPENING, _CLOSING = "<transcript>", "</transcript>"
_NUMBERED = re.compile(
    r"^\s*\[(\d+)\]\s*(?:\d{1,3}:\d{2}(?::\d{2})?\s+)?([^:\n]{1,120}?):\s+(\S.*)$"
)
_STAMPED = re.compile(
    r"^\s*[\[(]?\d{1,3}:\d{2}(?::\d{2})?[\])]?\s*[-|]?\s*([^:\n]{1,120}?):\s+(\S.*)$"
)
_SPOKEN = re.compile(r"^\s*([^\W\d_][^:\n]{0,80}?):\s+(\S.*)$")
_HELD = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2})?")
_FACT = re.compile(
    r"^\s*(?:[-*]\s*)?(title|guest|invitee|attendee|recorded by)s?\s*:\s*(.+)$", re.I
)
_ADDRESS = re.compile(r"\s*<[^>]*>")
# What transcribers call people they do not know, and what a corpus calls its people.
_PLACEHOLDER = re.compile(
    r"(?:unknown|speaker|guest|host|participant|attendee|user|ospite|partecipante|sconosciut\w)\b.*"
    r"|.*\b(?:manager|designer|interface|professor|phd|grad|undergrad|postdoc|marketing|engineer"
    r"|director|office|board|team)\b(?: [a-z\d])?|.*\d.*",
    re.I,
)
_ASIDE = re.compile(r"\s*\([^)]*\)\s*$")


@dataclass(frozen=True, slots=True)
class Utterance:
    """One line of the transcript under the number it was sent with."""

    number: int
    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody named among the meeting's facts."""

    name: str
    is_outside: bool


@dataclass(frozen=True, slots=True)
class Brief:
    """All the model knows. `spoken` is the transcript's language, `wishes.language` the "
    "answer's."""

    title: str
    held: datetime | None
    attendees: tuple[Attendee, ...]
    recorder: str
    utterances: tuple[Utterance, ...]
    spoken: str
    wishes: Wishes

    @property
    def sender(self) -> str:
        """Who will send the e-mail."""
        return self.wishes.sender or self.recorder

    @property
    def recipients(self) -> tuple[str, ...]:
        """The names of those who get the e-mail, "" for an unknown one; as asked, else guests."""
        asked = self.wishes.recipients
        return self.guests if asked is None else tuple(map(_name, asked))

    @property
    def guests(self) -> tuple[str, ...]:
        """The people met: those from outside, else whoever else spoke."""
        outside = tuple(a.name for a in self.attendees if a.is_outside and a.name)
        if outside or self.attendees:
            return outside
        speakers = dict.fromkeys(u.speaker for u in self.utterances)
        return tuple(name for name in speakers if name != self.sender)


def is_placeholder(name: str) -> bool:
    """Whether a name is only a label: `Speaker 2`, `Project Manager`."""
    return bool(_PLACEHOLDER.fullmatch(name))


def read_brief(request: Mapping[str, Any]) -> Brief:
    """The brief in a Messages request; its transcript is data and yields no wish."""
    blocks = [*_texts(request.get("system")), *_user_texts(request.get("messages") or [])]
    utterances: tuple[Utterance, ...] = ()
    facts, asked = "", blocks[-1] if blocks else ""
    tagged = any(map(_is_tagged, blocks))
    for index, block in enumerate(blocks):
        if tagged and not _is_tagged(block):
            continue  # rules and wishes have rows like a transcript's, but are none
        found, before, after = _split(block)
        if len(found) > len(utterances):
            utterances, facts = found, before
            asked = after if index == len(blocks) - 1 else blocks[-1]
    spoken = language_of(" ".join(u.text for u in utterances[:400]))
    held = _HELD.search(facts)
    return Brief(
        title=_fact(facts, "title") or "",
        held=datetime.fromisoformat(held.group()) if held else None,
        attendees=tuple(_attendees(facts)),
        recorder=_name(_fact(facts, "recorded by") or ""),
        utterances=utterances,
        spoken=spoken,
        wishes=read_wishes(asked, spoken),
    )


def _is_tagged(block: str) -> bool:
    return any(row.strip().lower() == _OPENING for row in block.splitlines())


def _texts(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    for block in content if isinstance(content, list) else ():
        if block.get("type") == "text":
            yield str(block["text"])
        elif block.get("type") == "document":
            yield str(block.get("source", {}).get("data", ""))


def _user_texts(messages: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for message in messages:
        if message.get("role") == "user":
            yield from _texts(message.get("content"))


def _split(block: str) -> tuple[tuple[Utterance, ...], str, str]:
    """The transcript inside a block, and the text before and behind it."""
    rows = block.splitlines()
    first, last = _bounds(rows)
    for pattern in (_NUMBERED, _STAMPED, _SPOKEN):
        matches = [(i, m) for i in range(first, last) if (m := pattern.match(rows[i]))]
        least = LEAST_LINES if pattern is not _SPOKEN else LEAST_SPOKEN
        if len(matches) >= (1 if first else least):
            found = tuple(_utterance(n, m) for n, (_, m) in enumerate(matches, start=1))
            head = rows[: matches[0][0]]
            return found, "\n".join(head), "\n".join(rows[matches[-1][0] + 1 :])
    return (), block, block


def _bounds(rows: list[str]) -> tuple[int, int]:
    """The rows between the tags, when the transcript is tagged."""
    opening = [i for i, row in enumerate(rows) if row.strip().lower() == _OPENING]
    closing = [i for i, row in enumerate(rows) if row.strip().lower() == _CLOSING]
    return (opening[0] + 1 if opening else 0, closing[-1] if closing else len(rows))


def _utterance(position: int, match: re.Match[str]) -> Utterance:
    groups = match.groups()
    if len(groups) == 3:
        return Utterance(int(groups[0]), groups[1].strip(), groups[2].strip())
    return Utterance(position, groups[0].strip(), groups[1].strip())


def _fact(facts: str, name: str) -> str | None:
    for row in facts.splitlines():
        match = _FACT.match(row)
        if match and match.group(1).lower() == name:
            return match.group(2).strip()
    return None


def _attendees(facts: str) -> Iterator[Attendee]:
    for row in facts.splitlines():
        match = _FACT.match(row)
        if match and match.group(1).lower() in ("guest", "invitee", "attendee"):
            yield Attendee(_name(match.group(2)), "inside the company" not in match.group(2))


def _name(text: str) -> str:
    name = _ADDRESS.sub("", _ASIDE.sub("", text)).strip()
    return "" if name == "unknown name" else name
