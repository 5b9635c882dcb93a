"""Which times are proposed: pure arithmetic over busy times, working hours and clock changes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.clock import local_time

DAYS_AHEAD = 14
STEP = timedelta(minutes=30)
# Nobody can be invited into a meeting that begins in a moment.
LEAD = timedelta(hours=2)
A_DAY = 3
MOST = 24
# Proposals of one day lie apart, so that they are a choice.
APART = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When somebody meets people: weekdays (0 is Monday), and from when to when, local time."""

    days: frozenset[int] = field(default_factory=lambda: frozenset(range(5)))
    start: time = time(9)
    end: time = time(18)


@dataclass(frozen=True, slots=True)
class TimeRange:
    """A time, aware; `end` is exclusive."""

    start: datetime
    end: datetime

    def meets(self, other: "TimeRange") -> bool:
        """Whether the two have a moment in common."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Agreement:
    """The next meeting as it was agreed: a moment, or only a day."""

    day: date
    at: datetime | None = None


def read_agreement(stated: str, zone: ZoneInfo) -> Agreement | None:
    """What a draft keeps of the next meeting (ISO 8601); None when it is no date.

    An offset that the zone knows, but not on that day, is a clock change overlooked: then the time
    on the wall counts. Any other offset is somebody else's zone and stays exact.
    """
    try:
        if len(stated) <= len("2026-01-01"):
            return Agreement(date.fromisoformat(stated))
        at = datetime.fromisoformat(stated)
    except ValueError:
        return None
    if at.tzinfo is None or at.utcoffset() in _offsets(zone, at):
        at = at.replace(tzinfo=zone)
    local = at.astimezone(zone)
    return Agreement(local.date(), local)


def length(start: datetime, minutes: int) -> TimeRange:
    """So many minutes from a moment on, whatever the clocks do meanwhile."""
    end = start.astimezone(UTC) + timedelta(minutes=minutes)
    return TimeRange(start, end.astimezone(start.tzinfo))


def free_times(
    busy: Sequence[TimeRange],
    *,
    now: datetime,
    zone: ZoneInfo,
    minutes: int,
    hours: WorkingHours,
) -> tuple[TimeRange, ...]:
    """Free times within working hours of the next fortnight, three a day at most, none begun.

    Times are aware and local to `zone`.
    """
    found: list[TimeRange] = []
    first = now + LEAD
    for ahead in range(DAYS_AHEAD + 1):
        day = now.astimezone(zone).date() + timedelta(days=ahead)
        if day.weekday() in hours.days:
            found += _spread(_of_day(day, busy, first=first, zone=zone, minutes=minutes, of=hours))
    return tuple(found[:MOST])


def is_free(one: TimeRange, busy: Iterable[TimeRange]) -> bool:
    """Whether nobody is busy in that time."""
    return not any(one.meets(other) for other in busy)


def _of_day(
    day: date,
    busy: Sequence[TimeRange],
    *,
    first: datetime,
    zone: ZoneInfo,
    minutes: int,
    of: WorkingHours,
) -> Iterator[TimeRange]:
    closing = local_time(day, of.end, zone)
    wall = datetime.combine(day, of.start)
    while closing is not None and wall.date() == day:
        start = local_time(day, wall.time(), zone)
        wall += STEP
        if start is None or start < first:
            continue
        one = length(start, minutes)
        # As instants: two times of one zone are compared by their walls.
        if one.end.astimezone(UTC) > closing.astimezone(UTC):
            return
        if is_free(one, busy):
            yield one


def _spread(free: Iterator[TimeRange]) -> list[TimeRange]:
    """The first free time of a day, and others well apart from it."""
    chosen: list[TimeRange] = []
    for one in free:
        if not chosen or one.start - chosen[-1].start >= APART:
            chosen.append(one)
    return chosen[:A_DAY]


def _offsets(zone: ZoneInfo, at: datetime) -> set[timedelta | None]:
    """The offsets this zone has in the course of that year."""
    return {datetime(at.year, month, 1, 12, tzinfo=zone).utcoffset() for month in range(1, 13)}
