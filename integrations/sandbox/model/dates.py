"""Finds spoken dates and times, in English and Italian, and resolves them against a day."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "it": ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"),
}
_MONTHS_EN = "January February March April May June July August September October November December"
_MONTHS_IT = (
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"
)
MONTHS = {"en": tuple(_MONTHS_EN.split()), "it": tuple(_MONTHS_IT.split())}
_COUNTED = (
    ("one", "a", "an", "una", "un"),
    ("two", "due"),
    ("three", "tre"),
    ("four", "quattro"),
    ("five", "cinque"),
    ("six", "sei"),
    ("seven", "sette"),
    ("eight", "otto"),
    ("nine", "nove"),
    ("ten", "dieci"),
    ("eleven", "undici"),
    ("twelve", "dodici"),
)
_NUMBER = {word: n for n, words in enumerate(_COUNTED, start=1) for word in words}
_COUNTS = "|".join(sorted(_NUMBER, key=len, reverse=True))
_WEEKDAY = {name.lower(): i for names in DAYS.values() for i, name in enumerate(names)}
_WEEKDAY |= {name.replace("ì", "i'").lower(): i for i, name in enumerate(DAYS["it"])}
_MONTH = {name.lower(): i for names in MONTHS.values() for i, name in enumerate(names, start=1)}

_DAY_WORDS = "|".join(sorted(_WEEKDAY, key=len, reverse=True))
_MONTH_WORDS = "|".join(sorted(_MONTH, key=len, reverse=True))
_ORDINAL = r"(\d{1,2})(?:st|nd|rd|th|º|°)?"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.I))
    for kind, pattern in (
        (
            "dated",
            rf"\b(?:(?:{_DAY_WORDS})\s+)?(?:the\s+)?{_ORDINAL}\s+(?:of\s+)?({_MONTH_WORDS})\b",
        ),
        ("dated_us", rf"\b(?:(?:{_DAY_WORDS}),?\s+)?({_MONTH_WORDS})\s+(?:the\s+)?{_ORDINAL}\b"),
        (
            "weekday",
            rf"\b({_DAY_WORDS})(?:\s+(?:the\s+)?{_ORDINAL})?(?=\W|$)(?:\s+prossim[oa])?(\s+week\b)?",
        ),
        ("later", rf"\b(?:in|tra|fra)\s+(\d+|{_COUNTS})\s+(day|week|month|giorn|settiman|mes)\w*"),
        ("tomorrow", r"\b(?:tomorrow|domani)\b"),
        ("after_tomorrow", r"\b(?:the day after tomorrow|dopodomani)\b"),
        ("month_end", r"\b(?:end of (?:the|this) month|fine (?:del )?mese)\b"),
        ("named_end", rf"\b(?:end of|fine(?: di)?)\s+({_MONTH_WORDS})\b"),
        ("week_end", r"\b(?:end of (?:the|this) week|fine (?:della )?settimana)\b"),
        ("some_week", r"\b(?:next week|settimana prossima|prossima settimana)\b"),
    )
)
_CLOCK = re.compile(
    rf"\b(?:at|alle|ore|all['’]|by)\s*(\d{{1,2}}|{_COUNTS})(?:[:.h](\d{{2}}))?"
    r"(?:\s*(?:e\s+(mezza|trenta|un quarto|quindici)))?\s*(am|pm|a\.m\.|p\.m\.|o['’]clock)?",
    re.I,
)
_BARE_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})()\s*(am|pm)?\b(?![.,]?\d)", re.I)
_BEFORE_PAST = re.compile(r"\b(?:last|past|this past|lo scorso|la scorsa|scors[oa])\s+$", re.I)
_BEHIND_PAST = re.compile(r"^\s+(?:last|past|scors[oa]|passat[oa])\b", re.I)
_ATTRIBUTE = re.compile(r"\b(?:the|every|each|a|di|ogni|il|la)\s+$", re.I)
_UNTIL = re.compile(r"\b(?:by|before|until|entro|prima di)(?: the| il)? $", re.I)
_EXTRA_MINUTES = {"mezza": 30, "trenta": 30, "un quarto": 15, "quindici": 15}


@dataclass(frozen=True, slots=True)
class SpokenDate:
    """A date as it was said, where, and the day it means; None when it stays unclear."""

    start: int
    end: int
    text: str
    day: date | None
    is_relative: bool


def spoken_dates(text: str, today: date | None) -> list[SpokenDate]:
    """Every date in a sentence, from left to right; `today` is the day it was said."""
    found: list[SpokenDate] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            day = _resolve(kind, match, today) if today else None
            if day and today and kind == "weekday" and _is_past(text, match):
                day -= timedelta(days=7 if day > today else 0)
            found.append(
                SpokenDate(*match.span(), match.group(), day, not kind.startswith("dated"))
            )
    return sorted(found, key=lambda spoken: spoken.start)


def _is_past(text: str, match: re.Match[str]) -> bool:
    behind, before = text[match.end() :], text[: match.start()]
    return bool(_BEFORE_PAST.search(before) or _BEHIND_PAST.match(behind))


def spoken_time(text: str) -> time | None:
    """The clock time in a sentence; hours of one to seven without am or pm are afternoons."""
    for match in [*_CLOCK.finditer(text), *_BARE_CLOCK.finditer(text)]:
        hour = int(match.group(1)) if match.group(1).isdigit() else _NUMBER[match.group(1).lower()]
        minute = int(match.group(2) or 0) + _EXTRA_MINUTES.get((match.group(3) or "").lower(), 0)
        half = (match.group(4) or "").replace(".", "").lower()
        if half == "pm" or (not half.startswith("a") and 1 <= hour <= 7 and not match.group(2)):
            hour = hour % 12 + 12
        if hour < 24 and minute < 60:
            return time(hour, minute)
    return None


def written_out(day: date, language: str) -> str:
    """`Friday 27 November` or `venerdì 27 novembre`."""
    names, months = DAYS[language], MONTHS[language]
    return f"{names[day.weekday()]} {day.day} {months[day.month - 1]}"


def with_dates(text: str, today: date | None, language: str) -> str:
    """The sentence with every relative date written out."""
    for spoken in reversed(spoken_dates(text, today)):
        if spoken.day is None or not spoken.is_relative:
            continue
        full = written_out(spoken.day, language)
        is_weekday = spoken.text.split()[0].lower().strip(",") in _WEEKDAY
        if is_weekday and _is_attribute(text, spoken):
            continue
        shown = full if is_weekday else f"{spoken.text} ({full})"
        text = text[: spoken.start] + shown + text[spoken.end :]
    return text


def _is_attribute(text: str, spoken: SpokenDate) -> bool:
    """Whether a weekday belongs to a noun or a habit: `the Saturday market`, `ogni lunedì`."""
    return bool(_ATTRIBUTE.search(text[: spoken.start])) and not re.search(r"\d", spoken.text)


def _resolve(kind: str, match: re.Match[str], today: date) -> date | None:
    resolvers: dict[str, Callable[[re.Match[str], date], date | None]] = {
        "dated": lambda m, t: _dated(int(m.group(1)), _MONTH[m.group(2).lower()], t),
        "dated_us": lambda m, t: _dated(int(m.group(2)), _MONTH[m.group(1).lower()], t),
        "weekday": _weekday,
        "later": _later,
        "tomorrow": lambda m, t: t + timedelta(days=1),
        "after_tomorrow": lambda m, t: t + timedelta(days=2),
        "month_end": lambda m, t: t.replace(day=monthrange(t.year, t.month)[1]),
        "named_end": lambda m, t: _named_end(_MONTH[m.group(1).lower()], t),
        "week_end": lambda m, t: t + timedelta(days=(4 - t.weekday()) % 7),
    }
    resolve = resolvers.get(kind)
    return resolve(match, today) if resolve else None


def _dated(day: int, month: int, today: date) -> date | None:
    for year in (today.year, today.year + 1):
        if 1 <= day <= monthrange(year, month)[1] and date(year, month, day) >= today:
            return date(year, month, day)
    return None


def _weekday(match: re.Match[str], today: date) -> date | None:
    wanted = _WEEKDAY[match.group(1).lower()]
    if match.group(2):
        days = (today + timedelta(days=n) for n in range(1, 63))
        return next(
            (d for d in days if d.day == int(match.group(2)) and d.weekday() == wanted), None
        )
    coming = today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
    return coming + timedelta(days=7) if match.group(3) else coming


def _later(match: re.Match[str], today: date) -> date:
    word = match.group(1).lower()
    count = int(word) if word.isdigit() else _NUMBER[word]
    unit = match.group(2).lower()
    if unit in ("month", "mes"):
        month = today.month - 1 + count
        year, month = today.year + month // 12, month % 12 + 1
        return date(year, month, min(today.day, monthrange(year, month)[1]))
    return today + timedelta(days=count * (1 if unit in ("day", "giorn") else 7))


def _named_end(month: int, today: date) -> date:
    year = today.year + (month < today.month)
    return date(year, month, monthrange(year, month)[1])


def deadline(text: str, today: date | None) -> date | None:
    """The day by which something is promised: the one behind `by` or `entro`, else the first."""
    found = [s for s in spoken_dates(text, today) if s.day and today and s.day >= today]
    due = [spoken for spoken in found if _UNTIL.search(text[: spoken.start])]
    return next((spoken.day for spoken in due or found), None)


def dates_in(text: str, today: date | None) -> Iterator[date]:
    """The days to come that a sentence means, the unclear ones left out."""
    days = (spoken.day for spoken in spoken_dates(text, today))
    return (day for day in days if day and today and day >= today)
