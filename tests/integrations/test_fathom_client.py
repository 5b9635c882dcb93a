"""Fathom: what is asked, what is read out of tolerated answers, and how each failure ends."""

from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from integrations.errors import AuthExpired, RateLimited, RefusedByVendor, Unreachable
from integrations.fathom.client import Fathom
from integrations.fathom.types import Invitee, TranscriptLine
from integrations.http import ClientOptions, client
from tests.integrations.fake_vendor import hangs, says

KEY = "fk_secret_1234567890"

MEETING = {
    "title": "Pilot with Lumen",
    "meeting_title": None,
    "recording_id": 4711,
    "url": "https://fathom.video/calls/4711",
    "share_url": "https://fathom.video/share/x",
    "created_at": "2026-11-18T10:50:00Z",
    "scheduled_start_time": "2026-11-18T10:00:00Z",
    "scheduled_end_time": "2026-11-18T10:30:00Z",
    "recording_start_time": "2026-11-18T10:01:00Z",
    "recording_end_time": "2026-11-18T11:45:00+01:00",
    "transcript_language": "it",
    "calendar_invitees": [
        {"name": "Zoë 🚀 <!channel>", "email": "ZOE@lumen.example", "is_external": True},
        {"name": None, "email": None, "is_external": False, "matched_speaker_display_name": "Bo"},
    ],
    "recorded_by": {"name": "Ada", "email": "ada@north.example", "team": None},
    "something_new": {"we": "never heard of"},
}


@pytest_asyncio.fixture
async def fathom(vendor):
    async with client(f"{vendor.url}/external/v1", "fathom") as http:
        yield Fathom(http)


async def test_a_page_of_meetings_is_asked_for_and_read(vendor, fathom):
    vendor.answer = says({"limit": 10, "next_cursor": "c2", "items": [MEETING]})
    page = await fathom.meetings(KEY, created_after=datetime(2026, 11, 1, tzinfo=UTC), cursor="c1")
    (seen,) = vendor.seen
    assert (seen.method, seen.path) == ("GET", "/external/v1/meetings")
    assert seen.query == {"created_after": "2026-11-01T00:00:00Z", "cursor": "c1"}
    assert seen.headers["x-api-key"] == KEY
    assert page.next_cursor == "c2"
    (meeting,) = page.meetings
    assert (meeting.recording_id, meeting.title) == (4711, "Pilot with Lumen")
    assert meeting.started_at == datetime(2026, 11, 18, 10, 1, tzinfo=UTC)
    assert meeting.ended_at == datetime(2026, 11, 18, 10, 45, tzinfo=UTC)
    assert meeting.language == "it"
    assert meeting.invitees == (
        Invitee("Zoë 🚀 <!channel>", "zoe@lumen.example", is_external=True),
        Invitee("Bo", "", is_external=False),
    )
    assert meeting.recorded_by == Invitee("Ada", "ada@north.example", is_external=False)


async def test_a_page_comes_newest_first_whatever_fathom_does(vendor, fathom):
    older = MEETING | {"recording_id": 1, "created_at": "2026-01-01T00:00:00Z"}
    newer = MEETING | {"recording_id": 3, "created_at": "2026-12-01T00:00:00Z"}
    vendor.answer = says({"next_cursor": None, "items": [older, newer, MEETING]})
    page = await fathom.meetings(KEY)
    assert [meeting.recording_id for meeting in page.meetings] == [3, 4711, 1]
    assert page.next_cursor is None


async def test_a_bare_meeting_is_enough_and_a_broken_one_is_left_out(vendor, fathom):
    bare = {"recording_id": 5, "created_at": "2026-11-18T10:50:00"}
    vendor.answer = says({"items": [bare, {"title": "no id"}, {"recording_id": 6}, None, 7]})
    (meeting,) = (await fathom.meetings(KEY)).meetings
    assert meeting.title == ""
    assert meeting.invitees == ()
    at = datetime(2026, 11, 18, 10, 50, tzinfo=UTC)
    assert meeting.created_at == meeting.started_at == meeting.ended_at == at


