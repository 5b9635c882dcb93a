"""Nothing that was said is lost, whichever tool wrote it down."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.transcripts.reader import read
from tests.kit.transcript_files import CALL, WRITERS, Said, Writer

NAMES = ("Rhea Moss", "Ole Frost", "Zoë d'Arc", "Jean-Luc O'Neil", "Dr. Ada Rossi", "Łukasz Żak")
# Also what looks like more than a word: colons, times, addresses, entities, tags, numbers alone.
WORDS = (
    *(
        "we",
        "send",
        "it",
        "by",
        "Friday:",
        "at",
        "10:30",
        "http://acme.example/a?b=c",
        "R&D",
        "&amp;",
    ),
    *(
        "<",
        "3",
        "42",
        "Note:",
        "The",
        "plan",
        "is:",
        "è",
        "€20,000",
        "...",
        "-",
        "—",
        "NB:",
        "Ciao!",
    ),
    *(
        "{",
        "}",
        "[sic]",
        "(yes)",
        "日本",
        "a|b",
        "“ok”",
        "I'll",
        "x@y.example",
        "<b",
        "**",
        "WEBVTT",
    ),
)
TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)


@st.composite
def calls(draw: st.DrawFn) -> tuple[Said, ...]:
    """Two to four people who take turns; everybody speaks twice at least."""
    people = draw(st.permutations(NAMES))[: draw(st.integers(2, 4))]
    rounds = draw(st.integers(2, 5))
    at, said = 0, []
    for speaker in people * rounds:
        at += draw(st.integers(1, 300))
        # A turn opens with a word that is no frame of a format.
        said.append(Said(speaker, at, f"Well {draw(TEXT)} indeed."))
    return tuple(said)


def words_by_speaker(call: tuple[Said, ...]) -> Counter[tuple[str, str]]:
    return Counter((one.speaker, word) for one in call for word in one.text.split())


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
@settings(max_examples=30, deadline=None)
@given(call=calls())
def test_every_word_stands_in_its_speakers_lines(
    write: Writer,
    call: tuple[Said, ...],
) -> None:
    found = read(*write(call))
    heard = Counter((line.speaker, word) for line in found.lines for word in line.text.split())
    assert heard == words_by_speaker(call)


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_times_are_those_of_the_file(write: Writer) -> None:
    found = read(*write(CALL))
    given_times = [one.at for one in CALL]
    shift = given_times[0] - (found.lines[0].start or 0)
    assert [line.start + shift for line in found.lines if line.start is not None] == given_times
    assert found.speakers == ("Rhea Moss", "Ole Frost")
