"""Calendar's events and free/busy, strict to the discovery document calendar.v3."""

import re
import secrets
from collections.abc import Mapping, Set
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiohttp import web

from integrations.sandbox.google.accounts import EVENTS, FREE_BUSY, GoogleAccounts, refused
from integrations.sandbox.google.gmail import STANDARD

Event = dict[str, Any]

LIST_QUERY = frozenset(
    {
        "timeMin",
        "timeMax",
        "timeZone",
        "singleEvents",
        "orderBy",
        "maxResults",
        "pageToken",
        "q",
        "showDeleted",
        "iCalUID",
        "maxAttendees",
        "updatedMin",
        "eventTypes",
    }
)
INSERT_QUERY = frozenset(
    {"sendUpdates", "conferenceDataVersion", "supportsAttachments", "maxAttendees"}
)
EVENT_FIELDS = frozenset(
    {
        "id",
        "summary",
        "description",
        "location",
        "start",
        "end",
        "attendees",
        "recurrence",
        "reminders",
        "transparency",
        "visibility",
        "status",
        "conferenceData",
        "guestsCanModify",
        "guestsCanInviteOthers",
        "colorId",
        "source",
        "guestsCanSeeOtherGuests",
        "extendedProperties",
        "attachments",
        "eventType",
    }
)
OWN_ID = re.compile(r"[a-v0-9]{5,1024}")  # base32hex, contract D2
RESPONSES = ("needsAction", "declined", "tentative", "accepted")
USUAL_PAGE, LARGEST_PAGE = 250, 2500
MOST_CALENDARS = 50
FREE_BUSY_FIELDS = frozenset(
    {"timeMin", "timeMax", "timeZone", "items", "groupExpansionMax", "calendarExpansionMax"}
)
UPDATES = ("all", "externalOnly", "none")


