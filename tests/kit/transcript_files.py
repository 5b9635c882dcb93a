"""One conversation as each meeting tool would write it down: files for tests and benchmarks."""

import html
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from docx import Document


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody's words, so many seconds from the start."""

    speaker: str
    at: int
    text: str


CALL = (
    Said("Rhea Moss", 3, "Thanks for the time. We have two topics: price and dates."),
    Said("Ole Frost", 15, "Fine by me."),
    Said("Rhea Moss", 21, "I will send you the offer by Friday."),
    Said("Ole Frost", 29, "Our budget is 20,000 euro. See http://acme.example for the rest."),
)

Written = tuple[str, bytes]
Writer = Callable[[Sequence[Said]], Written]


def stamp(at: int, *, mark: str = ".") -> str:
    """HH:MM:SS and thousandths."""
    return f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}{mark}000"


def short(at: int) -> str:
    """M:SS, or H:MM:SS beyond an hour."""
    hours = f"{at // 3600}:{at // 60 % 60:02}" if at >= 3600 else f"{at // 60}"
    return f"{hours}:{at % 60:02}"


def teams_vtt(call: Sequence[Said]) -> Written:
    """Voice tags and ids."""
    cues = (
        f"a1b2-{n}/{n}-0\n{_span(one)}\n<v {html.escape(one.speaker)}>{html.escape(one.text)}</v>\n"
        for n, one in enumerate(call)
    )
    return "teams.vtt", ("WEBVTT\n\n" + "\n".join(cues)).encode()


def zoom_vtt(call: Sequence[Said]) -> Written:
    """Numbers, and names before a colon."""
    cues = (
        f"{n}\n{_span(one)}\n{html.escape(one.speaker)}: {html.escape(one.text)}\n"
        for n, one in enumerate(call, 1)
    )
    return "GMT20261120-1000_Recording.transcript.vtt", (
        "WEBVTT\r\n\r\n" + "\n".join(cues)
    ).encode()


def webex_vtt(call: Sequence[Said]) -> Written:
    """The speaker in the identifier."""
    cues = (
        f'{n} "{one.speaker}" (29{n % 7})\n{_span(one)}\n{html.escape(one.text)}\n'
        for n, one in enumerate(call, 1)
    )
    return "webex.vtt", ("WEBVTT\n\n" + "\n".join(cues)).encode()


def srt(call: Sequence[Said]) -> Written:
    """SubRip without blank lines between cues, with Windows' ends of lines."""
    cues = (
        f"{n}\r\n{_span(one, ',')}\r\n{one.speaker}: {html.escape(one.text, quote=False)}\r\n"
        for n, one in enumerate(call, 1)
    )
    return "call.srt", "".join(cues).encode("utf-16")


def otter_txt(call: Sequence[Said]) -> Written:
    """Name and time on a line of their own."""
    turns = (f"{one.speaker}  {short(one.at)}  \n{one.text}\n" for one in call)
    return "otter.txt", ("\n".join(turns) + "\nTranscribed by https://otter.ai\n").encode()


def teams_txt(call: Sequence[Said]) -> Written:
    """As copied: name, time spelled out, text."""
    turns = (
        f"{one.speaker}\n{one.at // 60} minutes {one.at % 60} seconds\n{one.text}\n" for one in call
    )
    return "teams.txt", "".join(turns).encode()


def zoom_txt(call: Sequence[Said]) -> Written:
    """Names in brackets, the time of day."""
    turns = (f"[{one.speaker}] {stamp(one.at + 36_000)[:8]}\n{one.text}\n" for one in call)
    return "zoom.txt", "\n".join(turns).encode()


def webex_txt(call: Sequence[Said]) -> Written:
    """Time and name, the text below."""
    turns = (f"{stamp(one.at)[:8]} {one.speaker}\n{one.text}\n" for one in call)
    return "webex.txt", "\n".join(turns).encode()


def meet_txt(call: Sequence[Said]) -> Written:
    """Times now and then on lines of their own, “Name: text” between them."""
    rows = ["Weekly (2026-11-20 10:00 GMT+1) - Transcript", "Attendees"]
    rows += [", ".join(dict.fromkeys(one.speaker for one in call)), "Transcript"]
    for one in call:
        rows += [stamp(one.at)[:8], f"{one.speaker}: {one.text}"]
    return "meet.txt", "\n".join([*rows, "Meeting ended after 00:33:40"]).encode()


def fathom_txt(call: Sequence[Said]) -> Written:
    """As copied from Fathom's page."""
    head = (
        "Quarterly - November 20\nVIEW RECORDING - 31 mins: https://fathom.video/share/x\n\n---\n"
    )
    turns = (f"\n{short(one.at)} - {one.speaker} (Acme)\n  {one.text}\n" for one in call)
    return "fathom.txt", (head + "".join(turns)).encode()


def plain_txt(call: Sequence[Said]) -> Written:
    """“Name: text”, and a time before it."""
    return "notes.txt", "\n".join(f"[{short(x.at)}] {x.speaker}: {x.text}" for x in call).encode()


def teams_docx(call: Sequence[Said]) -> Written:
    """A paragraph per turn: name and time, a break, the text."""
    document = Document()
    document.add_heading("Weekly call-20261120_100000-Meeting Recording")
    for one in call:
        paragraph = document.add_paragraph()
        paragraph.add_run(one.speaker)
        paragraph.add_run(f"   {short(one.at)}").add_break()
        paragraph.add_run(one.text)
    return "teams.docx", _saved(document)


def meet_docx(call: Sequence[Said]) -> Written:
    """The document that Meet leaves in Drive, as Word."""
    document = Document()
    for row in meet_txt(call)[1].decode().splitlines():
        document.add_paragraph(row)
    return "meet.docx", _saved(document)


def fathom_json(call: Sequence[Said]) -> Written:
    """A meeting of Fathom's API."""
    items = [
        {"speaker": {"display_name": x.speaker}, "text": x.text, "timestamp": stamp(x.at)[:8]}
        for x in call
    ]
    return "fathom.json", json.dumps({"title": "Kick-off", "transcript": items}).encode()


WRITERS: tuple[Writer, ...] = (
    *(teams_vtt, zoom_vtt, webex_vtt, srt, otter_txt, teams_txt, zoom_txt, webex_txt),
    *(meet_txt, fathom_txt, plain_txt, teams_docx, meet_docx, fathom_json),
)


def _span(one: Said, mark: str = ".") -> str:
    return f"{stamp(one.at, mark=mark)} --> {stamp(one.at + 4, mark=mark)}"


def _saved(document: object) -> bytes:
    kept = io.BytesIO()
    document.save(kept)  # type: ignore[attr-defined] # python-docx types only its factory
    return kept.getvalue()
