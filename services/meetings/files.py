"""Transcripts that people bring: a file becomes a meeting of its owner, beside Fathom's."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from pydantic import TypeAdapter

from db import meetings as table
from db.store.session import Database, Session, seal, unseal
from services.actors import Actor
from services.email_address import is_address
from services.errors import Invalid, NotFound
from services.meetings.history import GUESTS, Guest
from services.meetings.language import spoken_language
from services.meetings.reading import read_file
from services.meetings.speakers import (
    BOTH,
    FileSpeaker,
    SpeakerDoubt,
    named,
    speakers_of,
    speaks_to_oneself,
    timed,
)
from services.meetings.spoken import SPOKEN, Spoken
from services.people import Member, Members
from services.phrases import Phrase
from services.ports import Clock

MAX_TITLE = 200
MAX_FILE_NAME = 120
# Whoever began and never said which speaker they are.
ABANDONED = timedelta(days=1)
USUAL_START = time(10)
# A recording's clock may run a little ahead.
LEEWAY = timedelta(hours=1)

FORGOTTEN = Phrase(
    "I keep the words of a file for 30 days, and these are gone. Use the same file again, and all "
    "goes on as it was.",
    "Conservo le parole di un file per 30 giorni, e queste non ci sono più. Usa di nuovo lo stesso "
    "file e tutto prosegue come prima.",
)
NO_TITLE = Phrase("Give the meeting a title.", "Dai un titolo alla riunione.")
NO_SPEAKER = Phrase(
    "Choose which speaker you are, or that you do not speak.",
    "Scegli quale voce sei tu, o che non parli.",
)
NO_DAY = Phrase("Choose the day of the meeting.", "Scegli il giorno della riunione.")
FUTURE = Phrase(
    "A meeting that was recorded lies in the past: choose its day and time.",
    "Una riunione registrata è già passata: scegli il suo giorno e la sua ora.",
)
BAD_ADDRESS = Phrase(
    "“{typed}” is not an e-mail address. Write it like you@example.com, or leave it empty.",
    "“{typed}” non è un indirizzo e-mail. Scrivilo come tu@example.com, o lascialo vuoto.",
)
NOT_TWO = Phrase(
    "Only two speakers can be swapped. Use the file again and choose who you are.",
    "Si possono scambiare solo due voci. Usa di nuovo il file e scegli chi sei.",
)

_NAMES: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])
_DAY = re.compile(r"(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)(?:[-_ T]+([0-2]\d)[-_.:]?([0-5]\d))?")
_NOISE = re.compile(
    r"\([^()]*20\d\d[^()]*\)|"
    r"\b(?:GMT)?20\d\d[-_.]?[01]\d[-_.]?[0-3]\d(?:[-_ T]+\d{2}[-_.:]?\d{2}\d{0,2})?"
)
_USUAL_ENDS = re.compile(
    r"\.(?:vtt|srt|txt|docx|json|transcript|cc|captions?)$|[ _-]+(?:Meeting[ _-])?Recording$|"
    r"[ _-]+(?:otter_ai|otter\.ai|transcript|transcription|trascrizione)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TranscriptFile:
    """A file that was read, and what may be guessed of its meeting; `own` is "" if not guessed.

    `held` is aware, in the member's zone. `known`: the same file was used before.
    """

    recording_id: int
    name: str
    title: str
    speakers: tuple[FileSpeaker, ...]
    own: str
    held: datetime
    guests: tuple[Guest, ...] = ()
    known: bool = False


@dataclass(frozen=True, slots=True)
class FileEntry:
    """What a person says of their file; `own` None is undecided, "" does not speak.

    `addresses` are those of speakers, by name; `also` of guests who do not speak.
    """

    recording_id: int
    name: str
    title: str
    own: str | None
    day: str
    clock: str
    addresses: tuple[tuple[str, str], ...] = ()
    also: tuple[str, ...] = ()


class TranscriptFiles:
    """Reads files, keeps their words sealed, and makes meetings of them for their owner alone."""

    def __init__(self, database: Database, members: Members, clock: Clock) -> None:
        self._database = database
        self._members = members
        self._clock = clock

    async def read(self, actor: Actor, name: str, data: bytes) -> TranscriptFile:
        """Keep what was said in the file; Invalid (field `file`) when it is no transcript."""
        found = await read_file(name, data)
        spoken = timed(found.lines)
        recording_id = _identity(data)
        async with self._database.transaction() as session:
            await self._keep(session, actor, recording_id, spoken)
        said = {line.speaker: line.email for line in found.lines if line.email}
        guests = tuple(Guest(one.name, one.email, one.is_external) for one in found.guests)
        guests += tuple(Guest(who, address, is_external=True) for who, address in said.items())
        return await self._described(actor, recording_id, name, spoken, found.title, guests)

    async def again(self, actor: Actor, recording_id: int, name: str) -> TranscriptFile:
        """The same file, from the words that are kept; NotFound when they are gone."""
        async with self._database.transaction() as session:
            spoken = await self._kept(session, actor, recording_id)
        return await self._described(actor, recording_id, name, spoken, "", ())

    async def add(self, actor: Actor, entry: FileEntry) -> None:
        """Make it a meeting of the member's, or change what they said of it.

        Invalid: field `title`, `own`, `day`, `also`, or `guest:` and the speaker.
        """
        member = await self._members.who(actor)
        started = _started(entry, member.zone, self._clock())
        async with self._database.transaction() as session:
            spoken = await self._kept(session, actor, entry.recording_id)
            row = _row(actor, member, entry, spoken, started)
            await table.remember(session, actor.workspace_id, actor.member_id, [row])

    async def swap(self, actor: Actor, recording_id: int) -> None:
        """Give each of the two speakers the other's lines; twice is as before."""
        async with self._database.transaction() as session:
            row = await table.find(session, actor.workspace_id, actor.member_id, recording_id)
            if row is None:
                raise NotFound(FORGOTTEN)
            raw = [one.name for one in speakers_of(await self._kept(session, actor, recording_id))]
            if len(raw) != BOTH:
                raise Invalid(NOT_TWO, field="own")
            shown = _NAMES.validate_json(row.speakers)
            one, other = (shown.get(name, name) for name in raw)
            row.speakers = _NAMES.dump_json({raw[0]: other, raw[1]: one}).decode()
            session.add(row)

    async def spoken(self, actor: Actor, recording_id: int) -> tuple[Spoken, ...]:
        """The lines under the names the owner gave; NotFound when the words are gone."""
        async with self._database.transaction() as session:
            row = await table.find(session, actor.workspace_id, actor.member_id, recording_id)
            lines = await self._kept(session, actor, recording_id)
        return named(lines, _NAMES.validate_json(row.speakers) if row else {})

    async def doubt(self, actor: Actor, recording_id: int) -> SpeakerDoubt | None:
        """What says that speakers may be swapped; None where nothing does."""
        try:
            return speaks_to_oneself(await self.spoken(actor, recording_id))
        except NotFound:
            return None

    async def forget_abandoned(self) -> None:
        """Drop the words of files whose owner never went on."""
        async with self._database.transaction() as session:
            await table.purge_abandoned(session, self._clock() - ABANDONED)

    async def _described(
        self,
        actor: Actor,
        recording_id: int,
        name: str,
        spoken: tuple[Spoken, ...],
        title: str,
        guests: tuple[Guest, ...],
    ) -> TranscriptFile:
        member = await self._members.who(actor)
        async with self._database.transaction() as session:
            row = await table.find(session, actor.workspace_id, actor.member_id, recording_id)
        speakers = speakers_of(spoken)
        if row is not None:
            shown = _NAMES.validate_json(row.speakers)
            own = next((raw for raw, new in shown.items() if new == member.name), "")
            title, guests = row.title, GUESTS.validate_json(row.invitees)
            held = row.started_at.astimezone(member.zone)
        else:
            own = _own(speakers, member.name)
            held = _held(name, member.zone, self._clock())
        return TranscriptFile(
            recording_id=recording_id,
            name=name[:MAX_FILE_NAME],
            title=(title or _title(name))[:MAX_TITLE],
            speakers=speakers,
            own=own,
            held=held,
            guests=guests,
            known=row is not None,
        )

    async def _keep(
        self, session: Session, actor: Actor, recording_id: int, spoken: tuple[Spoken, ...]
    ) -> None:
        owner = (actor.workspace_id, actor.member_id)
        row = table.Transcript(
            id=table.transcript_id(*owner, recording_id),
            workspace_id=actor.workspace_id,
            member_id=actor.member_id,
            recording_id=recording_id,
            lines=b"",
            fetched_at=self._clock(),
        )
        seal(session, row, "lines", SPOKEN.dump_json(spoken).decode())
        await table.keep_transcript(session, *owner, row)

    async def _kept(self, session: Session, actor: Actor, recording_id: int) -> tuple[Spoken, ...]:
        owner = (actor.workspace_id, actor.member_id)
        row = await table.transcript(session, *owner, recording_id)
        if row is None or not table.is_file(recording_id):
            raise NotFound(FORGOTTEN)
        return SPOKEN.validate_json(unseal(session, row, "lines"))


