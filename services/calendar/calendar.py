"""A member's calendar: proposed times, and events that are written once and can be taken back."""

import asyncio
import base64
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from integrations.errors import AuthExpired, RefusedByVendor
from integrations.google.calendar import GoogleCalendar
from integrations.google.types import (
    NO_SCOPE,
    CalendarDays,
    CalendarEvent,
    FreeBusy,
    MeetState,
    NewEvent,
)
from services.actors import Actor
from services.calendar.events import EventPlan, EventWish, description, planned
from services.calendar.slots import (
    DAYS_AHEAD,
    Agreement,
    TimeRange,
    WorkingHours,
    free_times,
    is_free,
    length,
    read_agreement,
)
from services.clock import known_zone
from services.connections import GOOGLE, Gmail
from services.errors import (
    Conflict,
    Disconnected,
    Invalid,
    Temporary,
    translate_vendor_errors,
)
from services.people import Member, Members
from services.phrases import Phrase
from services.ports import Clock

T = TypeVar("T")

NO_TZ = "UTC"
FREE, TAKEN, OVER, NOT_AGREED = "free", "taken", "over", ""

NEEDS_GOOGLE = Phrase(
    "Connect Google first: I need it to see when you are free and to write the event.",
    "Prima collega Google: mi serve per vedere quando sei libero e per scrivere l’evento.",
)
NEEDS_PERMISSION = Phrase(
    "Google was not allowed to show me your calendar. Connect it again and leave all ticked.",
    "Google non mi lascia vedere il tuo calendario. Ricollegalo e lascia tutto selezionato.",
)
NO_ZONE = Phrase(
    "I do not know your time zone. Set it in Slack (Preferences › Language & Region), then try "
    "again.",
    "Non conosco il tuo fuso orario. Impostalo in Slack (Preferenze › Lingua e area geografica) e "
    "riprova.",
)
WAS_DELETED = Phrase(
    "The event was created and has been deleted in Google Calendar since.",
    "L’evento è stato creato e poi eliminato in Google Calendar.",
)
ROOM_ON_ITS_WAY = Phrase(
    "Google is still making the Meet link.", "Google sta ancora creando il link Meet."
)


@dataclass(frozen=True, slots=True)
class ProposedTime:
    """A free time; `agreed` is the one of the meeting, `all_day` names what is entered that day."""

    time: TimeRange
    agreed: bool = False
    all_day: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposals:
    """Free times, the agreed one first; all local to `zone`.

    `agreed` says how the agreed time stands (free, taken, over), `agreed_at` when that was.
    `other_zone` is the calendar's own where clocks there differ. `seen`: guests whose calendar was
    looked at, too.
    """

    times: tuple[ProposedTime, ...]
    zone: str
    other_zone: str = ""
    agreed: str = NOT_AGREED
    agreed_at: datetime | None = None
    seen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class EventReceipt:
    """An event that exists; `meet_url` is "" without a room, `room_failed` when none came."""

    id: str
    url: str
    meet_url: str
    room_failed: bool
    invited: tuple[str, ...]