async def test_a_transcript_comes_in_the_order_of_time(vendor, fathom):
    def said(name, text, timestamp, email=None):
        speaker = {"display_name": name, "matched_calendar_invitee_email": email}
        return {"speaker": speaker, "text": text, "timestamp": timestamp}

    vendor.answer = says(
        {
            "transcript": [
                said("Ada", "And then", "01:00:05"),
                said("Bo", "Ciao", "00:00:01", "BO@lumen.example"),
                {"speaker": None, "text": "mm", "timestamp": "02:59:59.5"},
                {"text": "no time", "timestamp": "later"},
                said("Bo", "short form", "10:02"),
            ]
        }
    )
    lines = await fathom.transcript(KEY, 4711)
    assert vendor.seen[0].path == "/external/v1/recordings/4711/transcript"
    assert lines[0] == TranscriptLine("Bo", "bo@lumen.example", "Ciao", timedelta(seconds=1))
    assert [line.text for line in lines] == ["Ciao", "short form", "And then", "mm", "no time"]
    assert lines[2].at == timedelta(hours=1, seconds=5)
    assert lines[3].speaker == ""


@pytest.mark.parametrize("body", [{"transcript": None}, {}, {"transcript": "soon"}])
async def test_no_transcript_yet_is_no_lines(vendor, fathom, body):
    vendor.answer = says(body)
    assert await fathom.transcript(KEY, 1) == ()


async def test_a_summary_is_its_markdown_or_none(vendor, fathom):
    vendor.answer = says({"summary": {"template_name": "x", "markdown_formatted": "## Hi"}})
    assert await fathom.summary(KEY, 1) == "## Hi"
    vendor.answer = says({"summary": None})
    assert await fathom.summary(KEY, 1) is None


async def test_a_good_key_passes(vendor, fathom):
    vendor.answer = says({"items": []})
    assert await fathom.check_key(KEY) is None
    assert "created_after" in vendor.seen[0].query


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, AuthExpired),
        (403, RefusedByVendor),
        (404, RefusedByVendor),
        (500, Unreachable),
        (504, Unreachable),
    ],
)
async def test_each_status_becomes_one_of_four(vendor, fathom, status, kind):
    vendor.answer = says({"error": f"your key {KEY} …"}, status)
    with pytest.raises(kind) as caught:
        await fathom.transcript(KEY, 1)
    assert KEY not in str(caught.value)
    assert caught.value.vendor == "fathom"


async def test_a_missing_recording_says_so(vendor, fathom):
    vendor.answer = says({}, 404)
    with pytest.raises(RefusedByVendor) as caught:
        await fathom.transcript(KEY, 1)
    assert caught.value.code == "not_found"


async def test_too_many_calls_say_when_to_come_back(vendor, fathom):
    vendor.answer = says({}, 429, Retry_After="17")
    with pytest.raises(RateLimited) as caught:
        await fathom.transcript(KEY, 1)
    assert caught.value.retry_after == timedelta(seconds=17)


async def test_too_many_calls_without_a_time_mean_a_minute(vendor, fathom):
    vendor.answer = says({}, 429)
    with pytest.raises(RateLimited) as caught:
        await fathom.meetings(KEY)
    assert caught.value.retry_after == timedelta(seconds=60)


async def test_an_answer_that_is_no_json_is_worth_another_try(vendor, fathom):
    vendor.answer = says(b"<html>back soon</html>")
    with pytest.raises(Unreachable):
        await fathom.meetings(KEY)


async def test_json_of_another_kind_is_refused(vendor, fathom):
    vendor.answer = says([1, 2])
    with pytest.raises(RefusedByVendor) as caught:
        await fathom.meetings(KEY)
    assert caught.value.code == "malformed"


async def test_a_call_that_hangs_ends_at_the_deadline(vendor):
    vendor.answer = hangs
    async with client(vendor.url, "fathom", ClientOptions(timedelta(seconds=0.1))) as http:
        with pytest.raises(Unreachable):
            await Fathom(http).meetings(KEY)


async def test_nobody_there_is_unreachable(closed_url):
    async with client(closed_url, "fathom") as http:
        with pytest.raises(Unreachable):
            await Fathom(http).meetings(KEY)


async def test_a_mistyped_key_is_never_sent_nor_quoted(vendor, fathom):
    vendor.answer = says({"items": []})
    with pytest.raises(AuthExpired) as caught:
        await fathom.check_key("fk_secret\nwith a break")
    assert "fk_secret" not in str(caught.value)
    assert vendor.seen == []
