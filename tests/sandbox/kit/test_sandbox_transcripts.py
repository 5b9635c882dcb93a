"""A visitor's own meeting as Fathom's JSON, and the lines of the cast's."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from integrations.sandbox.kit.meetings import add_cast, add_corpus, add_visitors
from integrations.sandbox.kit.transcripts import (
    Recording,
    TranscriptError,
    read_recording,
    spoken_lines,
)
from integrations.sandbox.kit.world import empty_world
from tests.sandbox.outside_stage import NOON, SHARED

TEXT = """Ada Rossi: Good morning.
Bo Berg: Morning. Two things:
one is the price.

[00:01:05] Ada Rossi: Then the date.
"""


MINE = json.dumps(
    [
        {"speaker": "Ada Whitfield", "text": "Ciao."},
        {"speaker": "Paolo Neri", "text": "Ti mando il preventivo."},
    ]
)


def read(folder: Path, name: str, text: str) -> Recording:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_recording(path)


def said(recording: Recording) -> list[tuple[str, str]]:
    return [(line.speaker, line.text) for line in recording.lines]


def test_the_casts_text_keeps_continued_lines_and_given_times() -> None:
    lines = spoken_lines(TEXT.splitlines())
    assert (lines[1].speaker, lines[1].text) == (
        "Bo Berg",
        "Morning. Two things: one is the price.",
    )
    assert lines[2].at == timedelta(minutes=1, seconds=5)
    assert lines[1].at > lines[0].at


@pytest.mark.parametrize(
    ("stem", "title"), [("Call with ACME", "Call with ACME"), ("es2004-a_q", "Es2004 a q")]
)
def test_a_title_keeps_the_letters_of_the_file_name(tmp_path: Path, stem: str, title: str) -> None:
    assert read(tmp_path, f"{stem}.json", MINE).title == title


def test_fathoms_json_keeps_title_guests_and_addresses(tmp_path: Path) -> None:
    document = {
        "title": "Kick-off",
        "calendar_invitees": [{"name": "Bo", "email": "bo@berg.example", "is_external": True}],
        "transcript": [
            {
                "speaker": {"display_name": "Bo", "matched_calendar_invitee_email": "bo@b.example"},
                "text": "Hello.",
                "timestamp": "00:01:00",
            }
        ],
    }
    recording = read(tmp_path, "x.json", json.dumps(document))
    assert recording.title == "Kick-off"
    assert recording.guests[0].email == "bo@berg.example"
    assert recording.lines[0].email == "bo@b.example"
    assert recording.lines[0].at == timedelta(minutes=1)


def test_the_corpus_marks_and_detached_stops_are_cleaned(tmp_path: Path) -> None:
    rows = [
        {"speaker": "A", "text": "{vocalsound} Are we {disfmarker} allowed , I think ?"},
        {"speaker": "B", "text": "{vocalsound}"},
    ]
    recording = read(tmp_path, "x.json", json.dumps({"transcript": rows}))
    assert said(recording) == [("A", "Are we allowed, I think?")]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.json", '{"transcript": []}', "no spoken line"),
        ("a.json", "{", "not valid JSON"),
        ("a.json", '{"a": 1}', "no “transcript” list"),
    ],
)
def test_a_bad_file_is_answered_with_one_sentence(
    tmp_path: Path, name: str, text: str, says: str
) -> None:
    with pytest.raises(TranscriptError, match=says):
        read(tmp_path, name, text)


def test_a_missing_and_a_binary_file_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(TranscriptError, match="cannot be read"):
        read_recording(tmp_path / "none.json")
    (tmp_path / "b.json").write_bytes(b"\xff\xfe\x00Ada: x")
    with pytest.raises(TranscriptError, match="not UTF-8"):
        read_recording(tmp_path / "b.json")


def test_the_visitors_meeting_is_everybodys_newest(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(MINE, "utf-8")
    world = empty_world(NOON)
    add_cast(world)
    add_visitors(world, [path])
    for person in world.home.people:
        newest = world.meetings_of(person)[0]
        assert newest.title == "Mine"
        assert newest.language == "it"
    assert [(g.name, g.email, g.is_external) for g in newest.guests] == [
        ("Ada Whitfield", "ada@altamarea.example", False),
        ("Paolo Neri", "paolo.neri@guests.example", True),
    ]


@pytest.mark.skipif(not (SHARED / "meetings").is_dir(), reason="no ../shared/meetings here")
def test_real_meetings_keep_their_attribution() -> None:
    world = empty_world(NOON)
    add_corpus(world, SHARED / "meetings")
    assert len(world.meetings) == 4
    for meeting in world.meetings:
        assert "AMI Meeting Corpus, CC BY 4.0" in meeting.title
        assert "CC BY 4.0" in meeting.attribution
        assert not any("{" in line.text for line in meeting.lines)
    assert world.credits == ["AMI Meeting Corpus (CC BY 4.0) through QMSum (MIT)"]
