"""What a form for the CRM begins with: whom it is about, and a day and time that make sense."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from services.actors import Actor
from services.clock import known_zone
from services.crm.index import CrmIndex, CrmQuery
from services.crm.typed import TypedTask
from services.crm.wishes import ActivityTarget, TaskEntry
from services.people import Member, Members
from services.ports import Clock

# Proposed when nothing is said: tomorrow morning.
MORNING = time(9)
CONTACT: Final = "contact"
ACCOUNT: Final = "account"


class ActivityForms:
    """Reads the index; nothing leaves the process, so a form opens at once."""

    def __init__(self, index: CrmIndex, members: Members, clock: Clock) -> None:
        self._index = index
        self._members = members
        self._clock = clock

    async def today(self, actor: Actor) -> date:
        """The day it is where the member is."""
        return (await self._now(actor)).date()

    async def task(self, actor: Actor, typed: TypedTask, description: str = "") -> TaskEntry:
        """A task with what was typed, and sensible values for what was not."""
        now = await self._now(actor)
        day, at = _moment(typed, now)
        return TaskEntry(
            about=await self._named(actor, typed.email),
            type=typed.type or "call",
            subject=typed.subject,
            day=day.isoformat(),
            at=f"{at:%H:%M}",
            zone=_zone(await self._members.who(actor)).key,
            description=description,
        )

    async def target(
        self, actor: Actor, kind: str, record_id: str, *, deal_id: str = ""
    ) -> ActivityTarget | None:
        """The contact or account as the index has it, with one of its deals; None when unknown."""
        contact = await self._index.contact(actor, record_id) if kind == CONTACT else None
        account_id = contact.account_id if contact else record_id if kind == ACCOUNT else ""
        account = await self._index.account(actor, account_id) if account_id else None
        if contact is None and account is None:
            return None
        deals = await self._index.open_deals(actor, account_id) if deal_id else ()
        deal = next((one for one in deals if one.id == deal_id), None)
        return ActivityTarget(
            account_id=account_id,
            account=account.name if account else "",
            contact_id=contact.id if contact else "",
            contact=contact.name if contact else "",
            deal_id=deal.id if deal else "",
            deal=deal.name if deal else "",
        )

    async def _named(self, actor: Actor, email: str) -> ActivityTarget | None:
        """The one contact with exactly this address; None when there are none or several."""
        if not email:
            return None
        hits = await self._index.search(actor, CrmQuery(email, kinds=(CONTACT,)))
        same = [hit for hit in hits if hit.email == email]
        return await self.target(actor, CONTACT, same[0].id) if len(same) == 1 else None

    async def _now(self, actor: Actor) -> datetime:
        return self._clock().astimezone(_zone(await self._members.who(actor)))


def _moment(typed: TypedTask, now: datetime) -> tuple[date, time]:
    if typed.at is None:
        day = typed.day or now.date() + timedelta(days=1)
        return day, MORNING if day > now.date() else _next_hour(now)
    if typed.day is not None:
        return typed.day, typed.at
    # A time that is over today is meant for tomorrow.
    over = typed.at <= now.time().replace(tzinfo=None)
    return now.date() + timedelta(days=1 if over else 0), typed.at


def _next_hour(now: datetime) -> time:
    return time(min(now.hour + 1, 23), 0 if now.hour < 23 else 59)


def _zone(member: Member) -> ZoneInfo:
    return known_zone(member.tz) or ZoneInfo("UTC")
