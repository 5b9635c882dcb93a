"""The modal of a calendar event: times to choose from, and what its guests will read."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.calendar import (
    FREE,
    LENGTHS,
    OVER,
    TAKEN,
    USUAL_LENGTH,
    EventWish,
    Proposals,
    ProposedTime,
)
from services.formats import day_and_time, span
from services.people import Member
from views.kit import blocks as kit
from views.kit.controls import Button, Choice, Select, Several, Text, Ticks
from views.kit.pickers import Date, Time
from views.kit.state import State
from views.kit.text import escape, name
from views.words import calendar as say
from views.words import common

FORM = "calendar.form"
WAITING = "calendar.waiting"

OPEN = Button("calendar.open")

SLOT = Select("calendar.slot")
DAY = Date("calendar.day")
TIME = Time("calendar.time")
LENGTH = Select("calendar.length", dispatch=True)
TITLE = Text("calendar.title", limit=250)
AGENDA = Text("calendar.agenda", multiline=True)
FLAGS = Ticks("calendar.flags")
GUESTS = Several("calendar.guests")

MEET, INVITE = "meet", "invite"
MAX_GUESTS = 60
TICKET = 20
LOOKED = {FREE: say.AGREED_FREE, TAKEN: say.AGREED_TAKEN, OVER: say.AGREED_OVER}
ALL_DAY_TITLE = 24


@dataclass(frozen=True, slots=True)
class EventForm:
    """What the modal is drawn from; `minutes` is the length the times were looked for."""

    followup_id: str
    proposals: Proposals
    member: Member
    guests: tuple[str, ...]
    title: str = ""
    agenda: str = ""
    minutes: int = USUAL_LENGTH


def loading(language: str) -> kit.View:
    """While Google is asked."""
    text = kit.section(f":hourglass_flowing_sand: {say.LOOKING(language)}")
    return kit.modal(WAITING, say.TITLE(language), [text], close=common.CLOSE(language))


def form(one: EventForm) -> kit.View:
    """The form; its metadata names the follow-up and the zone its times are of."""
    language, found = one.member.language, one.proposals
    lengths = tuple(Choice(say.MINUTES(language, n=n), str(n)) for n in LENGTHS)
    flags = (Choice(say.MEET(language), MEET), Choice(say.INVITE(language), INVITE))
    blocks = [
        *_agreement(found, language),
        *_times(found, one.minutes, language),
        DAY.draw(say.OWN_DAY(language), optional=True),
        TIME.draw(say.OWN_TIME(language), optional=True),
        kit.context(*_facts(one, language)),
        LENGTH.draw(say.LENGTH(language), lengths, str(one.minutes)),
        TITLE.draw(say.EVENT_TITLE(language), one.title),
        AGENDA.draw(
            say.AGENDA(language), one.agenda, hint=say.AGENDA_HINT(language), optional=True
        ),
    ]
    if one.guests:
        shown = tuple(Choice(guest, _ticket(guest)) for guest in one.guests[:MAX_GUESTS])
        ticked = frozenset(choice.value for choice in shown)
        blocks.append(GUESTS.draw(say.GUESTS(language), shown, ticked))
    # Nobody is written to unless it is said.
    offered = flags if one.guests else flags[:1]
    blocks.append(FLAGS.draw(say.OPTIONS(language), offered, frozenset({MEET})))
    if one.guests:
        blocks.append(kit.context(say.INVITE_HINT(language)))
    return kit.modal(
        FORM,
        say.TITLE(language),
        blocks,
        submit=say.CREATE(language),
        close=common.CLOSE(language),
        metadata=f"{one.followup_id} {found.zone}",
    )


def read_metadata(metadata: str) -> tuple[str, str]:
    """The follow-up and the zone of a drawn form."""
    followup_id, _, zone = metadata.partition(" ")
    return followup_id, zone


def read_wish(state: State, guests: tuple[str, ...]) -> EventWish:
    """What was chosen, guests looked up among the follow-up's own recipients."""
    flags, ticked = FLAGS.read(state), set(GUESTS.read(state))
    return EventWish(
        slot=SLOT.read(state),
        day=DAY.read(state),
        at=TIME.read(state),
        minutes=read_length(state),
        title=TITLE.read(state),
        agenda=AGENDA.read(state),
        guests=tuple(guest for guest in guests if _ticket(guest) in ticked),
        meet=MEET in flags,
        invite=INVITE in flags,
    )


def read_length(state: State) -> int:
    """The minutes that are chosen now."""
    chosen = LENGTH.read(state)
    return int(chosen) if chosen.isdecimal() else USUAL_LENGTH


def error_block(state: State, field: str) -> str:
    """The block under which an error about `field` is shown."""
    own = DAY.read(state) or TIME.read(state) or not SLOT.read(state)
    time = TIME.action_id if own else SLOT.action_id
    ids = {"title": TITLE.action_id, "agenda": AGENDA.action_id, "guests": GUESTS.action_id}
    return state.block_of(ids.get(field, time))


def _agreement(found: Proposals, language: str) -> list[kit.Block]:
    if found.agreed not in LOOKED or found.agreed_at is None:
        return []
    at = _in_both(found.agreed_at, found, language)
    return [kit.section(LOOKED[found.agreed](language, at=at))]


def _times(found: Proposals, minutes: int, language: str) -> list[kit.Block]:
    if not found.times:
        return [kit.section(say.NO_TIMES(language))]
    choices = tuple(
        Choice(_label(one, found, language), one.time.start.isoformat()) for one in found.times
    )
    return [SLOT.draw(say.SLOT(language), choices, choices[0].value, turn=minutes)]


def _label(one: ProposedTime, found: Proposals, language: str) -> str:
    facts = [span(one.time.start, one.time.end, language)]
    if found.other_zone:
        facts[0] += f" ({_there(one.time.start, found.other_zone)})"
    if one.agreed:
        facts.append(say.AGREED(language))
    facts += [say.ALL_DAY(language, title=title[:ALL_DAY_TITLE]) for title in one.all_day[:1]]
    return " · ".join(facts)


def _facts(one: EventForm, language: str) -> list[str]:
    found = one.proposals
    facts = [say.ZONE(language, zone=found.zone)]
    if found.other_zone:
        facts.append(say.OTHER_ZONE(language, zone=found.other_zone))
    if found.seen:
        seen = ", ".join(map(name, sorted(found.seen)))
        facts.append(say.SEEN(language, guests=seen))
    else:
        facts.append((say.SEEN_NONE if one.guests else say.SEEN_OWN)(language))
    return facts


def _in_both(at: datetime, found: Proposals, language: str) -> str:
    here = escape(day_and_time(at, language))
    return f"{here} ({_there(at, found.other_zone)})" if found.other_zone else here


def _there(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def _ticket(guest: str) -> str:
    """An address in an option's 75 characters."""
    return hashlib.sha256(guest.encode()).hexdigest()[:TICKET]
