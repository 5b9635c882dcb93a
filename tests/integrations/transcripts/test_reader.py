"""What people met with other readers, and files that are no transcripts."""

import io
import zipfile

import pytest
from docx import Document

from integrations.transcripts import errors
from integrations.transcripts.errors import REASONS, Unreadable
from integrations.transcripts.reader import MAX_BYTES, read
from integrations.transcripts.types import UNNAMED, UNNAMED_LINES

WORKBOOK = "xl/workbook.xml"


def said(text: str, name: str = "call.txt") -> list[tuple[str, str]]:
    return [(line.speaker, line.text) for line in read(name, text.encode()).lines]


def cues(*texts: str, head: str = "WEBVTT\n\n") -> str:
    """Cues a second apart."""
    rows = (
        f"00:00:{n:02}.000 --> 00:00:{n + 1:02}.000\n{text}\n" for n, text in enumerate(texts, 1)
    )
    return head + "\n".join(rows)


def zipped(**parts: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in parts.items():
            folder.writestr(name.replace("__", "/"), content)
    return kept.getvalue()


def test_a_sentence_with_a_colon_makes_nobody() -> None:
    text = cues(
        "Rhea Moss: Hello.",
        "The plan is: ship on Monday.",
        "Ole Frost: At 10:30.",
        "See http://acme.example.",
        "Rhea Moss: Note: not binding.",
        "Ole Frost: Good.",
    )
    assert said(text) == [
        ("Rhea Moss", "Hello."),
        ("Rhea Moss", "The plan is: ship on Monday."),
        ("Ole Frost", "At 10:30."),
        ("Ole Frost", "See http://acme.example."),
        ("Rhea Moss", "Note: not binding."),
        ("Ole Frost", "Good."),
    ]


def test_subtitles_without_speakers_stay_nobodys() -> None:
    found = read(
        "film.srt", cues("One thing: go.", "Another thing: stay.", "Done.", head="").encode()
    )
    assert {line.speaker for line in found.lines} == {UNNAMED}
    assert found.warnings == (UNNAMED_LINES,)


def test_entities_become_letters_after_the_tags_are_gone() -> None:
    assert said(cues("<v Rhea &amp; Co>R&amp;D costs &lt;b&gt; 5k&nbsp;EUR &#39;so&#39;.</v>")) == [
        ("Rhea & Co", "R&D costs <b> 5k EUR 'so'.")
    ]


def test_two_voices_in_a_cue_are_two_lines() -> None:
    text = "<v.loud Rhea Moss>Can you send it by Friday?</v>\n<v Ole Frost>Yes, I will send it.</v>"
    assert said(cues(text)) == [
        ("Rhea Moss", "Can you send it by Friday?"),
        ("Ole Frost", "Yes, I will send it."),
    ]


def test_a_voice_is_not_inherited_by_the_next_cue() -> None:
    assert said(cues("<v Rhea Moss>Hello.", "Who is this?", "<v >Me.")) == [
        ("Rhea Moss", "Hello."),
        (UNNAMED, "Who is this?"),
        (UNNAMED, "Me."),
    ]


def test_a_dialogue_with_hyphens_is_a_line_each() -> None:
    text = cues("- Rhea: Now?\n- Ole: Yes.", "- Rhea: Good.\n- Ole: Bye.")
    assert said(text) == [("Rhea", "Now?"), ("Ole", "Yes."), ("Rhea", "Good."), ("Ole", "Bye.")]


@pytest.mark.parametrize("above", ['1 "Rhea Moss" (123456)', "Rhea Moss"])
def test_the_name_may_stand_in_the_identifier(above: str) -> None:
    times = ("00:01.000 --> 00:02.000", "00:03.000 --> 00:04.000")
    text = f"WEBVTT\n\n{above}\n{times[0]}\nHello: you.\n\n{above}\n{times[1]}\nBye.\n"
    assert said(text) == [("Rhea Moss", "Hello: you."), ("Rhea Moss", "Bye.")]


def test_a_name_on_the_first_line_of_every_cue_is_its_speaker() -> None:
    turns = ("Rhea Moss\nHello", "Ole Frost\nYes, sure.", "Rhea Moss\nGood.", "Ole Frost\nBye.")
    rows = (f"0:0:{n}.0 --> 0:0:{n}.540\n{turn}\n" for n, turn in enumerate(turns, 1))
    assert said("".join(rows))[0] == ("Rhea Moss", "Hello")


def test_notes_and_styles_are_not_spoken() -> None:
    head = "WEBVTT\nKind: captions\n\nSTYLE\n::cue(v) {\ncolor: red\n}\n\n"
    text = (
        cues("Rhea: One.", head=head) + "\nNOTE by hand\nno words\n\n" + cues("Ole: Two.", head="")
    )
    assert said(text) == [("Rhea", "One."), ("Ole", "Two.")]


def test_a_sentence_over_several_cues_is_one_line() -> None:
    text = cues("Rhea: I will send", "Rhea: you the offer", "Rhea: by Friday.", "Ole: Good.")
    assert said(text)[0] == ("Rhea", "I will send you the offer by Friday.")


def test_a_time_on_a_line_of_its_own_sets_the_clock() -> None:
    text = "00:00:00\nRhea: Hello.\nOle: Hello.\n00:05:00\nRhea: Price?\nOle: Ten.\n"
    lines = read("meet.txt", text.encode()).lines
    assert [(line.text, line.start) for line in lines] == [
        ("Hello.", 0.0),
        ("Hello.", None),
        ("Price?", 300.0),
        ("Ten.", None),
    ]


@pytest.mark.parametrize(
    "opener", ["{}  0:03  ", "{} (00:03):", "[{}] 10:02:15", "{}:", "{}\n0:03"]
)
def test_a_line_of_name_and_time_opens_a_turn(opener: str) -> None:
    turns = [
        ("Rhea Moss", "Thanks. We have two topics: price and dates."),
        ("Ole Frost", "Fine."),
        ("Rhea Moss", "Good."),
        ("Ole Frost", "Bye."),
    ]
    text = "\n".join(f"{opener.format(name)}\n{words}\n" for name, words in turns)
    assert said(text + "\nTranscribed by https://otter.ai\n") == turns


def test_a_name_and_a_time_in_a_sentence_open_nothing() -> None:
    text = "Rhea Moss  0:03\nWe meet on\nMonday 10:30\nor so.\n\nOle Frost  0:15\nFine.\n"
    assert said(text)[0] == ("Rhea Moss", "We meet on Monday 10:30 or so.")


def test_what_fathom_adds_to_its_copied_text_is_not_spoken() -> None:
    text = (
        "Quarterly - November 20\nVIEW RECORDING - 31 mins (No highlights)\n\n---\n\n"
        "@0:00 - Rhea Moss (Acme)\n  We pay 20,000 euro. Note: net.\n\n0:15 - Ole Frost\n  Yes.\n"
        "  ACTION ITEM: Send it - WATCH: https://fathom.video/share/x?timestamp=1\n  Sure.\n"
    )
    assert said(text) == [
        ("Rhea Moss", "We pay 20,000 euro. Note: net."),
        ("Ole Frost", "Yes."),
        ("Ole Frost", "Sure."),
    ]


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"]
)
def test_letters_are_read_in_any_encoding(encoding: str) -> None:
    text = (
        "Zoë Núñez: Così è, “perché” no?\r\nÅke Öberg: Café à la crème, déjà vu.\r\n"
        "Zoë Núñez: Però sì.\r\nÅke Öberg: Más mañana.\r\n"
    )
    lines = read("call.txt", text.encode(encoding)).lines
    assert [line.speaker for line in lines] == ["Zoë Núñez", "Åke Öberg"] * 2
    assert lines[0].text == "Così è, “perché” no?"


