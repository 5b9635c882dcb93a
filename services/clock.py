"""Local times: what a wall clock shows, zones by name, and how days and times are said."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "it": ("lun", "mar", "mer", "gio", "ven", "sab", "dom"),
}
MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "it": ["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"],
}


def known_zone(name: str) -> ZoneInfo | None:
    """The IANA zone of this name; None when there is none."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def local_time(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """That time on that day; None when the clocks skip it, the first of two when they go back."""
    wall = datetime.combine(day, at)
    there = wall.replace(tzinfo=zone)
    exists = there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall
    return there if exists else None


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
