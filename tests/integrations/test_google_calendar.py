"""Google Calendar's verbs: what is sent, what comes of a repeat, and how failures end."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from integrations.errors import RefusedByVendor, Unreachable
from integrations.google.calendar import GoogleCalendar
from integrations.google.client import Google
from integrations.google.types import BusyTime, MeetState, NewEvent
from tests.integrations.fake_vendor import drops, in_turn, says

TOKEN = "ya29.secret-token"
START, END = datetime(2026, 11, 30, tzinfo=UTC), datetime(2026, 12, 7, tzinfo=UTC)
EVENT = NewEvent(
    id="abc0123",
    title="Next steps",
    description="R&amp;D<br>",
    start=datetime(2026, 11, 30, 9, tzinfo=UTC),
    end=datetime(2026, 11, 30, 9, 30, tzinfo=UTC),
    zone="Europe/Rome",
)
MADE = {"id": "abc0123", "status": "confirmed", "htmlLink": "https://calendar/1"}


@pytest_asyncio.fixture
async def calendar(vendor):
    google = Google(f"{vendor.url}/gmail", f"{vendor.url}/gcal/")
    yield GoogleCalendar(google)
    google.close()


def refused(status, reason):
    return says({"error": {"code": status, "errors": [{"reason": reason}]}}, status)


async def test_an_uninvited_event_names_nobody_and_tells_nobody(vendor, calendar):
    vendor.answer = says(MADE)
    made = await calendar.insert(TOKEN, replace(EVENT, guests=("zoe@lumen.example",)))
    (seen,) = vendor.seen
    assert seen.path == "/gcal/calendar/v3/calendars/primary/events"
    assert seen.query["sendUpdates"] == "none"
    assert "attendees" not in seen.json
    assert "conferenceData" not in seen.json
    assert (made.url, made.meet) == ("https://calendar/1", MeetState.NONE)


async def test_an_invitation_says_so_and_times_are_local_with_their_zone(vendor, calendar):
    vendor.answer = says(MADE)
    await calendar.insert(
        TOKEN, replace(EVENT, guests=("zoe@lumen.example",), invite=True, meet=True)
    )
    (seen,) = vendor.seen
    assert seen.query["sendUpdates"] == "all"
    assert seen.query["conferenceDataVersion"] == "1"
    assert seen.json["attendees"] == [{"email": "zoe@lumen.example"}]
    assert seen.json["start"] == {"dateTime": "2026-11-30T10:00:00", "timeZone": "Europe/Rome"}
    assert seen.json["conferenceData"]["createRequest"]["requestId"] == EVENT.id


async def test_a_repeat_finds_the_first(vendor, calendar):
    vendor.answer = in_turn(refused(409, "duplicate"), says(MADE))
    assert (await calendar.insert(TOKEN, EVENT)).url == "https://calendar/1"
    assert [seen.method for seen in vendor.seen] == ["POST", "GET"]


async def test_a_taken_id_of_a_deleted_event_shows_as_cancelled(vendor, calendar):
    vendor.answer = in_turn(refused(409, "duplicate"), says({**MADE, "status": "cancelled"}))
    assert (await calendar.insert(TOKEN, EVENT)).cancelled


async def test_an_insert_whose_reply_is_lost_is_not_sent_again(vendor, calendar):
    vendor.answer = drops
    with pytest.raises(Unreachable):
        await calendar.insert(TOKEN, EVENT)
    assert len(vendor.seen) == 1


@pytest.mark.parametrize("answer", [refused(404, "notFound"), refused(410, "deleted")])
async def test_an_event_that_is_gone_is_no_failure(vendor, calendar, answer):
    vendor.answer = answer
    assert await calendar.get(TOKEN, "abc0123") is None
    assert not await calendar.delete(TOKEN, "abc0123", tell_guests=False)


@pytest.mark.parametrize(("tell", "said"), [(True, "all"), (False, "none")])
async def test_a_delete_says_whether_guests_are_told(vendor, calendar, tell, said):
    vendor.answer = says(b"", 204)
    assert await calendar.delete(TOKEN, "abc0123", tell_guests=tell)
    assert vendor.seen[0].query["sendUpdates"] == said


async def test_busy_times_of_those_who_can_be_seen_are_read(vendor, calendar):
    busy = [{"start": "2026-11-30T09:00:00Z", "end": "2026-11-30T10:00:00Z"}]
    vendor.answer = says(
        {
            "calendars": {
                "primary": {"busy": busy},
                "bo@x.example": {"busy": []},
                "zoe@x.example": {"errors": [{"reason": "notFound"}], "busy": []},
            }
        }
    )
    guests = ("bo@x.example", "zoe@x.example")
    found = await calendar.busy(TOKEN, start=START, end=END, guests=guests)
    first = datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert found.busy == (BusyTime(first, first.replace(hour=10)),)
    assert found.seen == {"bo@x.example"}


async def test_ones_own_calendar_without_an_answer_is_no_free_week(vendor, calendar):
    vendor.answer = says({"calendars": {"primary": {"errors": [{"reason": "internalError"}]}}})
    with pytest.raises(RefusedByVendor):
        await calendar.busy(TOKEN, start=START, end=END, guests=())


async def test_all_day_entries_and_the_zone_are_read(vendor, calendar):
    day = {"start": {"date": "2026-12-01"}, "end": {"date": "2026-12-03"}, "summary": "Vacation"}
    timed = {"start": {"dateTime": "2026-12-01T09:00:00Z"}, "summary": "Call"}
    vendor.answer = says({"timeZone": "Europe/Rome", "items": [day, timed]})
    found = await calendar.days(TOKEN, start=START, end=END)
    assert found.zone == "Europe/Rome"
    assert found.entries == (("2026-12-01", "2026-12-03", "Vacation"),)


@pytest.mark.parametrize(
    ("state", "read"), [("pending", MeetState.PENDING), ("failure", MeetState.FAILED)]
)
async def test_a_room_that_is_not_there_yet_is_told_from_one_that_failed(
    vendor, calendar, state, read
):
    request = {"createRequest": {"status": {"statusCode": state}}}
    vendor.answer = says({**MADE, "conferenceData": request})
    found = await calendar.get(TOKEN, "abc0123")
    assert found is not None
    assert found.meet is read
