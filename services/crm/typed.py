"""What may be typed after `/crono-add-task`, read for what it surely says; all else is subject."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from services.crm.port import TaskType
from services.email_address import is_address

TYPES: dict[str, TaskType] = {
    **dict.fromkeys(("email", "e-mail", "mail"), "email"),
    **dict.fromkeys(("call", "phone", "chiama", "chiamare", "chiamata", "telefonata"), "call"),
    **dict.fromkeys(("linkedin",), "linkedin"),
    **dict.fromkeys(("inmail",), "inmail"),
    **dict.fromkeys(("generic", "generico", "generica"), "generic"),
}
DAYS = {
    **dict.fromkeys(("today", "oggi"), 0),
    **dict.fromkeys(("tomorrow", "domani"), 1),
    "dopodomani": 2,
}
WEEKDAYS = (
    ("monday", "mon", "lunedì", "lunedi", "lun"),
    ("tuesday", "tue", "martedì", "martedi", "mar"),
    ("wednesday", "wed", "mercoledì", "mercoledi", "mer"),
    ("thursday", "thu", "giovedì", "giovedi", "gio"),
    ("friday", "fri", "venerdì", "venerdi", "ven"),
    ("saturday", "sat", "sabato", "sab"),
    ("sunday", "sun", "domenica", "dom"),
)
CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.I)
DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})?")
# Left before a time or a day, these say nothing any more.
FILLERS = frozenset({"at", "on", "alle", "il", "ore"})


@dataclass(frozen=True, slots=True)
class TypedTask:
    """What was understood; "" and None where nothing was. `email` in lower case."""

    email: str = ""
    type: TaskType | None = None
    day: date | None = None
    at: time | None = None
    subject: str = ""


def read_typed(words: list[str], today: date) -> TypedTask:
    """The words of a command, those in quotes as one; nothing in it is refused.

    A type, a day and a time are taken once each, where they are first said; words in quotes are
    the subject.
    """
    email, kind, day, at = "", None, None, None
    rest: list[str] = []
    for place, word in enumerate(words):
        plain = word.strip(",;").casefold()
        if not email and is_address(plain):
            email = plain
        elif kind is None and plain in TYPES and not any(" " in one for one in words[:place]):
            kind = TYPES[plain]
            rest.append(word)
        elif day is None and (found := _day(plain, today)) is not None:
            day, rest = found, _without_filler(rest)
        elif at is None and (hour := _time(plain)) is not None:
            at, rest = hour, _without_filler(rest)
        else:
            rest.append(word)
    quoted = next((one for one in rest if " " in one), "")
    said = [one for one in rest if one.strip(",;").casefold() not in TYPES]
    # A type alone is no subject; within a sentence it belongs there (“Call Ada about prices”).
    subject = quoted or (" ".join(rest) if said else "")
    return TypedTask(email, kind, day, at, subject)


def _without_filler(words: list[str]) -> list[str]:
    return words[:-1] if words and words[-1].casefold() in FILLERS else words


def _day(word: str, today: date) -> date | None:
    if word in DAYS:
        return today + timedelta(days=DAYS[word])
    for number, names in enumerate(WEEKDAYS):
        if word in names:
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    try:
        return date.fromisoformat(word) if len(word) == len("2026-12-01") else _dotted(word, today)
    except ValueError:
        return None


def _dotted(word: str, today: date) -> date | None:
    found = DOTTED.fullmatch(word)
    if found is None:
        return None
    day, month, year = found.groups()
    if year:
        return date(int(year), int(month), int(day))
    this_year = date(today.year, int(month), int(day))
    return this_year if this_year >= today else date(today.year + 1, int(month), int(day))


def _time(word: str) -> time | None:
    found = CLOCK.fullmatch(word)
    if found is None or not (found[2] or found[3]):
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