def _identity(data: bytes) -> int:
    """A number below zero, which no recording of Fathom's has; the same for the same bytes."""
    return -(int.from_bytes(hashlib.sha256(data).digest()[:8]) >> 1) - 1


def _row(
    actor: Actor, member: Member, entry: FileEntry, spoken: tuple[Spoken, ...], started: datetime
) -> table.MeetingRow:
    raw = [one.name for one in speakers_of(spoken)]
    if entry.own is None or (entry.own and entry.own not in raw):
        raise Invalid(NO_SPEAKER, field="own")
    own, taken = entry.own, {name.casefold() for name in raw if name != entry.own}
    shown = {own: member.name} if own and member.name.casefold() not in taken else {}
    guests = _guests(entry, raw, member)
    said_of = (entry.title, entry.name, *(f"{one.name} {one.email}" for one in guests))
    heard = [line.text for line in spoken if line.speaker != own]
    return table.MeetingRow(
        workspace_id=actor.workspace_id,
        member_id=actor.member_id,
        recording_id=entry.recording_id,
        title=entry.title.strip(),
        started_at=started,
        ended_at=started + max((line.at for line in spoken), default=timedelta()),
        language=spoken_language(heard),
        recorder_name=member.name,
        recorder_email=member.email.lower(),
        invitees=GUESTS.dump_json(guests).decode(),
        words=" ".join(said_of).lower(),
        mine=True,
        external=any(one.is_external for one in guests),
        file_name=entry.name[:MAX_FILE_NAME],
        speakers=_NAMES.dump_json(shown).decode(),
    )


