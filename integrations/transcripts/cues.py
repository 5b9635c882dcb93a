"""Cues, times on a line of their own: WebVTT, SubRip, and the document Teams makes of them.

The grammar is https://www.w3.org/TR/webvtt1, read as forgivingly as players do: cues without a
blank line between them, one-figure times, text after a blank line. Nothing said is dropped.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from integrations.transcripts.clock import TIME, seconds
from integrations.transcripts.names import TWICE, is_name, is_titled, names_among
from integrations.transcripts.types import UNNAMED, FileLine

TIMING = re.compile(rf"\s*({TIME})\s*-->\s*{TIME}(?:\s.*)?")
LONGEST_LINE = 400  # letters; a sentence over several cues becomes one line, a speech does not

_SKIPPED = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s.*)?")
# Only what WebVTT and SubRip know as tags; “3 < 4” is text.
_TAG = re.compile(
    r"</?(?:c|i|b|u|v|s|ruby|rt|lang|font|span)(?:[.\s][^<>]*)?>|<[\d:.]+>|\{\\[^{}]*\}"
)
_VOICE = re.compile(r"<v(?:\.[^\s<>]+)?(?:\s+([^<>]*))?>|</v>")
_QUOTED = re.compile(r"\d+\s+\"([^\"]+)\"(?:\s+\(\d+\))?")  # Webex
_COUNTER = re.compile(r"\d+")
_ID = re.compile(r"\S*\d\S*")
_DIALOGUE = re.compile(r"\s*(?:[-–—]|>>)\s*(?=\S)")
_SPOKEN = re.compile(r"\s*(?:[-–—]\s*|>>\s*)?[\[(]?([^:\[\]\n]{1,80}?)[\])]?\s*:\s*(.*)")
_BRACKETED = re.compile(r"\s*[\[(]([^:\[\]()]{1,60})[\])]\s+(\S.*)")
_ENDED = re.compile(r"[.!?…][\"'”’»)]*$")


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue: its identifier's own words, when it begins, and its lines of text."""

    identifier: str
    start: float
    rows: tuple[str, ...]


def has_cues(text: str) -> bool:
    """Whether there is a line of times as cues have it."""
    return any(TIMING.fullmatch(row) for row in text.splitlines() if "-->" in row)


def read_cues(text: str) -> tuple[FileLine, ...]:
    """Everything said in the cues, a line per voice; sentences over several cues are joined."""
    cues = tuple(_cues(text.splitlines()))
    return tuple(_joined(_spoken(cues)))


def _cues(rows: Sequence[str]) -> Iterator[Cue]:
    timings = [index for index, row in enumerate(rows) if "-->" in row and TIMING.fullmatch(row)]
    heads = [_head(rows, index) for index in timings]
    ends = [*heads[1:], len(rows)]
    for timing, head, end in zip(timings, heads, ends, strict=True):
        found = TIMING.fullmatch(rows[timing])
        identifier = rows[head].strip() if head < timing else ""
        yield Cue(identifier, seconds(found[1]) if found else 0.0, _payload(rows[timing + 1 : end]))


def _head(rows: Sequence[str], timing: int) -> int:
    """Where the cue of this line of times begins: at its identifier, if there is one above it."""
    above = rows[timing - 1].strip() if timing else ""
    if not above or TIMING.fullmatch(above):
        return timing
    alone = timing < TWICE or not rows[timing - 2].strip()
    counts = _COUNTER.fullmatch(above) or _QUOTED.fullmatch(above)
    named = alone and (_ID.fullmatch(above) or is_name(above))
    return timing - 1 if counts or named else timing


def _payload(rows: Sequence[str]) -> tuple[str, ...]:
    """The text up to the next cue, without notes and styles, which are blocks of their own."""
    said, skipping, after_blank = [], False, False
    for row in rows:
        if not row.strip():
            skipping, after_blank = False, True
            continue
        skipping = skipping or (after_blank and _SKIPPED.fullmatch(row) is not None)
        if not skipping:
            said.append(row.strip())
        after_blank = False
    return tuple(said)


def _spoken(cues: Sequence[Cue]) -> Iterator[FileLine]:
    voices = any("<v" in row for cue in cues for row in cue.rows)
    above = _named_above(cues)
    first = _named_first(cues) if not voices and not above else frozenset()
    names = frozenset() if voices or above or first else _labelled(cues)
    speaker = UNNAMED
    for cue in cues:
        if voices:
            yield from _voices(cue)
        elif above or first:
            yield from _whole(cue, above, first)
        else:
            for line in _dialogue(cue, names, speaker):
                speaker = line.speaker
                yield line


