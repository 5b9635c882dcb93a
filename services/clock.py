"""Local times: what a wall clock shows, where days begin, and zones by name."""

from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


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


def day_begins(day: date, zone: tzinfo) -> datetime:
    """The first moment of that day there, in UTC; a day has 23 to 25 hours."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
