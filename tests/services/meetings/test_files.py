"""A file becomes a meeting of its owner, and of nobody else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import pytest_asyncio

from db.store.session import Database
from handlers.slack.outbound.messenger import SlackMessenger
from services.actors import Actor
from services.errors import Disconnected, Invalid, NotFound
from services.meetings import FileEntry, Meetings, TranscriptFile
from services.ports import SlackPerson
from tests.kit.transcript_files import Said, plain_txt, zoom_vtt
from tests.kit.wired import foundation, nobody, wired

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
CALL = (
    Said("Ada", 3, "Thanks, Ole. We have two topics: the price and the dates of it."),
    Said("Ole Frost", 9, "Grazie, va bene così. Il nostro budget è di 20.000 euro, sì."),
    Said("Ada", 20, "I will send you the offer by Friday."),
)


class Directory(SlackMessenger):
    """Everybody is Ada, in London."""

    async def person(self, _: Actor) -> SlackPerson:
        """Her profile."""
        return SlackPerson("Ada Bell", "ada@bell.example", "en-GB", "Europe/London")


@asynccontextmanager
async def at(database: Database, moment: datetime) -> AsyncIterator[Meetings]:
    """The service at this time."""
    base = replace(foundation(database, lambda: moment), messenger=Directory(nobody))
    async with wired(base) as product:
        yield product.services.meetings


@pytest_asyncio.fixture
async def meetings(database: Database) -> AsyncIterator[Meetings]:
    """The service, at a set time."""
    async with at(database, NOW) as service:
        yield service


@pytest.fixture
def ada() -> Actor:
    """Somebody of her own workspace."""
    return Actor(f"T{uuid4().hex[:8]}", "U0ADA")


def entry(file: TranscriptFile, **changes: object) -> FileEntry:
    """What a person says of it: Ada is who reads it, Ole has an address."""
    usual = FileEntry(
        recording_id=file.recording_id,
        name=file.name,
        title="Price talk",
        own="Ada",
        day="2026-11-20",
        clock="10:30",
        addresses=(("Ole Frost", "Ole@Frost.example"),),
    )
    return replace(usual, **changes)  # type: ignore[arg-type] # by name


async def test_a_file_is_a_meeting_with_its_words(meetings: Meetings, ada: Actor) -> None:
    file = await meetings.files.read(ada, *zoom_vtt(CALL))
    assert [(one.name, one.lines) for one in file.speakers] == [("Ada", 2), ("Ole Frost", 1)]
    await meetings.files.add(ada, entry(file))

    meeting = await meetings.find(ada, file.recording_id)
    assert meeting.title == "Price talk"
    assert meeting.started_at == datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
    assert meeting.ended_at - meeting.started_at == timedelta(seconds=20)
    assert [(one.name, one.email) for one in meeting.guests] == [("Ole Frost", "ole@frost.example")]
    assert meeting.file_name == file.name
    assert meeting.url == ""
    # Of what the guests said, not of what was said to them.
    assert meeting.language == "it"
    spoken = await meetings.spoken(ada, file.recording_id)
    assert [line.text for line in spoken] == [one.text for one in CALL]
    assert [line.at.seconds for line in spoken] == [3, 9, 20]


async def test_without_fathom_files_are_listed(meetings: Meetings, ada: Actor) -> None:
    file = await meetings.files.read(ada, *zoom_vtt(CALL))
    await meetings.files.add(ada, entry(file))
    with pytest.raises(Disconnected):
        await meetings.recent(ada)
    page = await meetings.from_files(ada, "frost price")
    assert [one.recording_id for one in page.meetings] == [file.recording_id]
    assert not (await meetings.from_files(ada, "zebra")).meetings


async def test_nobody_else_sees_it_and_an_id_alone_opens_nothing(
    meetings: Meetings, ada: Actor
) -> None:
    file = await meetings.files.read(ada, *zoom_vtt(CALL))
    await meetings.files.add(ada, entry(file))
    for other in (Actor(ada.workspace_id, "U0BOB"), Actor("T0OTHER", ada.member_id)):
        with pytest.raises(NotFound):
            await meetings.find(other, file.recording_id)
        with pytest.raises(NotFound):
            await meetings.spoken(other, file.recording_id)
        with pytest.raises(NotFound):
            await meetings.files.again(other, file.recording_id, file.name)
        with pytest.raises(NotFound):
            await meetings.files.add(other, entry(file))
        with pytest.raises(NotFound):
            await meetings.files.swap(other, file.recording_id)


async def test_the_same_file_is_the_same_meeting_and_remembers(
    meetings: Meetings, ada: Actor
) -> None:
    first = await meetings.files.read(ada, *zoom_vtt(CALL))
    await meetings.files.add(ada, entry(first))
    again = await meetings.files.read(ada, *zoom_vtt(CALL))
    assert again.recording_id == first.recording_id < 0
    assert again.known
    assert again.title == "Price talk"
    assert [one.email for one in again.guests] == ["ole@frost.example"]
    await meetings.files.add(ada, entry(again, title="Another title"))
    assert (await meetings.find(ada, first.recording_id)).title == "Another title"
    assert (await meetings.files.read(ada, *plain_txt(CALL))).recording_id != first.recording_id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"own": None}, "own"),
        ({"own": "Nobody"}, "own"),
        ({"day": ""}, "day"),
        ({"day": "2027-01-01"}, "day"),
        ({"addresses": (("Ole Frost", "ole at frost"),)}, "guest:Ole Frost"),
        ({"also": ("x",)}, "also"),
    ],
)
async def test_what_is_wrong_is_refused_and_changes_nothing(
    changes: dict[str, object], field: str, meetings: Meetings, ada: Actor
) -> None:
    file = await meetings.files.read(ada, *zoom_vtt(CALL))
    with pytest.raises(Invalid) as refused:
        await meetings.files.add(ada, entry(file, **changes))
    assert refused.value.field == field
    with pytest.raises(NotFound):
        await meetings.find(ada, file.recording_id)


async def test_swapping_gives_each_the_others_lines_and_twice_is_as_before(
    meetings: Meetings, ada: Actor
) -> None:
    swapped = (Said("Ada", 3, "Thanks, Ada, I like it."), Said("Ole Frost", 9, "You will get it."))
    file = await meetings.files.read(ada, *zoom_vtt(swapped * 2))
    await meetings.files.add(ada, entry(file))
    doubt = await meetings.files.doubt(ada, file.recording_id)
    assert doubt is not None
    assert doubt.can_swap
    before = [one.speaker for one in await meetings.spoken(ada, file.recording_id)]
    await meetings.files.swap(ada, file.recording_id)
    after = [one.speaker for one in await meetings.spoken(ada, file.recording_id)]
    assert after == [before[1], before[0]] * 2
    assert await meetings.files.doubt(ada, file.recording_id) is None
    await meetings.files.swap(ada, file.recording_id)
    assert before == [one.speaker for one in await meetings.spoken(ada, file.recording_id)]


async def test_words_are_forgotten_and_the_same_file_brings_them_back(
    database: Database, meetings: Meetings, ada: Actor
) -> None:
    file = await meetings.files.read(ada, *zoom_vtt(CALL))
    await meetings.files.add(ada, entry(file))
    left = await meetings.files.read(ada, *plain_txt(CALL))
    async with at(database, NOW + timedelta(days=2)) as later:
        await later.forget_transcripts()
    # Whoever never said who they are in it does not come back for it.
    with pytest.raises(NotFound):
        await meetings.files.again(ada, left.recording_id, left.name)
    assert await meetings.spoken(ada, file.recording_id)

    async with at(database, NOW + timedelta(days=31)) as later:
        await later.forget_transcripts()
    with pytest.raises(NotFound, match="same file again"):
        await meetings.spoken(ada, file.recording_id)
    with pytest.raises(NotFound, match="same file again"):
        await meetings.readable(ada, file.recording_id)
    await meetings.files.read(ada, *zoom_vtt(CALL))
    assert await meetings.spoken(ada, file.recording_id)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("GMT20261120-100000_Recording.transcript.vtt", ""),
        ("Weekly call-20261120_100000-Meeting Recording.vtt", "Weekly call"),
        ("Acme kick-off (2026-11-20 10:00 GMT+1) - Transcript.txt", "Acme kick-off"),
        ("call_with_ACME_otter_ai.txt", "Call with ACME"),
    ],
)
async def test_title_and_day_are_guessed_from_the_files_name(
    name: str, title: str, meetings: Meetings, ada: Actor
) -> None:
    file = await meetings.files.read(ada, name, plain_txt(CALL)[1])
    assert file.title == title
    assert f"{file.held:%d %H:%M}" == ("20 10:00" if "2026" in name else "29 10:00")
