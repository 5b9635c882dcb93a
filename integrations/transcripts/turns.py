"""Text as people export and copy it: Otter, Meet, Webex, Teams, Zoom, Fathom, and “Name: text”.

A file has one layout: that which opens the most turns. So a name and a time in somebody's sentence
open nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from integrations.transcripts.clock import SPELLED, TIME, seconds
from integrations.transcripts.names import is_name, is_titled, names_among
from integrations.transcripts.types import UNNAMED, FileLine

_T = rf"({TIME}|{SPELLED})"
_STAMP = rf"[\[(]?{_T}[\])]?"
# Layouts whose turns have a line of their own for name and time: the groups “name” and “at”.
_HEADS = (
    # Zoom: [Rhea Moss] 10:02:15
    re.compile(rf"\s*\[(?P<name>[^\[\]]+)\]\s+(?P<at>{TIME})\s*"),
    # Fathom: 0:03 - Rhea Moss (Acme)
    re.compile(rf"\s*@?(?P<at>{TIME})\s+[-–—]\s+(?P<name>[^:]+?)\s*"),
    # Otter: Rhea Moss  0:03 · Teams: Rhea Moss   0:03 · Rhea Moss (00:03): · Rhea Moss | 0:03
    re.compile(
        rf"\s*(?P<name>[^:|]+?)\s*(?:\s|[-–—|,·])\s*[\[(]?(?P<at>{TIME}|{SPELLED})[\])]?:?\s*"
    ),
    # 00:03 Rhea Moss, the text below it
    re.compile(rf"\s*[\[(]?(?P<at>{TIME})[\])]?\s+(?P<name>[^:]+?):?\s*"),
)
_ALONE = re.compile(rf"\s*{_STAMP}\s*(?:{TIME})?\s*")
_LABEL = re.compile(
    rf"\s*(?:[\[(]?(?P<before>{TIME})[\])]?\s*[-–—]?\s*)?(?:[-–—]\s+)?\[?(?P<name>[^:\[\]]{{1,80}}?)\]?\s*"
    rf"(?:[\[(](?P<behind>{TIME})[\])])?\s*(?:(?<!\d)[:：]|[:：](?!\d))(?!//)\s*(?P<text>.*)"
)
# What tools write around the words: never said by anybody.
_FRAME = re.compile(
    r"\s*(?:VIEW RECORDING\b.*|(?:ACTION ITEM|SCREEN SHARING|HIGHLIGHT)\s*:.*\bWATCH:.*|"
    r"Transcribed by https?://\S+.*|Meeting ended after [\d:]+.*|"
    r"This editable transcript was computer generated.*|-{3,}|={3,}|_{3,}|"
    r".+ (?:started|stopped) transcription|Transcript|Attendees|Trascrizione|Partecipanti)\s*",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?…][\"'”’»)]*\s*$")
_COMPANY = re.compile(r"\s*\([^()]*\)$")
_CLOCK = re.compile(r"\d:\d|\d second")
TWO = 2
LONGEST_HEAD = 120
LONGEST_FRAME = 1_000
# A first time beyond this is a clock on the wall, not a place in the recording.
WALL_CLOCK = 5 * 3_600.0


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the file: opens a turn when it has a speaker."""

    text: str
    speaker: str = ""
    start: float | None = None
    blank: bool = False


def read_turns(text: str) -> tuple[FileLine, ...]:
    """The lines; none when nothing in the text says who speaks."""
    raw = [row.strip() for row in text.splitlines()]
    rows = _laid_out(raw)
    if not any(row.speaker for row in rows):
        return ()
    lines = _lines(rows)
    first = next((line.start for line in lines if line.start is not None), 0.0)
    if first >= WALL_CLOCK:
        lines = [replace(x, start=_since(x.start, first)) for x in lines]
    return tuple(lines)


def _since(start: float | None, first: float) -> float | None:
    return None if start is None else (start - first) % (24 * 3_600)


