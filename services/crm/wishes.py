"""What a person wants written into the CRM, checked: a task with its day and time, or a note."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from services.clock import local_time
from services.crm.port import TaskType
from services.errors import Invalid
from services.phrases import Phrase

MAX_SUBJECT = 250
MAX_TEXT = 10_000

NOBODY = Phrase(
    "Choose a contact or an account: type a name, an e-mail or a company.",
    "Scegli un contatto o un account: scrivi un nome, un’e-mail o un’azienda.",
)
NO_SUBJECT = Phrase("Give the task a subject.", "Dai un oggetto all’attività.")
NO_TEXT = Phrase("The note has no text yet.", "La nota non ha ancora un testo.")
NO_TIME = Phrase("Give a day and a time.", "Indica un giorno e un’ora.")
PAST = Phrase(
    "{at} is over already. Choose a day and time to come.",
    "{at} è già passato. Scegli un giorno e un’ora futuri.",
)
SKIPPED = Phrase(
    "{at} does not exist: the clocks are put forward then. Choose another time.",
    "{at} non esiste: in quel momento gli orologi vanno avanti. Scegli un’altra ora.",
)
TOO_LONG = Phrase(
    "That is {n} characters; {limit} is the most this can hold. Shorten it.",
    "Sono {n} caratteri; qui ce ne stanno {limit}. Accorcia il testo.",
)


@dataclass(frozen=True, slots=True)
class ActivityTarget:
    """Whom an activity is about, as the index has it; `contact_id` is "" for a whole account."""

    account_id: str
    account: str
    contact_id: str = ""
    contact: str = ""
    deal_id: str = ""
    deal: str = ""

    @property
    def name(self) -> str:
        """The contact's name, else the account's."""
        return self.contact or self.account


@dataclass(frozen=True, slots=True)
class TaskEntry:
    """A task as it was typed: `day` an ISO date, `at` HH:MM, both local to `zone`."""

    about: ActivityTarget | None
    type: TaskType
    subject: str
    day: str
    at: str
    zone: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class NoteEntry:
    """A note as it was typed; `message` names the message it comes from, which has it once."""

    about: ActivityTarget | None
    text: str
    message: str
    written_at: datetime


def due(wish: TaskEntry, now: datetime) -> datetime:
    """The instant a task is due; raises Invalid that names what is wrong with it.

    The fields are `about`, `subject`, `description` and `time`.
    """
    if wish.about is None:
        raise Invalid(NOBODY, field="about")
    if not wish.subject.strip():
        raise Invalid(NO_SUBJECT, field="subject")
    _within(wish.subject, MAX_SUBJECT, "subject")
    _within(wish.description, MAX_TEXT, "description")
    try:
        day, at = date.fromisoformat(wish.day), time.fromisoformat(wish.at)
    except ValueError:
        raise Invalid(NO_TIME, field="time") from None
    shown = f"{day:%d.%m.%Y} {at:%H:%M}"
    start = local_time(day, at, ZoneInfo(wish.zone))
    if start is None:
        raise Invalid(SKIPPED, field="time", at=shown)
    if start <= now:
        raise Invalid(PAST, field="time", at=shown)
    return start.astimezone(UTC)


def check_note(wish: NoteEntry) -> None:
    """Raises Invalid; the fields are `about` and `text`."""
    if wish.about is None:
        raise Invalid(NOBODY, field="about")
    if not wish.text.strip():
        raise Invalid(NO_TEXT, field="text")
    _within(wish.text, MAX_TEXT, "text")


def _within(text: str, limit: int, name: str) -> None:
    if len(text) > limit:
        raise Invalid(TOO_LONG, field=name, n=len(text), limit=limit)
