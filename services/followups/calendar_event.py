"""The calendar event of a follow-up: the agreed meeting or a chosen time, written once."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from pydantic import TypeAdapter

from services.calendar import (
    FREE,
    PLAN,
    USUAL_LENGTH,
    WAS_DELETED,
    Calendar,
    EventPlan,
    EventReceipt,
    EventWish,
    Proposals,
    event_id,
)
from services.errors import Conflict, Disconnected, Temporary
from services.followups.actions import ActionEffect, ActionOrder, ActionPlan
from services.followups.progress import FollowUp
from services.formats import day_and_time, span
from services.phrases import Phrase, Plural
from services.ports import Clock

CALENDAR = "calendar"
# Google makes a room within seconds; longer nobody waits for it.
ROOM_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (0.5, 1, 2, 4))

CREATES = Phrase("“{title}” on {at} ({zone}): {facts}.", "“{title}”, {at} ({zone}): {facts}.")
WITH_MEET = Phrase("with a Meet link", "con link Meet")
INVITES = Plural(
    Phrase("1 guest gets an invitation", "1 ospite riceve l’invito"),
    Phrase("{n} guests get an invitation", "{n} ospiti ricevono l’invito"),
)
INVITES_NOBODY = Phrase("nobody is invited", "nessuno viene invitato")
CHOOSE_FIRST = Phrase(
    "No free time was agreed in the meeting. Choose one with “Change”.",
    "Nella riunione non è stato concordato un orario libero. Scegline uno con «Modifica».",
)
OVER = Phrase(
    "{at} is over already. Choose another time with “Change”.",
    "{at} è già passato. Scegli un altro orario con «Modifica».",
)
DELETED_SINCE = Phrase(
    "The event was created and has been deleted in Google Calendar since. Retry creates it anew.",
    "L’evento è stato creato e poi eliminato in Google Calendar. Con Riprova lo creo di nuovo.",
)
DELETES = Phrase(
    "The event of {at} is deleted from your calendar: {facts}.",
    "L’evento del {at} viene eliminato dal tuo calendario: {facts}.",
)
CANCELS = Plural(
    Phrase("1 guest gets a cancellation", "1 ospite riceve la cancellazione"),
    Phrase("{n} guests get a cancellation", "{n} ospiti ricevono la cancellazione"),
)
CANCELS_NOBODY = Phrase("nobody is written to", "nessuno riceve nulla")
INVITED = Plural(
    Phrase("1 guest was invited ({guests})", "1 ospite è stato invitato ({guests})"),
    Phrase("{n} guests were invited ({guests})", "{n} ospiti sono stati invitati ({guests})"),
)
INVITED_NOBODY = Phrase("nobody was written to", "nessuno ha ricevuto nulla")
ROOM_FOLLOWS = Phrase("its Meet link follows", "il link Meet arriverà")
NO_ROOM = Phrase("Google made no Meet link", "Google non ha creato il link Meet")


@dataclass(frozen=True, slots=True)
class EventKept:
    """What is kept of an event: how many ids it has used up, and the plan that may be written.

    Google gives the id of a deleted event to no other.
    """

    used: int = 0
    plan: EventPlan | None = None


KEPT: TypeAdapter[EventKept] = TypeAdapter(EventKept)


class CalendarEventAction:
    """Writes the next meeting into its owner's calendar, never twice."""

    name = CALENDAR
    renews = False

    def __init__(
        self,
        calendar: Calendar,
        clock: Clock,
        pauses: tuple[timedelta, ...] = ROOM_PAUSES,
    ) -> None:
        """`pauses` lie between the looks at whether a Meet room is there."""
        self._calendar = calendar
        self._clock = clock
        self._pauses = pauses

    async def check(self, order: ActionOrder) -> None:
        """Google is connected."""
        await self._calendar.connected(order.followup.actor)

    async def plan(self, order: ActionOrder) -> ActionPlan:
        """When, and who is written to; without an agreed or chosen time it must be chosen."""
        language = order.member.language
        try:
            plan = await self._planned(order)
        except Disconnected as error:
            return ActionPlan("", refusal=error.sentence(language), missing=error.vendor)
        facts = [WITH_MEET(language)] if plan.meet else []
        invited = plan.invited
        facts.append(INVITES(language, len(invited)) if invited else INVITES_NOBODY(language))
        at = span(plan.time.start, plan.time.end, language)
        values = {"at": at, "zone": plan.zone, "facts": ", ".join(facts)}
        return ActionPlan(CREATES(language, title=plan.title, **values))

    async def act(self, order: ActionOrder) -> ActionEffect:
        """Write the event, or find the one that an earlier try wrote."""
        kept = await self._without_another(order)
        plan = kept.plan or await self._planned(order)
        # Before the call: a repeat writes the same event, whatever has become free meanwhile.
        await order.keep(_dumped(EventKept(kept.used, plan)))
        try:
            made = await self._calendar.create(order.followup.actor, plan, _key(order, kept))
            made = await self._with_room(order, plan, made)
        except Conflict as error:
            if error.phrase is not WAS_DELETED:
                raise
            # Who orders it once more wants it once more.
            await order.keep(_dumped(EventKept(kept.used + 1)))
            raise Conflict(DELETED_SINCE) from error
        return ActionEffect(made.id, made.url, _note(plan, made, order.member.language))

    async def plan_undo(self, order: ActionOrder) -> ActionPlan:
        """Which event is deleted, and who hears of it."""
        language, plan = order.member.language, _kept(order).plan
        invited = plan.invited if plan else ()
        facts = CANCELS(language, len(invited)) if invited else CANCELS_NOBODY(language)
        at = day_and_time(plan.time.start, language) if plan else ""
        return ActionPlan(DELETES(language, at=at, facts=facts))

    async def undo(self, order: ActionOrder) -> str:
        """Delete it; guests who were invited get Google's cancellation, nobody else a word."""
        plan = _kept(order).plan
        await self._calendar.remove(
            order.followup.actor,
            order.receipt.external_id,
            tell_guests=bool(plan and plan.invited),
        )
        return ""

    async def _without_another(self, order: ActionOrder) -> EventKept:
        """What was kept; what an earlier try may have written by another plan is taken back."""
        kept = _kept(order)
        if kept.plan is None or not order.wish or PLAN.validate_json(order.wish) == kept.plan:
            return kept
        await self._calendar.remove(
            order.followup.actor,
            event_id(_key(order, kept)),
            tell_guests=bool(kept.plan.invited),
        )
        return EventKept(kept.used + 1)

    async def _planned(self, order: ActionOrder) -> EventPlan:
        """What was chosen, else the agreed time while it is free; raises Conflict."""
        if order.wish:
            plan = PLAN.validate_json(order.wish)
            if plan.start <= self._clock():
                at = day_and_time(plan.time.start, order.member.language)
                raise Conflict(OVER, at=at)
            return plan
        followup = order.followup
        found = await self._calendar.propose(
            followup.actor,
            minutes=USUAL_LENGTH,
            guests=guests_of(followup),
            stated=agreed_meeting(followup),
        )
        wish = _agreed_wish(followup, found)
        if wish is None:
            raise Conflict(CHOOSE_FIRST)
        return await self._calendar.plan(followup.actor, wish, zone=found.zone)

    async def _with_room(
        self, order: ActionOrder, plan: EventPlan, made: EventReceipt
    ) -> EventReceipt:
        """The event once its Meet room is there, or as it is when that takes too long."""
        for pause in self._pauses if plan.meet else ():
            if made.meet_url or made.room_failed:
                break
            await asyncio.sleep(pause.total_seconds())
            try:
                made = await self._calendar.look(order.followup.actor, plan, made.id)
            except Temporary:
                continue
        return made


