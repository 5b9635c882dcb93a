"""Who speaks in a transcript, and what is odd about it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from integrations.transcripts.types import FileLine
from services.meetings.spoken import Spoken

BOTH = 2
PACE = 2.6  # words a second, where a file has no times
_GREETING = (
    r"\b(?:hi|hello|hey|thanks|thank you|good morning|good afternoon|ciao|grazie|buongiorno|salve)"
    r",? (?:a lot,? |mille,? |so much,? )?{name}\b"
)


@dataclass(frozen=True, slots=True)
class FileSpeaker:
    """Somebody in a file: how many lines they have, and the first words, to be known again by."""

    name: str
    lines: int
    first: str


@dataclass(frozen=True, slots=True)
class SpeakerDoubt:
    """Somebody who greets or thanks their own name; `can_swap` when there are two speakers."""

    speaker: str
    words: str
    can_swap: bool


def speakers_of(spoken: Iterable[Spoken]) -> tuple[FileSpeaker, ...]:
    """Everybody who speaks, by their number of lines, the most first."""
    found: dict[str, FileSpeaker] = {}
    for line in spoken:
        known = found.get(line.speaker)
        first = known.first if known else line.text
        found[line.speaker] = FileSpeaker(line.speaker, known.lines + 1 if known else 1, first)
    return tuple(sorted(found.values(), key=lambda one: -one.lines))


def timed(lines: Iterable[FileLine]) -> tuple[Spoken, ...]:
    """The lines with numbers from 1, and times by the usual pace where the file has none."""
    spoken, clock = [], 0.0
    for number, line in enumerate(lines, start=1):
        clock = clock if line.start is None else line.start
        spoken.append(Spoken(number, line.speaker, line.text, timedelta(seconds=int(clock))))
        clock += len(line.text.split()) / PACE
    return tuple(spoken)


def named(spoken: Iterable[Spoken], shown: Mapping[str, str]) -> tuple[Spoken, ...]:
    """The same lines under the names that their owner gave the speakers."""
    return tuple(
        Spoken(one.number, shown.get(one.speaker, one.speaker), one.text, one.at) for one in spoken
    )


def speaks_to_oneself(spoken: Sequence[Spoken]) -> SpeakerDoubt | None:
    """The first line in which somebody greets or thanks their own name: two may be swapped."""
    two = len({line.speaker for line in spoken}) == BOTH
    patterns: dict[str, re.Pattern[str]] = {}
    for line in spoken:
        name = line.speaker.split()[0] if line.speaker.split() else ""
        if len(name) < 2 or not name.isalpha():
            continue
        if name not in patterns:
            patterns[name] = re.compile(_GREETING.format(name=re.escape(name)), re.IGNORECASE)
        if patterns[name].search(line.text):
            return SpeakerDoubt(line.speaker, line.text, can_swap=two)
    return None
