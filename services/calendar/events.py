"""An event before it exists: what a person chose, checked, and what its guests will read."""

from dataclasses import dataclass
from datetime import date, datetime, time
from html import escape
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from services.calendar.slots import TimeRange, length
from services.clock import local_time
from services.email_address import is_address
from services.errors import Invalid
from services.phrases import Phrase

MAX_TITLE = 250
MAX_AGENDA = 4_000
MAX_GUESTS = 60
LENGTHS = (15, 30, 45, 60, 90)
USUAL_LENGTH = 30

NO_TITLE = Phrase("Give the event a title.", "Dai un titolo all’evento.")
TOO_LONG = Phrase(
    "That is {n} characters; {limit} is the most this can hold. Shorten it.",
    "Sono {n} caratteri; qui ce ne stanno {limit}. Accorcia il testo.",
)
NO_TIME = Phrase(
    "Choose one of the times, or give a day and a time of your own.",
    "Scegli uno degli orari, o indica tu un giorno e un’ora.",
)
HALF_A_TIME = Phrase(
    "Give both a day and a time, or leave both empty.",
    "Indica sia il giorno sia l’ora, o lascia vuoti entrambi.",
)
PAST = Phrase(
    "{at} is over already. Choose a time to come.",
    "{at} è già passato. Scegli un momento futuro.",
)
SKIPPED = Phrase(
    "{at} does not exist: the clocks are put forward then. Choose another time.",
    "{at} non esiste: in quel momento gli orologi vanno avanti. Scegli un’altra ora.",
)
BAD_GUEST = Phrase(
    "“{address}” is not an e-mail address. Remove it or correct it.",
    "“{address}” non è un indirizzo e-mail. Toglilo o correggilo.",
)


@dataclass(frozen=True, slots=True)
class EventWish:
    """What was chosen: `slot` is a proposed time (ISO 8601) or "", `day` and `at` one's own.

    `day` is an ISO date, `at` is HH:MM, both local to the person's zone.
    """

    slot: str
    day: str
    at: str
    minutes: int
    title: str
    agenda: str
    guests: tuple[str, ...] = ()
    meet: bool = True
    invite: bool = False


@dataclass(frozen=True, slots=True)
class EventPlan:
    """An event that can be written: aware local times, an IANA zone, guests' addresses.

    `agenda` is plain text, all that guests read besides the title.
    """

    start: datetime
    minutes: int
    zone: str
    title: str
    agenda: str = ""
    guests: tuple[str, ...] = ()
    meet: bool = True
    invite: bool = False

    @property
    def time(self) -> TimeRange:
        """When it is, in its own zone."""
        return length(self.start.astimezone(ZoneInfo(self.zone)), self.minutes)

    @property
    def invited(self) -> tuple[str, ...]:
        """Whom Google writes to."""
        return self.guests if self.invite else ()

    def json(self) -> str:
        """The plan as it is kept."""
        return PLAN.dump_json(self).decode()


PLAN: TypeAdapter[EventPlan] = TypeAdapter(EventPlan)


def planned(wish: EventWish, zone: ZoneInfo, now: datetime) -> EventPlan:
    """The wish as a plan; raises Invalid that names `time`, `title`, `agenda` or `guests`."""
    title = " ".join(wish.title.split())
    if not title:
        raise Invalid(NO_TITLE, field="title")
    for field, text, limit in (
        ("title", title, MAX_TITLE),
        ("agenda", wish.agenda, MAX_AGENDA),
    ):
        if len(text) > limit:
            raise Invalid(TOO_LONG, field=field, n=len(text), limit=limit)
    for guest in wish.guests:
        if not is_address(guest):
            raise Invalid(BAD_GUEST, field="guests", address=guest)
    start = _start(wish, zone)
    if start <= now:
        raise Invalid(PAST, field="time", at=f"{start:%d.%m.%Y %H:%M}")
    return EventPlan(
        start=start,
        minutes=wish.minutes if wish.minutes in LENGTHS else USUAL_LENGTH,
        zone=zone.key,
        title=title,
        agenda=wish.agenda.strip(),
        guests=tuple(dict.fromkeys(wish.guests))[:MAX_GUESTS],
        meet=wish.meet,
        invite=wish.invite and bool(wish.guests),
    )


def description(plan: EventPlan) -> str:
    """What Calendar shows below the title, as HTML: the agenda, and nothing else."""
    lines = plan.agenda.splitlines()
    if plan.guests and not plan.invite:
        lines += ["", ", ".join(plan.guests)] if lines else [", ".join(plan.guests)]
    return "<br>".join(escape(line, quote=False) for line in lines)


def _start(wish: EventWish, zone: ZoneInfo) -> datetime:
    # A time of one's own was typed; the proposed one may be nothing but the first of the list.
    if not (wish.day or wish.at):
        try:
            return datetime.fromisoformat(wish.slot).astimezone(zone)
        except ValueError:
            raise Invalid(NO_TIME, field="time") from None
    try:
        day, at = date.fromisoformat(wish.day), time.fromisoformat(wish.at)
    except ValueError:
        raise Invalid(HALF_A_TIME, field="time") from None
    start = local_time(day, at, zone)
    if start is None:
        raise Invalid(SKIPPED, field="time", at=f"{day:%d.%m.%Y} {at:%H:%M}")
    return start