def guests_of(followup: FollowUp) -> tuple[str, ...]:
    """Who may be a guest: whoever the e-mail is for."""
    return tuple(dict.fromkeys((*followup.options.to, *followup.options.cc)))


def agreed_meeting(followup: FollowUp) -> str:
    """The next meeting as the draft keeps it; "" when none was agreed."""
    draft = followup.draft
    return draft.next_meeting.starts_at if draft and draft.next_meeting else ""


def event_suggestion(followup: FollowUp) -> tuple[str, str]:
    """A title and an agenda to begin with: what was agreed to do, in the draft's own words."""
    draft = followup.draft
    if draft is None:
        return "", ""
    topic = draft.next_meeting.topic if draft.next_meeting else ""
    agenda = "\n".join(f"– {item.text}" for item in draft.action_items)
    return topic or draft.subject, agenda


def _agreed_wish(followup: FollowUp, found: Proposals) -> EventWish | None:
    first = next(iter(found.times), None)
    if found.agreed != FREE or first is None or not first.agreed:
        return None
    title, agenda = event_suggestion(followup)
    return EventWish(
        slot=first.time.start.isoformat(),
        day="",
        at="",
        minutes=USUAL_LENGTH,
        title=title,
        agenda=agenda,
        guests=guests_of(followup),
    )


def _note(plan: EventPlan, made: EventReceipt, language: str) -> str:
    facts = [span(plan.time.start, plan.time.end, language)]
    if plan.meet and not made.meet_url:
        facts.append((NO_ROOM if made.room_failed else ROOM_FOLLOWS)(language))
    guests = ", ".join(made.invited)
    invited = INVITED(language, len(made.invited), guests=guests)
    facts.append(invited if made.invited else INVITED_NOBODY(language))
    return f"{'; '.join(facts)}."


def _key(order: ActionOrder, kept: EventKept) -> str:
    return f"{order.key}:{kept.used}"


def _kept(order: ActionOrder) -> EventKept:
    return KEPT.validate_json(order.effect) if order.effect else EventKept()


def _dumped(kept: EventKept) -> str:
    return KEPT.dump_json(kept).decode()