def test_a_word_document_gives_tables_and_insertions_too() -> None:
    document = Document()
    document.add_paragraph("Rhea Moss: Hello.")
    document.add_table(1, 1).cell(0, 0).text = "Ole Frost: In a table."
    kept = io.BytesIO()
    document.save(kept)
    assert [line.speaker for line in read("x", kept.getvalue()).lines] == ["Rhea Moss", "Ole Frost"]


def test_fathoms_json_may_be_the_bare_list() -> None:
    lines = read(
        "x.json", b'[{"speaker": "Rhea", "text": "Hello.", "timestamp": "00:01:05"}]'
    ).lines
    assert (lines[0].speaker, lines[0].start) == ("Rhea", 65.0)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", errors.EMPTY),
        (b" \r\n\t", errors.EMPTY),
        (b"x" * (MAX_BYTES + 1), errors.TOO_LARGE),
        (b"<!DOCTYPE html><title>Sign in | Slack</title>", errors.WEB_PAGE),
        (b"\x89PNG\r\n\x1a\n....", errors.PICTURE),
        (b"\xff\xd8\xff\xe0....", errors.PICTURE),
        (b"RIFF....WEBPVP8 ", errors.PICTURE),
        (b"RIFF....WAVEfmt ", errors.SOUND),
        (b"\0\0\0\x20ftypisom....", errors.SOUND),
        (b"%PDF-1.7 ...", errors.OTHER_DOCUMENT),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", errors.OTHER_DOCUMENT),
        (b"\x01\x02\x03\x04 program", errors.OTHER_DOCUMENT),
        (b"PK\x03\x04 not really", errors.BROKEN),
        (zipped(xl__workbook_xml=""), errors.OTHER_DOCUMENT),
        (zipped(**{WORKBOOK: "<workbook/>"}), errors.SPREADSHEET),
        (zipped(**{"word/document.xml": "<w>"}), errors.BROKEN),
        (b'{"transcript": [', errors.BROKEN),
        (b"[" * 100_000, errors.BROKEN),
        (b'{"hello": "there"}', errors.NO_LINES),
        (b"WEBVTT\n\n", errors.NO_LINES),
        (b"once upon a time\nthere was nobody", errors.NO_LINES),
    ],
)
def test_what_is_no_transcript_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read("file.txt" if not data.startswith(b"[") else "file.json", data)
    assert refused.value.reason == reason
    assert reason in REASONS


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = zipped(**{"word/document.xml": "\0" * 150_000_000})
    assert len(bomb) < 1_000_000
    with pytest.raises(Unreadable) as refused:
        read("bomb.docx", bomb)
    assert refused.value.reason == errors.TOO_LARGE