def _laid_out(raw: Sequence[str]) -> list[_Row]:
    """The file in the layout that opens the most turns."""
    plain = [_plain(row) for row in raw]
    ways = [_with_heads(raw, plain, head) for head in _HEADS]
    ways += [_with_names_above(plain), _with_labels(raw, plain)]
    counts = [sum(bool(row.speaker) for row in rows) for rows in ways]
    return ways[counts.index(max(counts))]


def _plain(row: str) -> _Row:
    if not row or (len(row) <= LONGEST_FRAME and _FRAME.fullmatch(row)):
        return _Row("", blank=True)
    alone = _ALONE.fullmatch(row) if len(row) <= LONGEST_HEAD else None
    return _Row("", start=seconds(alone[1])) if alone else _Row(" ".join(row.split()))


def _with_heads(raw: Sequence[str], plain: Sequence[_Row], head: re.Pattern[str]) -> list[_Row]:
    heads = [
        match if (match := _headed(head, row)) and is_name(match["name"]) else None for row in raw
    ]
    # Where some are written as names are, only those open a turn.
    titled = [match if match and is_titled(match["name"]) else None for match in heads]
    found = titled if any(titled) else heads
    if sum(match is not None for match in found) < TWO:
        return []
    return [
        _Row("", _bare(match["name"]), seconds(match["at"])) if match else row
        for match, row in zip(found, plain, strict=True)
    ]


def _headed(head: re.Pattern[str], row: str) -> re.Match[str] | None:
    """Asked of short rows only: nobody's name fills a paragraph."""
    short = len(row) <= LONGEST_HEAD and _CLOCK.search(row)
    return head.fullmatch(row) if short else None


def _with_names_above(plain: Sequence[_Row]) -> list[_Row]:
    """A name on one line, its time on the next."""
    rows = list(plain)
    openers = 0
    for index, row in enumerate(rows[:-1]):
        below = rows[index + 1]
        if row.text and below.start is not None and not below.text and _person(row.text):
            rows[index] = _Row("", _bare(row.text), below.start)
            rows[index + 1] = _Row("", blank=True)
            openers += 1
    return rows if openers >= TWO else []


def _with_labels(raw: Sequence[str], plain: Sequence[_Row]) -> list[_Row]:
    rows = list(plain)
    # Where there is no colon there is no label.
    asked = [
        bool(one.text) and (":" in row or "：" in row) for row, one in zip(raw, rows, strict=True)
    ]
    found = [_LABEL.fullmatch(row) if ask else None for row, ask in zip(raw, asked, strict=True)]
    names = names_among(
        (match["name"].strip() for match in found if match), sum(bool(row.text) for row in rows)
    )
    for index, match in enumerate(found):
        if match and (name := match["name"].strip()) in names:
            at = match["before"] or match["behind"]
            said = " ".join(match["text"].split())
            rows[index] = _Row(said, _bare(name), seconds(at) if at else None)
    return rows


def _person(text: str) -> bool:
    return is_name(text) and is_titled(text)


def _bare(name: str) -> str:
    """Without the company that Fathom adds."""
    return _COMPANY.sub("", name.strip()) or name.strip()


def _lines(rows: Sequence[_Row]) -> list[FileLine]:
    """A line per paragraph. Above the first turn a sentence is nobody's, the rest a heading."""
    lines: list[FileLine] = []
    speaker, start, held, begun = UNNAMED, None, False, False
    for row in rows:
        if row.speaker:
            begun, speaker, held = True, row.speaker, False
            start = row.start if row.start is not None else start
        elif row.blank:
            held = False
        elif row.start is not None:
            start, held = row.start, False
        if not row.text or (not begun and not _SENTENCE.search(row.text)):
            continue
        if held:
            lines[-1] = replace(lines[-1], text=f"{lines[-1].text} {row.text}")
        else:
            lines.append(FileLine(speaker, row.text, start))
            start, held = None, True
    return lines