class CalendarApi:
    """The handlers of the primary calendar of each account."""

    def __init__(self, accounts: GoogleAccounts) -> None:
        self._accounts = accounts

    async def listing(self, request: web.Request) -> web.Response:
        """GET events between two times, ordered by start."""
        email, events = self._calendar(request, LIST_QUERY)
        after, before = (_time(request.query.get(name)) for name in ("timeMin", "timeMax"))
        query = request.query
        if query.get("orderBy") == "startTime" and query.get("singleEvents") != "true":
            raise refused(400, "The requested ordering is not available for the particular query.")
        words = query.get("q", "").lower()
        found = [
            event
            for event in events.values()
            if (after is None or _end(event) > after)
            and (before is None or _start(event) < before)
            and words in _text(event)
            and event.get("status") != "cancelled"
        ]
        page = _page(sorted(found, key=_start), email, query)
        return web.json_response({**page, "timeZone": self._accounts.zone_of(email)})

    async def read(self, request: web.Request) -> web.Response:
        """GET one event."""
        email, events = self._calendar(request, frozenset({"maxAttendees", "timeZone"}))
        event = _one(events, request)
        _wait_for_room(event, self._accounts.meet_after)
        return web.json_response(_event_json(event, email))

    async def insert(self, request: web.Request) -> web.Response:
        """POST an event; an own id that exists already conflicts."""
        email, events = self._calendar(request, INSERT_QUERY)
        updates = _choice(request, "sendUpdates", UPDATES)
        version = _choice(request, "conferenceDataVersion", ("0", "1"))
        event = await _event(request)
        event.setdefault("id", secrets.token_hex(13))
        if event["id"] in events:
            raise refused(409, "The requested identifier already exists.")
        event |= {"organizer": {"email": email}, "created": datetime.now(UTC)}
        _confer(event, version == "1")
        _wait_for_room(event, self._accounts.meet_after)
        events[event["id"]] = event
        for guest in self._guests(event):
            self._accounts.events_of(guest)[event["id"]] = event
        self._mail(event, "invitation", updates)
        self._accounts.changed()
        return web.json_response(_event_json(event, email))

    async def remove(self, request: web.Request) -> web.Response:
        """DELETE an event; a second time it is gone."""
        _, events = self._calendar(request, frozenset({"sendUpdates", "sendNotifications"}))
        updates = _choice(request, "sendUpdates", UPDATES)
        event = _one(events, request)
        if event.get("status") == "cancelled":
            raise refused(410, "Resource has been deleted", "deleted")
        event["status"] = "cancelled"
        self._mail(event, "cancellation", updates)
        self._accounts.changed()
        return web.Response(status=204)

    async def free_busy(self, request: web.Request) -> web.Response:
        """POST freeBusy for some calendars; those one may not see are not found."""
        grant = self._accounts.grant_of(request, FREE_BUSY)
        body = await _json(request)
        unknown = set(body) - FREE_BUSY_FIELDS
        if unknown:
            raise refused(400, f'Unknown name "{sorted(unknown)[0]}"')
        after, before = _time(body.get("timeMin")), _time(body.get("timeMax"))
        if after is None or before is None or after >= before:
            raise refused(400, "The specified time range is empty.", "timeRangeEmpty")
        names = [str(item.get("id")) for item in body.get("items") or []]
        shown = {"kind": "calendar#freeBusy", "timeMin": _stamp(after), "timeMax": _stamp(before)}
        calendars = {}
        for place, name in enumerate(names):
            owner = grant.email if name == "primary" else name.lower()
            if place >= MOST_CALENDARS:
                calendars[name] = _unseen("tooManyCalendarsRequested")
            elif owner not in self._accounts.readers_of(grant.email):
                calendars[name] = _unseen("notFound")
            else:
                calendars[name] = {"busy": self._busy(owner, after, before)}
        return web.json_response({**shown, "calendars": calendars})

    def _guests(self, event: Event) -> list[str]:
        """Those attendees who have a calendar here."""
        emails = [str(a["email"]).lower() for a in event.get("attendees") or []]
        return [email for email in emails if self._accounts.world.person_by_email(email)]

    def _mail(self, event: Event, kind: str, updates: str | None) -> None:
        """Google writes to the guests when it is told to; unsaid is not told."""
        guests = [str(a["email"]) for a in event.get("attendees") or []]
        here = set(self._guests(event)) if updates == "externalOnly" else set()
        to = [guest for guest in guests if guest.lower() not in here]
        if updates in ("all", "externalOnly") and to:
            event.setdefault("mailed", []).append({"kind": kind, "to": to})

    def _calendar(self, request: web.Request, known: Set[str]) -> tuple[str, dict[str, Event]]:
        grant = self._accounts.grant_of(request, EVENTS)
        unknown = {name for name in request.query if not name.startswith("$")} - known - STANDARD
        if unknown:
            raise refused(400, f'Unknown name "{sorted(unknown)[0]}"', "invalidParameter")
        if request.match_info["calendar"] not in ("primary", grant.email):
            raise refused(404, "Not Found")
        return grant.email, self._accounts.events_of(grant.email)

    def _busy(self, email: str, after: datetime, before: datetime) -> list[dict[str, str]]:
        events = self._accounts.events_of(email).values()
        taken = [
            event
            for event in events
            if event.get("transparency") != "transparent"
            and event.get("status") != "cancelled"
            and _end(event) > after
            and _start(event) < before
        ]
        return [
            {"start": _stamp(_start(event)), "end": _stamp(_end(event))}
            for event in sorted(taken, key=_start)
        ]


async def _event(request: web.Request) -> Event:
    body = await _json(request)
    unknown = set(body) - EVENT_FIELDS
    if unknown:
        raise refused(400, f'Unknown name "{sorted(unknown)[0]}"')
    for side in ("start", "end"):
        if not isinstance(body.get(side), dict):
            raise refused(400, f"Missing {side} time.", "required")
        _check_zone(body[side], side)
    if _end(body) <= _start(body):
        raise refused(400, "The specified time range is empty.", "timeRangeEmpty")
    if "id" in body and not OWN_ID.fullmatch(str(body["id"])):
        raise refused(400, "Invalid resource id value.", "invalid")
    for attendee in body.get("attendees") or []:
        _check_attendee(attendee)
    return body


def _check_zone(moment: Mapping[str, str], side: str) -> None:
    """A dateTime needs an offset, or a time zone beside it."""
    at = moment.get("dateTime")
    if at and "timeZone" not in moment and not re.search(r"(Z|[+-]\d\d:?\d\d)$", at):
        raise refused(400, f"Missing time zone definition for {side} time.", "required")


