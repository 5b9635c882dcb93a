"""Calendar's events and free/busy through Google's own client and by hand (contract D2)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from googleapiclient.errors import HttpError

from integrations.sandbox.google.vendor import Google
from tests.sandbox.google.google_stage import calendar, connect, relaxed, run
from tests.sandbox.outside_stage import FIRST_ID, Outside, outside


@pytest_asyncio.fixture
async def world(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Outside]:
    relaxed(monkeypatch)
    async with outside() as started:
        yield started


async def test_the_calendar_knows_who_declined(world: Outside) -> None:
    credentials = await connect(world)
    events = calendar(world, credentials).events()
    found = await run(
        events.list(
            calendarId="primary",
            timeMin="2026-11-18T00:00:00Z",
            timeMax="2026-11-19T00:00:00Z",
            singleEvents=True,
            orderBy="startTime",
        ).execute
    )
    kestrel = next(e for e in found["items"] if e["id"] == f"m{FIRST_ID + 103}")
    answers = {a["email"]: a["responseStatus"] for a in kestrel["attendees"]}
    assert answers["anouk@kestrelfreight.example"] == "declined"
    assert answers["dario.quint@kestrelfreight.example"] == "accepted"
    starts = [event["start"]["dateTime"] for event in found["items"]]
    assert len(starts) >= 3


def event(**changes: Any) -> dict[str, Any]:
    return {
        "summary": "Call",
        "start": {"dateTime": "2026-11-24T10:30:00", "timeZone": "Europe/London"},
        "end": {"dateTime": "2026-11-24T11:00:00", "timeZone": "Europe/London"},
        "attendees": [{"email": "owen@hartwell-logistics.example"}],
        **changes,
    }


async def test_an_event_is_made_once_shows_as_busy_and_goes(world: Outside) -> None:
    credentials = await connect(world)
    service = calendar(world, credentials)
    meet = {"createRequest": {"requestId": "r1", "conferenceSolutionKey": {"type": "hangoutsMeet"}}}
    insert = service.events().insert(
        calendarId="primary",
        body=event(id="seguito0001", conferenceData=meet),
        conferenceDataVersion=1,
        sendUpdates="none",
    )
    made = await run(insert.execute)
    assert made["hangoutLink"].startswith("https://meet.google.com/")
    assert made["attendees"][0]["responseStatus"] == "needsAction"
    with pytest.raises(HttpError) as conflict:
        await run(
            service.events().insert(calendarId="primary", body=event(id="seguito0001")).execute
        )
    assert conflict.value.status_code == 409
    body = {
        "timeMin": "2026-11-24T10:00:00Z",
        "timeMax": "2026-11-24T12:00:00Z",
        "items": [{"id": "primary"}, {"id": "owen@hartwell-logistics.example"}],
    }
    busy = (await run(service.freebusy().query(body=body).execute))["calendars"]
    assert {"start": "2026-11-24T10:30:00Z", "end": "2026-11-24T11:00:00Z"} in busy["primary"][
        "busy"
    ]
    assert busy["owen@hartwell-logistics.example"]["errors"][0]["reason"] == "notFound"
    delete = service.events().delete(calendarId="primary", eventId="seguito0001")
    await run(delete.execute)
    with pytest.raises(HttpError) as gone:
        await run(delete.execute)
    assert gone.value.status_code == 410


@pytest.mark.parametrize(
    "change",
    [
        {"id": "UPPER"},
        {"end": {"dateTime": "2026-11-24T10:00:00", "timeZone": "Europe/London"}},
        {"start": {"dateTime": "tomorrow"}},
        {"start": {"dateTime": "2026-11-24T10:30:00"}},
        {"attendees": [{"email": "nobody"}]},
        {"title": "x"},
    ],
)
async def test_a_wrong_event_is_refused(world: Outside, change: dict[str, Any]) -> None:
    credentials = await connect(world)
    bearer = {"Authorization": f"Bearer {credentials.token}"}
    path = "/gcal/calendar/v3/calendars/primary/events"
    reply = await world.http.post(path, json=event(**change), headers=bearer)
    assert reply.status_code == 400
    assert reply.json()["error"]["code"] == 400


async def test_colleagues_are_seen_and_a_room_may_take_its_time(world: Outside) -> None:
    credentials = await connect(world)
    accounts = world.sandbox.of(Google).accounts
    accounts.meet_after = 2
    service = calendar(world, credentials)
    meet = {"createRequest": {"requestId": "r1", "conferenceSolutionKey": {"type": "hangoutsMeet"}}}
    guest = {"email": "giulia@altamarea.example"}
    insert = service.events().insert(
        calendarId="primary",
        body=event(id="seguito0002", conferenceData=meet, attendees=[guest]),
        conferenceDataVersion=1,
        sendUpdates="all",
    )
    made = await run(insert.execute)
    read = service.events().get(calendarId="primary", eventId="seguito0002").execute
    states = []
    for _ in range(2):
        found = await run(read)
        states.append(found["conferenceData"]["createRequest"]["status"]["statusCode"])
    assert made["conferenceData"]["createRequest"]["status"]["statusCode"] == "pending"
    assert states == ["pending", "success"]
    body = {
        "timeMin": "2026-11-24T10:00:00Z",
        "timeMax": "2026-11-24T12:00:00Z",
        "items": [{"id": guest["email"]}],
    }
    busy = (await run(service.freebusy().query(body=body).execute))["calendars"]
    assert busy[guest["email"]]["busy"] != []
    kept = accounts.events_of("ada@altamarea.example")["seguito0002"]
    assert kept["mailed"] == [{"kind": "invitation", "to": [guest["email"]]}]
