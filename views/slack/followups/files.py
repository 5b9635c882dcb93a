"""Using a transcript: the file, then what the file cannot know of its meeting."""

from services.meetings import FileEntry, SpeakerDoubt, TranscriptFile
from services.people import Member
from views.kit import blocks as kit
from views.kit.controls import Button, Choice, FileField, Radio, Select, Text
from views.kit.pickers import Date, TextPerName, Time
from views.kit.state import State
from views.kit.text import escape, fit, name
from views.words import common
from views.words import followups as followup_words
from views.words.followups import files as say

FILE_FORM = "files.file"
MEETING_FORM = "files.meeting"

USE = Button("files.use")
SWAP = Button("files.swap")
FILE = FileField("files.upload", ("vtt", "srt", "txt", "docx", "json"))
WHICH = Radio("files.which")
TITLE = Text("files.title", limit=200)
OWN = Select("files.own", dispatch=True)
DAY = Date("files.day")
START = Time("files.start")
ADDRESS = TextPerName("files.address")
ALSO = Text("files.also", multiline=True, limit=2_000)

UNDECIDED = "?"
NOT_I = "-"
# Whoever says least is rarely written to; all the others' addresses go into one field.
# As many radio buttons as Slack draws.
MOST_FILES = 10
MOST_ASKED = 8
MOST_HEARD = 6
FIRST_WORDS = 140
OPTION = 75
NAMED = 3


def file_form(language: str, problem: str = "", *, turn: int = 0) -> kit.View:
    """The field for the file; `problem` is what was wrong with the last one."""
    blocks = [kit.section(f":warning: {escape(problem)}")] if problem else []
    field = FILE.draw(say.FILE(language), hint=say.FILE_HINT(language), turn=turn)
    return kit.modal(
        FILE_FORM,
        say.TITLE(language),
        [*blocks, field],
        submit=say.READ(language),
        close=common.BACK(language),
        metadata=str(turn),
    )


def which_form(files: tuple[Choice, ...], language: str) -> kit.View:
    """Which of a message's files it is about; a choice has a file's name and id."""
    choices = files[:MOST_FILES]
    return kit.modal(
        FILE_FORM,
        say.TITLE(language),
        [WHICH.draw(say.WHICH(language), choices, choices[0].value)],
        submit=say.READ(language),
        close=common.CLOSE(language),
        metadata=" ".join(one.value for one in choices),
    )


def reading(language: str, file_name: str = "") -> kit.View:
    """What is seen while the file is on its way."""
    text = say.READING(language, name=name(file_name)) if file_name else common.LOADING(language)
    section = kit.section(f":hourglass_flowing_sand: {text}")
    return kit.modal("files.reading", say.TITLE(language), [section], close=common.CLOSE(language))


def refused(problem: str, language: str) -> kit.View:
    """Why a posted file cannot be used."""
    section = kit.section(f":warning: {escape(problem)}")
    return kit.modal("files.refused", say.TITLE(language), [section], close=common.CLOSE(language))


def meeting_form(file: TranscriptFile, member: Member, own: str | None = None) -> kit.View:
    """Title, own voice, day, and the others' addresses; `own` is the value last chosen."""
    language = member.language
    chosen = own or _place(file, file.own) or UNDECIDED
    names = [one.name for one in file.speakers]
    asked = {
        place: (names[place], _address(file, names[place]))
        for place in range(min(len(names), MOST_ASKED))
        if str(place) != chosen
    }
    blocks = [
        *([kit.context(say.KNOWN(language))] if file.known else []),
        TITLE.draw(say.NAME(language), file.title or _with_names(file, chosen, language)),
        OWN.draw(say.OWN(language), _voices(file, language), chosen),
        kit.context(*_first_words(file, language)),
        DAY.draw(say.DAY(language), file.held.date().isoformat()),
        START.draw(say.START(language, zone=member.tz), f"{file.held:%H:%M}", optional=True),
        *ADDRESS.draw(say.ADDRESS_OF, language, asked),
        ALSO.draw(
            say.ALSO(language),
            _others(file),
            hint=followup_words.MORE_HINT(language),
            optional=True,
        ),
    ]
    return kit.modal(
        MEETING_FORM,
        say.MEETING_TITLE(language),
        blocks,
        submit=say.GO_ON(language),
        close=common.BACK(language),
        metadata=f"{file.recording_id}|{file.name}",
    )