def _check_attendee(attendee: Event) -> None:
    if "@" not in str(attendee.get("email")):
        raise refused(400, "Invalid attendee email.", "invalid")
    if attendee.setdefault("responseStatus", "needsAction") not in RESPONSES:
        raise refused(400, "Invalid value for: responseStatus", "invalid")


def _confer(event: Event, wanted: bool) -> None:
    """A Meet room is on its way when one was asked for and the version allows it."""
    conference = event.pop("conferenceData", None) or {}
    asked = conference.get("createRequest")
    if not wanted or not asked:
        return
    if not asked.get("requestId"):
        raise refused(400, "Missing conference request id.", "required")
    event["conferenceData"] = {"createRequest": {**asked, "status": {"statusCode": "pending"}}}
    event["reads"] = 0


def _wait_for_room(event: Event, after: int | None) -> None:
    """The room is there after so many looks; None: it could not be made."""
    conference = event.get("conferenceData") or {}
    request = conference.get("createRequest") or {}
    if request.get("status", {}).get("statusCode") != "pending":
        return
    if after is None:
        request["status"] = {"statusCode": "failure"}
    elif event["reads"] >= after:
        code = secrets.token_hex(5)
        event["hangoutLink"] = f"https://meet.google.com/{code[:3]}-{code[3:7]}-{code[7:]}"
        request["status"] = {"statusCode": "success"}
        conference["conferenceId"] = code
        conference["entryPoints"] = [{"entryPointType": "video", "uri": event["hangoutLink"]}]
    event["reads"] += 1


def _unseen(reason: str) -> dict[str, Any]:
    return {"errors": [{"domain": "global", "reason": reason}], "busy": []}


def _page(events: list[Event], email: str, query: Mapping[str, str]) -> dict[str, Any]:
    limit = int(query.get("maxResults", USUAL_PAGE))
    start = int(query.get("pageToken", 0))
    if not 1 <= limit <= LARGEST_PAGE:
        raise refused(400, "Invalid value for maxResults", "invalidParameter")
    page = [_event_json(event, email) for event in events[start : start + limit]]
    more = {"nextPageToken": str(start + limit)} if start + limit < len(events) else {}
    return {"kind": "calendar#events", "summary": email, "items": page, **more}


def _event_json(event: Event, email: str) -> Event:
    attendees = [
        {**a, "self": True} if a.get("email") == email else a for a in event.get("attendees", [])
    ]
    known = {key: value for key, value in event.items() if key not in ("mailed", "reads")}
    return {
        "kind": "calendar#event",
        "status": "confirmed",
        **known,
        "attendees": attendees,
        "created": _stamp(event["created"]),
        "updated": _stamp(event["created"]),
        "htmlLink": f"https://www.google.com/calendar/event?eid={event['id']}",
        "iCalUID": f"{event['id']}@google.com",
    }


def _one(events: Mapping[str, Event], request: web.Request) -> Event:
    event = events.get(request.match_info["event"])
    if event is None:
        raise refused(404, "Not Found")
    return event


def _start(event: Event) -> datetime:
    return _moment(event["start"])


def _end(event: Event) -> datetime:
    return _moment(event["end"])


def _moment(side: Mapping[str, str]) -> datetime:
    try:
        zone = ZoneInfo(side.get("timeZone", "UTC"))
        moment = datetime.fromisoformat(side.get("dateTime") or side["date"])
    except (ValueError, KeyError, ZoneInfoNotFoundError):
        raise refused(400, "Invalid start or end time.", "invalid") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _time(text: str | None) -> datetime | None:
    """An RFC 3339 time; the offset is mandatory."""
    if text is None:
        return None
    try:
        moment: datetime | None = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise refused(400, "Bad Request: times need an offset", "badRequest")
    return moment


def _text(event: Event) -> str:
    people = " ".join(str(a.get("email")) for a in event.get("attendees", []))
    return f"{event.get('summary', '')} {event.get('description', '')} {people}".lower()


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _choice(request: web.Request, name: str, options: tuple[str, ...]) -> str | None:
    value = request.query.get(name)
    if value is not None and value not in options:
        raise refused(400, f"Invalid value for {name}", "invalidParameter")
    return value


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        raise refused(400, "Parse Error", "parseError") from None
    if not isinstance(body, dict):
        raise refused(400, "Parse Error", "parseError")
    return body
