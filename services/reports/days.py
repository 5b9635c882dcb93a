"""The business's days: where they begin and end, and how each is summed up once it is over."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from db.reports import days as table
from db.reports.usage import Stretch
from db.store.session import Database, Session
from services.clock import day_begins
from services.ports import Clock

# A call ends half an hour after it was held, or it is given up; a day is summed when all have.
SETTLED = timedelta(hours=6)
# Calls that end later than that are not looked for each hour, only each night.
LATE = timedelta(days=7)
# As long as single calls are surely kept (services/gateway/usage.py), less the widest zone.
PROVABLE = timedelta(days=98)
ONE = timedelta(days=1)

log = structlog.get_logger(__name__)


def days_between(first: date, last: date) -> Iterator[date]:
    """Each day, the last too."""
    return (first + n * ONE for n in range((last - first).days + 1))


def stretch(summed: table.ReportDayRow | None, first: date, last: date, zone: ZoneInfo) -> Stretch:
    """Those days; the ones after the last that is `summed` are open, and begin where it ended.

    So no moment is counted twice or never, even when the zone was another one before.
    """
    begin = max(first, summed.day + ONE) if summed else first
    open_days = tuple(days_between(begin, last))
    bounds = [day_begins(day, zone) for day in (*open_days, last + ONE)]
    if summed and begin == summed.day + ONE:
        bounds = [summed.ended, *(max(one, summed.ended) for one in bounds[1:])]
    return Stretch(first, last, open_days, tuple(bounds) if open_days else (bounds[-1],) * 2)


class ReportDays:
    """Sums up days that are over, once each, and again when a call of theirs ended late."""

    def __init__(self, database: Database, zone: ZoneInfo, clock: Clock) -> None:
        self._database = database
        self._zone = zone
        self._clock = clock

    async def sum_up(self) -> int:
        """A step: sum up every day that is over, and those with late calls; how many."""
        done = 0
        while await self._next():
            done += 1
        async with self._database.transaction() as session:
            await table.lock(session)
            late = await table.late(session, self._clock() - LATE)
            await self._again(session, late)
        if done or late:
            log.info("reports.summed", count=done + len(late))
        return done + len(late)

    async def prove(self) -> int:
        """A step: compare sums with the calls they were made of, and mend; how many differed."""
        async with self._database.transaction() as session:
            await table.lock(session)
            # What was summed from calls that are gone cannot be compared any more.
            oldest = await table.oldest_call(session) or self._clock()
            wrong = await table.differing(session, max(oldest, self._clock() - PROVABLE))
            await self._again(session, wrong)
        if wrong:
            log.warning("reports.differed", count=len(wrong))
        return len(wrong)

    async def _next(self) -> bool:
        """Sum up one day in a transaction of its own: whoever is interrupted goes on from there."""
        async with self._database.transaction() as session:
            await table.lock(session)
            last = await table.last(session)
            began = last.ended if last else await table.oldest_call(session)
            if began is None:
                return False
            day = last.day + ONE if last else began.astimezone(self._zone).date()
            ended = max(began, day_begins(day + ONE, self._zone))
            if ended + SETTLED > self._clock():
                return False
            if last is None:
                began = day_begins(day, self._zone)
            await table.sum_up(session, self._row(day, began, ended))
        return True

    async def _again(self, session: Session, days: list[date]) -> None:
        for day in days:
            if kept := await table.find(session, day):
                row = self._row(day, kept.began, kept.ended)
                row.zone = kept.zone
                await table.sum_up(session, row)

    def _row(self, day: date, began: datetime, ended: datetime) -> table.ReportDayRow:
        return table.ReportDayRow(
            day=day, zone=self._zone.key, began=began, ended=ended, summed_at=self._clock()
        )


async def stretch_of(session: Session, first: date, last: date, zone: ZoneInfo) -> Stretch:
    """The days from `first` to `last` as they stand now."""
    return stretch(await table.last(session), first, last, zone)
