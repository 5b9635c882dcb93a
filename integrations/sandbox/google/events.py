"""The cast's calendar: every meeting that was on one, and the stand-ups of the next days."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from integrations.sandbox.kit.world import Guest, Meeting, Person, World

DAYS_AHEAD = 14


def cast_events(world: World, email: str) -> Iterator[dict[str, Any]]:
    """The events an account has without anybody adding one."""
    person = world.person_by_email(email)
    if person is None:
        return
    for meeting in world.meetings:
        invited = any(guest.email == email for guest in meeting.guests)
        if meeting.calendar_title and (invited or meeting.owner is person):
            yield _meeting_event(meeting)
    yield from _stand_ups(world.started_at, person)


def timed(moment: datetime, zone: str) -> dict[str, str]:
    """A moment as Calendar writes it, in the calendar's zone."""
    local = moment.astimezone(ZoneInfo(zone))
    return {"dateTime": local.isoformat(timespec="seconds"), "timeZone": zone}


def _meeting_event(meeting: Meeting) -> dict[str, Any]:
    owner = meeting.owner
    organizer = Guest(owner.real_name, owner.email, is_external=False)
    attendees = {g.email: g for g in (organizer, *meeting.guests) if g.email}
    return {
        "id": f"m{meeting.recording_id}",
        "summary": meeting.calendar_title,
        "start": timed(meeting.started_at.replace(second=0, microsecond=0), owner.tz),
        "end": timed(meeting.ended_at.replace(second=0, microsecond=0), owner.tz),
        "created": meeting.started_at - timedelta(days=3),
        "organizer": {"email": owner.email, "displayName": owner.real_name},
        "attendees": [_attendee(guest) for guest in attendees.values()],
    }


def _attendee(guest: Guest) -> dict[str, Any]:
    attendee = {
        "email": guest.email,
        "responseStatus": "declined" if guest.declined else "accepted",
    }
    return {**attendee, "displayName": guest.name} if guest.name else attendee


def _stand_ups(now: datetime, person: Person) -> Iterator[dict[str, Any]]:
    today = now.astimezone(ZoneInfo(person.tz)).date()
    for ahead in range(1, DAYS_AHEAD + 1):
        day = today + timedelta(days=ahead)
        if day.weekday() > 4:
            continue
        start = datetime.combine(day, time(9, 30), tzinfo=ZoneInfo(person.tz))
        yield {
            "id": f"standup{day:%Y%m%d}",
            "summary": "Stand-up",
            "start": timed(start, person.tz),
            "end": timed(start + timedelta(minutes=30), person.tz),
            "created": now - timedelta(days=30),
            "organizer": {"email": person.email, "displayName": person.real_name},
            "attendees": [],
        }