def _guests(entry: FileEntry, raw: list[str], member: Member) -> tuple[Guest, ...]:
    """Everybody but the member; whoever has the member's own domain is from inside."""
    given = dict(entry.addresses)
    own_domain = member.email.rpartition("@")[2].lower()
    guests: dict[str, Guest] = {}
    people = [(name, given.get(name, "").strip(), f"guest:{name}") for name in raw]
    for name, typed, field in [*people, *(("", one.strip(), "also") for one in entry.also)]:
        if typed and not is_address(typed):
            raise Invalid(BAD_ADDRESS, field=field, typed=typed)
        address = typed.lower()
        if name == entry.own or (not name and not address) or address == member.email.lower():
            continue
        external = not address or address.rpartition("@")[2] != own_domain
        guests.setdefault(address or name, Guest(name, address, external))
    return tuple(guests.values())


def _started(entry: FileEntry, zone: tzinfo, now: datetime) -> datetime:
    if not entry.title.strip():
        raise Invalid(NO_TITLE, field="title")
    if not entry.day:
        raise Invalid(NO_DAY, field="day")
    clock = time.fromisoformat(entry.clock) if entry.clock else USUAL_START
    started = datetime.combine(date.fromisoformat(entry.day), clock, zone).astimezone(UTC)
    if started > now + LEEWAY:
        raise Invalid(FUTURE, field="day")
    return started


def _own(speakers: tuple[FileSpeaker, ...], name: str) -> str:
    """The speaker called like the member, else by the first name alone if only one is."""
    exact = [one.name for one in speakers if one.name.casefold() == name.casefold()]
    first = name.split()[0].casefold() if name.split() else ""
    alike = [one.name for one in speakers if one.name.split()[:1] and _first(one.name) == first]
    return exact[0] if exact else alike[0] if len(alike) == 1 else ""


def _first(name: str) -> str:
    return name.split()[0].casefold()


def _held(name: str, zone: tzinfo, now: datetime) -> datetime:
    """The day and time in the file's name, as Zoom, Teams and Meet write them; else today."""
    found = _DAY.search(name)
    usual = now.astimezone(zone).replace(hour=10, minute=0, second=0, microsecond=0)
    usual = min(usual, now.astimezone(zone).replace(second=0, microsecond=0))
    if found is None:
        return usual
    year, month, day, hour, minute = (int(part) if part else 0 for part in found.groups())
    try:
        told = datetime(year, month, day, hour, minute, tzinfo=UTC if "GMT20" in name else zone)
    except ValueError:
        return usual
    if found[4] is None:
        told = told.replace(hour=usual.hour, minute=usual.minute, tzinfo=zone)
    told = told.astimezone(zone)
    return told if told <= now else usual


def _title(name: str) -> str:
    """The file's name without what tools add to it; "" when nothing else is in it."""
    stem, before = name, ""
    while stem != before:
        before, stem = stem, _USUAL_ENDS.sub("", stem).strip()
    words = re.sub(r"[_\s]+", " ", _NOISE.sub(" ", stem)).strip(" -.")
    return words[:1].upper() + words[1:]