def read_ticket(metadata: str) -> tuple[int, str]:
    """Which file a form is about: its meeting's id and its name."""
    recording_id, _, file_name = metadata.partition("|")
    return int(recording_id), file_name


def read_own(state: State) -> str:
    """The value chosen for the own voice."""
    return OWN.read(state) or UNDECIDED


def read_meeting(state: State, file: TranscriptFile) -> FileEntry:
    """What the person says of the file's meeting."""
    names = [one.name for one in file.speakers]
    chosen = read_own(state)
    place = int(chosen) if chosen.isdecimal() else None
    own = names[place] if place is not None and place < len(names) else None
    typed = ADDRESS.read(state).items()
    return FileEntry(
        recording_id=file.recording_id,
        name=file.name,
        title=TITLE.read(state),
        own="" if chosen == NOT_I else own,
        day=DAY.read(state),
        clock=START.read(state),
        addresses=tuple((names[at], text) for at, text in typed if at < len(names)),
        also=tuple(ALSO.read(state).replace(";", ",").replace("\n", ",").split(",")),
    )


def error_block(state: State, file: TranscriptFile, field: str) -> str:
    """Under which block a refused field's sentence stands."""
    _, _, speaker = field.partition("guest:")
    if speaker:
        place = next(at for at, one in enumerate(file.speakers) if one.name == speaker)
        return ADDRESS.block(state, place)
    ids = {"title": TITLE.action_id, "own": OWN.action_id, "also": ALSO.action_id}
    return state.block_of(ids.get(field, DAY.action_id))


def swapped(doubt: SpeakerDoubt, recording_id: int, language: str) -> kit.Block:
    """That two voices may be each other's, by the line that says so."""
    words = escape(fit(doubt.words, FIRST_WORDS))
    text = say.SWAPPED(language, name=name(doubt.speaker, 60), words=words)
    swap = SWAP.draw(say.SWAP(language), str(recording_id)) if doubt.can_swap else None
    return kit.section(text, swap)


def _place(file: TranscriptFile, own: str) -> str:
    names = [one.name for one in file.speakers]
    if own in names:
        return str(names.index(own))
    return NOT_I if file.known else ""


def _voices(file: TranscriptFile, language: str) -> tuple[Choice, ...]:
    voices = (
        Choice(fit(say.OWN_CHOICE(language, one.lines, name=one.name), OPTION), str(place))
        for place, one in enumerate(file.speakers)
    )
    undecided, nobody = Choice(say.CHOOSE(language), UNDECIDED), Choice(say.NOT_I(language), NOT_I)
    return (undecided, *voices, nobody)


def _first_words(file: TranscriptFile, language: str) -> list[str]:
    return [
        say.FIRST_WORDS(
            language, name=name(one.name, 60), words=escape(fit(one.first, FIRST_WORDS))
        )
        for one in file.speakers[:MOST_HEARD]
    ]


def _with_names(file: TranscriptFile, chosen: str, language: str) -> str:
    others = [one.name for at, one in enumerate(file.speakers) if str(at) != chosen]
    return fit(say.MEETING_WITH(language, names=", ".join(others[:NAMED])), 200)


def _address(file: TranscriptFile, speaker: str) -> str:
    return next((one.email for one in file.guests if one.name == speaker and one.email), "")


def _others(file: TranscriptFile) -> str:
    """Addresses of those who do not speak, or too little to have a field of their own."""
    asked = {one.name for one in file.speakers[:MOST_ASKED]}
    return ", ".join(one.email for one in file.guests if one.email and one.name not in asked)