class Calendar:
    """Looks into a member's main Google calendar and writes there, as that member."""

    def __init__(
        self, google: GoogleCalendar, gmail: Gmail, members: Members, clock: Clock
    ) -> None:
        self._google = google
        self._gmail = gmail
        self._members = members
        self._clock = clock

    async def propose(
        self, actor: Actor, *, minutes: int, guests: tuple[str, ...], stated: str = ""
    ) -> Proposals:
        """Free times for the member and those guests whose calendar is visible to them.

        `stated` is the next meeting as a draft keeps it. Raises Disconnected, Temporary, Invalid.
        """
        now, member = self._clock(), await self._members.who(actor)
        end = now + timedelta(days=DAYS_AHEAD + 2)
        agreed_at = read_agreement(stated, _zone(member, "") or ZoneInfo(NO_TZ))
        if agreed_at is not None and agreed_at.at is not None:
            end = max(end, min(agreed_at.at + timedelta(days=1), now + timedelta(days=60)))

        async def look(token: str) -> tuple[FreeBusy, CalendarDays]:
            return await asyncio.gather(
                self._google.busy(token, start=now, end=end, guests=guests),
                self._google.days(token, start=now, end=end),
            )

        busy, days = await self._using(actor, look)
        zone = _zone(member, days.zone)
        if zone is None:
            raise Invalid(NO_ZONE)
        taken = tuple(TimeRange(one.start, one.end) for one in busy.busy)
        found = free_times(taken, now=now, zone=zone, minutes=minutes, hours=WorkingHours())
        agreement = read_agreement(stated, zone)
        state, times = _with_agreed(agreement, found, taken, minutes=minutes, now=now)
        return Proposals(
            times=tuple(_noted(one, state, agreement, days) for one in times),
            zone=zone.key,
            other_zone=_other_zone(zone, days.zone, now),
            agreed=state,
            agreed_at=agreement.at if agreement else None,
            seen=busy.seen,
        )

    async def plan(self, actor: Actor, wish: EventWish, *, zone: str = "") -> EventPlan:
        """The wish as an event that can be written, in `zone` or else the member's own.

        Raises Invalid that names the field; asks nobody outside.
        """
        known = known_zone(zone) or _zone(await self._members.who(actor), "")
        if known is None:
            raise Invalid(NO_ZONE, field="time")
        return planned(wish, known, self._clock())

    async def connected(self, actor: Actor) -> None:
        """Return when the member's Google is connected; raises Disconnected."""
        try:
            await self._gmail.connected(actor)
        except Disconnected as error:
            raise Disconnected(NEEDS_GOOGLE, vendor=GOOGLE) from error

    async def create(self, actor: Actor, plan: EventPlan, key: str) -> EventReceipt:
        """Write the event, once for each `key`: a repeat finds the first.

        Raises Conflict when that was deleted by hand meanwhile, Disconnected, Temporary.
        """
        event = _new(plan, event_id(key))
        made = await self._using(actor, lambda token: self._google.insert(token, event))
        if made.cancelled:
            raise Conflict(WAS_DELETED)
        return _receipt(made, plan)

    async def look(self, actor: Actor, plan: EventPlan, receipt_id: str) -> EventReceipt:
        """The event as it is now; raises Temporary while its room is still being made."""
        found = await self._using(actor, lambda token: self._google.get(token, receipt_id))
        if found is None or found.cancelled:
            raise Conflict(WAS_DELETED)
        if found.meet is MeetState.PENDING:
            raise Temporary(ROOM_ON_ITS_WAY)
        return _receipt(found, plan)

    async def remove(self, actor: Actor, receipt_id: str, *, tell_guests: bool) -> bool:
        """Delete the event; Google writes to its guests if so wanted. False: it was gone."""
        return await self._using(
            actor, lambda token: self._google.delete(token, receipt_id, tell_guests=tell_guests)
        )

    async def _using(self, actor: Actor, work: Callable[[str], Awaitable[T]]) -> T:
        """Work with a token that Google takes; one that died before its time is renewed once."""
        await self.connected(actor)
        access = await self._gmail.access(actor)
        try:
            return await self._translated(work(access.token))
        except AuthExpired:
            await self._gmail.refused(actor, access)
        renewed = await self._gmail.access(actor)
        with translate_vendor_errors("Google"):
            return await self._translated(work(renewed.token))

    async def _translated(self, asking: Awaitable[T]) -> T:
        with translate_vendor_errors("Google", let_through=(AuthExpired,)):
            try:
                return await asking
            except RefusedByVendor as refused:
                if refused.code in NO_SCOPE:
                    raise Disconnected(NEEDS_PERMISSION, vendor=GOOGLE) from refused
                raise


def event_id(key: str) -> str:
    """An id Google takes (base32hex), the same for the same key."""
    digest = hashlib.sha256(key.encode()).digest()[:20]
    return base64.b32hexencode(digest).decode().lower()


def _new(plan: EventPlan, own_id: str) -> NewEvent:
    when = plan.time
    return NewEvent(
        id=own_id,
        title=plan.title,
        description=description(plan),
        start=when.start,
        end=when.end,
        zone=plan.zone,
        guests=plan.guests,
        invite=plan.invite,
        meet=plan.meet,
    )


def _receipt(made: CalendarEvent, plan: EventPlan) -> EventReceipt:
    failed = plan.meet and made.meet in (MeetState.FAILED, MeetState.NONE)
    return EventReceipt(made.id, made.url, made.meet_url, failed, plan.invited)


def _zone(member: Member, calendar: str) -> ZoneInfo | None:
    """Slack's, where it says one that exists; else the calendar's.

    UTC is what is kept of a person for whom Slack says none.
    """
    said = known_zone(member.tz)
    return said if said and said.key != NO_TZ else known_zone(calendar) or said


def _with_agreed(
    agreement: Agreement | None,
    found: tuple[TimeRange, ...],
    busy: tuple[TimeRange, ...],
    *,
    minutes: int,
    now: datetime,
) -> tuple[str, tuple[TimeRange, ...]]:
    """How the agreed time stands, and the times with it, or its day, first."""
    if agreement is None:
        return NOT_AGREED, found
    if agreement.at is None:
        first = tuple(one for one in found if one.start.date() == agreement.day)
        return NOT_AGREED, (*first, *(one for one in found if one not in first))
    if agreement.at <= now:
        return OVER, found
    agreed = length(agreement.at, minutes)
    if not is_free(agreed, busy):
        return TAKEN, found
    return FREE, (agreed, *(one for one in found if one.start != agreed.start))


def _noted(
    one: TimeRange, state: str, agreement: Agreement | None, days: CalendarDays
) -> ProposedTime:
    day = one.start.date().isoformat()
    names = tuple(title for begin, end, title in days.entries if begin <= day < end)
    agreed = state == FREE and agreement is not None and one.start == agreement.at
    return ProposedTime(one, agreed, names)


def _other_zone(zone: ZoneInfo, calendar: str, now: datetime) -> str:
    """The calendar's zone where its clocks differ now, or will within the proposed days."""
    other = known_zone(calendar)
    if other is None:
        return ""
    moments = (now, now + timedelta(days=DAYS_AHEAD))
    same = all(
        at.astimezone(UTC).astimezone(zone).utcoffset()
        == at.astimezone(UTC).astimezone(other).utcoffset()
        for at in moments
    )
    return "" if same else calendar
