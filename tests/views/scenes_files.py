"""The modals of a transcript that somebody brings, in every state they can be in."""

from datetime import datetime
from zoneinfo import ZoneInfo

from integrations.transcripts import errors
from services.connections.connections import FATHOM, NO_FATHOM
from services.errors import Disconnected
from services.meetings import FileSpeaker, SpeakerDoubt, TranscriptFile, too_large
from services.meetings.history import Guest
from services.meetings.reading import KINDS, REFUSALS
from tests.views import samples as some
from tests.views.scenes import Given, Scene, given
from views.kit.controls import Choice
from views.kit.text import name
from views.slack.followups import files, options, picker
from views.slack.followups.options import Form

NAME = "GMT20261120-100000_Recording.transcript.vtt"
SPEAKERS = (
    FileSpeaker("Carol *Diaz*", 41, "Thanks for the time. We have two topics: price and dates."),
    FileSpeaker("Speaker 2", 1, "Fine & good."),
)
WORDS = "Thanks, Carol, for the offer."
# What people called their files and said in them.
SHOWN = (NAME, name(NAME), name(NAME, 40), WORDS, "Carol", *(one.first for one in SPEAKERS))
GUESTS = (Guest("Carol *Diaz*", "carol@acme.example", is_external=True),)


def file(**more: object) -> TranscriptFile:
    """A file of two speakers, as it was read."""
    held = datetime(2026, 11, 20, 11, tzinfo=ZoneInfo("Europe/Rome"))
    facts = {"title": "Weekly call", "own": "", "held": held, "guests": GUESTS, **more}
    speakers = facts.pop("speakers", SPEAKERS)
    return TranscriptFile(-7, NAME, speakers=speakers, **facts)  # type: ignore[arg-type] # by name


def crowd() -> tuple[FileSpeaker, ...]:
    """More speakers than have a field each."""
    return tuple(FileSpeaker(f"Voice {n}", 20 - n, f"Words of {n}.") for n in range(1, 13))


def _meeting(language: str, own: str | None = None, **more: object) -> Given:
    return given(file(**more), some.member(language), own)


def _options(language: str) -> Given:
    meeting = some.meeting(1, file_name=NAME)
    doubt = SpeakerDoubt("Carol", WORDS, can_swap=True)
    return given(Form(meeting, some.member(language), doubt=doubt))


def _picker(language: str, *, listed: bool) -> Given:
    meetings = [some.meeting(1, file_name=NAME)] if listed else []
    page = some.page(*meetings, complete=True)
    return given(page, some.member(language), Disconnected(NO_FATHOM, vendor=FATHOM))


def _refused(language: str) -> Given:
    return given(too_large(NAME).sentence(language), language)


def _two(language: str) -> Given:
    return given((Choice(NAME, "F1"), Choice("b", "F2")), language)


def _again(language: str) -> Given:
    says = REFUSALS[errors.SPREADSHEET](language, name="prices.xlsx", kinds=KINDS)
    return Given((language, says), {"turn": 1})


FILES = (
    Scene(files.file_form, "first", lambda lang: given(lang)),
    Scene(files.file_form, "again", _again),
    Scene(
        files.which_form, "two", lambda lang: given((Choice(NAME, "F1"), Choice("b", "F2")), lang)
    ),
    Scene(files.reading, "unknown", lambda lang: given(lang)),
    Scene(files.reading, "named", lambda lang: given(lang, NAME)),
    Scene(files.refused, "too_large", _refused),
    Scene(files.meeting_form, "undecided", _meeting),
    Scene(files.meeting_form, "chosen", lambda lang: _meeting(lang, "1", title="")),
    Scene(files.meeting_form, "known", lambda lang: _meeting(lang, own="-", known=True)),
    Scene(files.meeting_form, "crowd", lambda lang: _meeting(lang, speakers=crowd())),
    Scene(options.options, "file", _options),
    Scene(picker.picker, "no_fathom", lambda lang: _picker(lang, listed=False)),
    Scene(picker.picker, "files_only", lambda lang: _picker(lang, listed=True)),
)
