"""Days and times in a language, for places where Slack cannot draw them itself (options, fields).

A time is always of a zone that is named nearby, and of 24 hours.
"""

from datetime import date, datetime, timedelta

DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "it": ("lun", "mar", "mer", "gio", "ven", "sab", "dom"),
}
MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "it": ["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"],
}


def short_day(day: date, language: str) -> str:
    """“Mon 30 Nov”, “lun 30 nov”."""
    return f"{DAYS[language][day.weekday()]} {day.day} {MONTHS[language][day.month - 1]}"


def day_and_time(at: datetime, language: str) -> str:
    """“Mon 30 Nov, 10:00”, as the clock on the wall of the datetime's own zone has it."""
    return f"{short_day(at, language)}, {at:%H:%M}"


def span(start: datetime, end: datetime, language: str) -> str:
    """“Mon 30 Nov, 10:00–10:30”."""
    close = f"{end:%H:%M}" if end - start < timedelta(days=1) else day_and_time(end, language)
    return f"{day_and_time(start, language)}–{close}"
