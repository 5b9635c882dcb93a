"""Quiet hours: the part of a day in which nothing is told by itself, on the person's own clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one local time to another, over midnight when it ends earlier than it begins."""

    begin: time
    end: time

    def until(self, now: datetime, zone: tzinfo) -> datetime | None:
        """When the quiet hours that `now` lies in are over, in UTC; None outside of them.

        Clock changes: a time that the clocks skip comes when they are set, of one that they show
        twice the first begins quiet hours and the second ends them.
        """
        if self.begin == self.end:
            return None
        today = now.astimezone(zone).date()
        over = DAY if self.end <= self.begin else timedelta()
        for day in (today - DAY, today):
            begins = _moment(day, self.begin, zone, fold=0)
            ends = _moment(day + over, self.end, zone, fold=1)
            if begins <= now < ends:
                # Where the clocks skip a whole day the next quiet hours follow at once.
                return self.until(ends, zone) or ends
        return None


EVENING_TO_MORNING = QuietHours(time(20), time(8))


def _moment(day: date, at: time, zone: tzinfo, *, fold: int) -> datetime:
    wall = datetime.combine(day, at)
    while not _exists(wall, zone):
        wall += MINUTE
    return wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def _exists(wall: datetime, zone: tzinfo) -> bool:
    there = wall.replace(tzinfo=zone)
    return there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall
