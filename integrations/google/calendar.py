"""The verbs we need of Google Calendar's own calendar of a person: free/busy and single events."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from integrations.errors import RefusedByVendor
from integrations.google.client import Google
from integrations.google.errors import NOT_FOUND, VENDOR
from integrations.google.types import (
    BusyTime,
    CalendarDays,
    CalendarEvent,
    FreeBusy,
    MeetState,
    NewEvent,
)
from integrations.json_fields import Record, moment, record, records, text

PRIMARY = "primary"
# FreeBusyRequest.calendarExpansionMax of the discovery document calendar.v3.
MOST_CALENDARS = 50
EVENTS = 250
# What an insert answers when the id is taken, also by an event that was deleted since, and a
# delete when the event is gone already (developers.google.com/calendar/api/guides/errors).
DUPLICATE = "duplicate"
DELETED = "deleted"
GONE = frozenset({NOT_FOUND, DELETED, "410"})
TAKEN = frozenset({DUPLICATE, "409", "ALREADY_EXISTS"})
CANCELLED = "cancelled"
MEET = {"conferenceSolutionKey": {"type": "hangoutsMeet"}}
ALL, NOBODY = "all", "none"


class GoogleCalendar:
    """Reads when people are busy and writes events, with members' access tokens.

    Fails as `Google` does, on whose threads it works.
    """

    def __init__(self, google: Google) -> None:
        self._google = google

    async def busy(
        self, access_token: str, *, start: datetime, end: datetime, guests: Sequence[str]
    ) -> FreeBusy:
        """When the person, and those guests whose calendar they may see, are busy.

        One call (calendar.freebusy.query); guests beyond its fifty calendars count as unseen.
        """
        asked = (PRIMARY, *guests[: MOST_CALENDARS - 1])
        body = {
            "timeMin": start.astimezone(UTC).isoformat(),
            "timeMax": end.astimezone(UTC).isoformat(),
            "items": [{"id": name} for name in asked],
        }
        request = self._google.calendar.freebusy().query(body=body)
        answer = await self._google.execute(
            "freebusy.query", access_token, lambda call: call(request)
        )
        found = record(answer.get("calendars"))
        shown = {name: record(found.get(name)) for name in asked}
        if records(shown[PRIMARY].get("errors")) or PRIMARY not in found:
            raise RefusedByVendor(VENDOR, "freebusy", "no answer for the person's own calendar")
        seen = [name for name, one in shown.items() if one and not records(one.get("errors"))]
        times = (time for name in seen for time in _times(shown[name]))
        return FreeBusy(tuple(times), frozenset(seen) - {PRIMARY})

    async def days(self, access_token: str, *, start: datetime, end: datetime) -> CalendarDays:
        """The calendar's own zone, and the all-day entries of that time (which rarely count as
        busy: "Vacation" is entered as free)."""
        request = self._google.calendar.events().list(
            calendarId=PRIMARY,
            timeMin=start.astimezone(UTC).isoformat(),
            timeMax=end.astimezone(UTC).isoformat(),
            singleEvents=True,
            maxResults=EVENTS,
        )
        answer = await self._google.execute("events.list", access_token, lambda call: call(request))
        shown = (one for one in records(answer.get("items")) if text(one, "status") != CANCELLED)
        days = (
            (
                text(record(one.get("start")), "date"),
                text(record(one.get("end")), "date"),
                text(one, "summary"),
            )
            for one in shown
        )
        return CalendarDays(text(answer, "timeZone"), tuple(day for day in days if day[0]))

    async def insert(self, access_token: str, event: NewEvent) -> CalendarEvent:
        """Write the event once: its id is taken afterwards, so a repeat finds the first.

        Without `invite` it has no attendees at all: Google mails some guests whatever is asked for.
        A deleted event keeps its id taken; then the answer is that one, `cancelled`.
        """
        request = self._google.calendar.events().insert(
            calendarId=PRIMARY,
            body=_body(event),
            sendUpdates=ALL if event.invite and event.guests else NOBODY,
            conferenceDataVersion=1,
        )
        try:
            answer = await self._google.execute(
                "events.insert", access_token, lambda call: call(request)
            )
        except RefusedByVendor as refused:
            if refused.code not in TAKEN:
                raise
            found = await self.get(access_token, event.id)
            if found is None:
                raise
            return found
        return _event(answer)

    async def get(self, access_token: str, event_id: str) -> CalendarEvent | None:
        """The event, deleted ones as `cancelled`; None when there never was one."""
        request = self._google.calendar.events().get(calendarId=PRIMARY, eventId=event_id)
        try:
            answer = await self._google.execute(
                "events.get", access_token, lambda call: call(request)
            )
        except RefusedByVendor as refused:
            if refused.code in GONE:
                return None
            raise
        return _event(answer)

    async def delete(self, access_token: str, event_id: str, *, tell_guests: bool) -> bool:
        """Delete it and, if so wanted, have Google write to its guests; False: it was gone."""
        request = self._google.calendar.events().delete(
            calendarId=PRIMARY, eventId=event_id, sendUpdates=ALL if tell_guests else NOBODY
        )
        try:
            await self._google.execute("events.delete", access_token, lambda call: call(request))
        except RefusedByVendor as refused:
            if refused.code in GONE:
                return False
            raise
        return True


def _body(event: NewEvent) -> Record:
    body: dict[str, object] = {
        "id": event.id,
        "summary": event.title,
        "description": event.description,
        "start": _at(event.start, event.zone),
        "end": _at(event.end, event.zone),
    }
    if event.invite and event.guests:
        body["attendees"] = [{"email": guest} for guest in event.guests]
    if event.meet:
        # One room per event: a request id that was used before is ignored.
        body["conferenceData"] = {"createRequest": {**MEET, "requestId": event.id}}
    return body


def _at(at: datetime, zone: str) -> Record:
    """Local time without offset beside its zone: one form, exact across clock changes."""
    wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return {"dateTime": wall.isoformat(timespec="seconds"), "timeZone": zone}


def _times(calendar: Record) -> list[BusyTime]:
    pairs = ((moment(one, "start"), moment(one, "end")) for one in records(calendar.get("busy")))
    return [BusyTime(start, end) for start, end in pairs if start and end]


def _event(answer: Record) -> CalendarEvent:
    event_id = text(answer, "id")
    if not event_id:
        raise RefusedByVendor(VENDOR, "malformed", "an event without id")
    request = record(record(answer.get("conferenceData")).get("createRequest"))
    state = text(record(request.get("status")), "statusCode")
    link = text(answer, "hangoutLink")
    return CalendarEvent(
        id=event_id,
        url=text(answer, "htmlLink"),
        meet_url=link,
        meet=MeetState.READY if link else _meet(state),
        cancelled=text(answer, "status") == CANCELLED,
        guests=tuple(text(one, "email") for one in records(answer.get("attendees"))),
    )


def _meet(state: str) -> MeetState:
    known = {"pending": MeetState.PENDING, "failure": MeetState.FAILED}
    return known.get(state, MeetState.NONE)