def _voices(cue: Cue) -> Iterator[FileLine]:
    """A line per voice; WebVTT inherits none, so text without one is nobody's."""
    text = " ".join(cue.rows)
    speaker, at = UNNAMED, 0
    for mark in _VOICE.finditer(text):
        yield from _line(speaker, text[at : mark.start()], cue.start)
        speaker, at = _clean(mark[1] or "") or UNNAMED, mark.end()
    yield from _line(speaker, text[at:], cue.start)


def _named_above(cues: Sequence[Cue]) -> frozenset[str]:
    """Speakers in the identifiers: those of Webex, or names that recur there."""
    quoted = {found[1].strip() for cue in cues if (found := _QUOTED.fullmatch(cue.identifier))}
    if quoted:
        return frozenset(quoted)
    plain = Counter(cue.identifier for cue in cues if not _ID.fullmatch(cue.identifier))
    return frozenset(name for name, times in plain.items() if times >= TWICE and is_name(name))


def _named_first(cues: Sequence[Cue]) -> frozenset[str]:
    """Names on the first line of nearly every cue, as in the documents of older Teams."""
    first = Counter(cue.rows[0] for cue in cues if len(cue.rows) > 1)
    if sum(first.values()) < 0.9 * len(cues) or len(first) * TWICE > len(cues):
        return frozenset()
    names = frozenset(name for name in first if is_name(name) and is_titled(name))
    return names if len(names) == len(first) else frozenset()


def _whole(cue: Cue, above: frozenset[str], first: frozenset[str]) -> Iterator[FileLine]:
    quoted = _QUOTED.fullmatch(cue.identifier)
    name = quoted[1].strip() if quoted else cue.identifier
    rows = cue.rows
    if rows and rows[0] in first:
        name, rows = rows[0], rows[1:]
    elif name not in above:
        rows = rows if not name or _ID.fullmatch(name) else (name, *rows)
        name = UNNAMED
    yield from _line(name, " ".join(rows), cue.start)


def _labelled(cues: Sequence[Cue]) -> frozenset[str]:
    """Who speaks by “Name: text”; a colon alone makes nobody."""
    found = (_label(_clean(row))[0] for cue in cues for row in cue.rows)
    return names_among((name for name in found if name), len(cues))


def _dialogue(cue: Cue, names: frozenset[str], speaker: str) -> Iterator[FileLine]:
    """Lines of one cue by their labels; without one the speaker stays, a dash begins anew."""
    parts: list[tuple[str, list[str]]] = []
    numbered = not cue.identifier or _ID.fullmatch(cue.identifier)
    rows = [_clean(row) for row in (cue.rows if numbered else (cue.identifier, *cue.rows))]
    dashes = sum(_DIALOGUE.match(row) is not None for row in rows) >= TWICE
    for row in rows:
        name, said = _label(row)
        if name in names:
            speaker = name
            parts.append((name, [said]))
        elif dashes and (dash := _DIALOGUE.match(row)):
            parts.append((speaker, [row[dash.end() :]]))
        elif parts:
            parts[-1][1].append(row)
        else:
            parts.append((speaker, [row]))
    for name, texts in parts:
        if whole := " ".join(filter(None, texts)):
            yield FileLine(name, whole, cue.start)


def _label(row: str) -> tuple[str, str]:
    found = _SPOKEN.fullmatch(row) or _BRACKETED.fullmatch(row)
    return (found[1].strip(), found[2].strip()) if found else ("", row)


def _line(speaker: str, text: str, start: float) -> Iterator[FileLine]:
    if said := _clean(text):
        yield FileLine(speaker, said, start)


def _clean(text: str) -> str:
    """Without tags, then with entities as letters: the other way round “&lt;b&gt;” would go too."""
    return " ".join(html.unescape(_TAG.sub("", text)).split())


def _joined(lines: Iterator[FileLine]) -> Iterator[FileLine]:
    held: FileLine | None = None
    for line in lines:
        goes_on = (
            held is not None
            and held.speaker == line.speaker
            and not _ENDED.search(held.text)
            and len(held.text) + len(line.text) < LONGEST_LINE
        )
        if held is not None and goes_on:
            held = FileLine(held.speaker, f"{held.text} {line.text}", held.start)
        else:
            if held is not None:
                yield held
            held = line
    if held is not None:
        yield held
