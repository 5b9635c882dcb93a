"""Days of the business: where they begin, that sums equal their calls, and what never changes."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from sqlalchemy import text

from db.gateway.ledger import GatewayRequest
from db.reports.days import ReportDayRow, ReportMonthRow
from db.store.session import Database
from services.reports import Panels, Range, ReportDays, UsageFigures, UsageTotals
from services.reports.days import days_between, stretch

ROME = ZoneInfo("Europe/Rome")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = date(2026, 11, 20)


class Office:
    """Reports over a database of their own, with a clock that is set by hand."""

    def __init__(self, database: Database, zone: ZoneInfo = ROME) -> None:
        self.database, self.now = database, NOW
        self.in_zone(zone)

    def in_zone(self, zone: ZoneInfo) -> None:
        self.days = ReportDays(self.database, zone, lambda: self.now)
        self.usage = UsageFigures(Panels(self.database, lambda: self.now), zone, lambda: self.now)

    async def calls(self, *at: datetime, **changes: object) -> None:
        async with self.database.transaction() as session:
            session.add_all([call(one, **changes) for one in at])

    async def by_day(self, first: date, last: date = TODAY) -> dict[date, int]:
        panel = await self.usage.daily(Range(first, last))
        assert panel.value is not None
        return {bar.first: bar.total.requests for bar in panel.value.bars}


@pytest_asyncio.fixture
async def office(jobs_database: Database) -> AsyncIterator[Office]:
    yield Office(jobs_database)
    tables = "gateway_requests, report_days, report_usage, report_models, report_months"
    async with jobs_database.transaction() as session:
        await session.execute(text(f"TRUNCATE {tables}"))


def call(at: datetime, **changes: object) -> GatewayRequest:
    values = {
        "id": uuid4(),
        "license_id": "lic_1",
        "day": at.date(),
        "state": "settled",
        "held_at": at,
        "ended_at": at + timedelta(seconds=3),
        "provider": "openai",
        "model": "gpt-5.4-mini",
        "input_tokens": 10,
        "output_tokens": 5,
        "cached_tokens": 0,
        "cost_micro": 7,
        "price_version": "1",
        "estimated": False,
        "streamed": False,
        "disconnected": False,
        "reason": "",
        **changes,
    }
    return GatewayRequest(**values)


def hours(first: datetime, count: int) -> Iterator[datetime]:
    return (first + timedelta(hours=n, minutes=30) for n in range(count))


@pytest.mark.parametrize(
    ("day", "length"), [(date(2026, 10, 25), 25), (date(2026, 3, 29), 23), (date(2026, 7, 1), 24)]
)
def test_a_day_is_as_long_as_the_clock_says(day: date, length: int) -> None:
    days = stretch(None, day, day, ROME)
    assert days.bounds[1] - days.bounds[0] == timedelta(hours=length)


def test_days_follow_each_other_when_the_zone_was_another_one() -> None:
    summed = ReportDayRow(
        day=date(2026, 11, 17),
        zone="UTC",
        began=datetime(2026, 11, 17, tzinfo=UTC),
        ended=datetime(2026, 11, 18, tzinfo=UTC),
        summed_at=NOW,
    )
    days = stretch(summed, date(2026, 11, 1), date(2026, 11, 19), ROME)
    assert days.open_days == (date(2026, 11, 18), date(2026, 11, 19))
    assert days.bounds[0] == summed.ended
    assert days.bounds[1] == datetime(2026, 11, 18, 23, tzinfo=UTC)


@pytest.mark.parametrize(("day", "length"), [(date(2026, 10, 25), 25), (date(2026, 3, 29), 23)])
@pytest.mark.parametrize("summed", ["open", "summed up"])
async def test_every_hour_of_a_clock_change_is_in_one_bar(
    office: Office, day: date, length: int, summed: str
) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=ROME).astimezone(UTC)
    office.now = midnight + timedelta(days=3)
    await office.calls(*hours(midnight - timedelta(hours=24), 24 + length + 24))
    if summed == "summed up":
        assert await office.days.sum_up() == 3
    one = timedelta(days=1)
    assert await office.by_day(day - one, day + one) == {day - one: 24, day: length, day + one: 24}


async def test_an_evening_in_utc_is_the_next_day_in_rome(office: Office) -> None:
    await office.calls(datetime(2026, 11, 18, 23, 30, tzinfo=UTC))
    first = date(2026, 11, 18)
    assert await office.by_day(first) == {first: 0, date(2026, 11, 19): 1, TODAY: 0}


async def test_sums_and_single_calls_tell_the_same(office: Office) -> None:
    begin = datetime(2026, 11, 1, 5, tzinfo=UTC)
    await office.calls(*hours(begin, 24 * 15))
    await office.calls(*hours(begin, 24 * 15), state="failed", provider="deepseek")
    await office.calls(*hours(begin, 24 * 10), license_id="lic_2", estimated=True, model="gpt-5.4")
    before = await office.usage.daily(Range(date(2026, 10, 30), TODAY))
    assert await office.days.sum_up() == 19
    after = await office.usage.daily(Range(date(2026, 10, 30), TODAY))
    assert before.value is not None
    assert before.value == after.value
    assert after.value.total == UsageTotals(600, 360, 6000, 3000, 4200, 240)
    assert await office.days.sum_up() == 0
    assert await office.days.prove() == 0


async def test_a_call_that_ends_late_is_counted_after_all(office: Office) -> None:
    at = datetime(2026, 11, 17, 10, tzinfo=UTC)
    await office.calls(at)
    await office.days.sum_up()
    await office.calls(at + timedelta(hours=1), ended_at=NOW - timedelta(minutes=1))
    assert await office.by_day(date(2026, 11, 17), date(2026, 11, 17)) == {date(2026, 11, 17): 1}
    assert await office.days.sum_up() == 1
    assert await office.by_day(date(2026, 11, 17), date(2026, 11, 17)) == {date(2026, 11, 17): 2}


async def test_a_sum_that_is_not_its_calls_is_found_and_mended(office: Office) -> None:
    await office.calls(
        datetime(2026, 11, 16, 10, tzinfo=UTC), datetime(2026, 11, 17, 10, tzinfo=UTC)
    )
    await office.days.sum_up()
    async with office.database.transaction() as session:
        await session.execute(text("UPDATE report_usage SET cost_micro = 1"))
    assert await office.days.prove() == 1
    assert await office.days.prove() == 0


async def test_sums_outlive_their_calls(office: Office) -> None:
    old, kept = datetime(2026, 11, 15, 10, tzinfo=UTC), datetime(2026, 11, 17, 10, tzinfo=UTC)
    await office.calls(old, kept)
    await office.days.sum_up()
    async with office.database.transaction() as session:
        await session.execute(text("DELETE FROM gateway_requests WHERE held_at < '2026-11-16'"))
    assert await office.days.prove() == 0
    assert sum((await office.by_day(date(2026, 11, 14))).values()) == 2


async def test_a_closed_month_does_not_change(office: Office) -> None:
    at = datetime(2026, 10, 31, 10, tzinfo=UTC)
    await office.calls(at)
    office.now = datetime(2026, 11, 1, 12, tzinfo=UTC)
    await office.days.sum_up()
    async with office.database.transaction() as session:
        month = date(2026, 10, 1)
        session.add(
            ReportMonthRow(month=month, zone="UTC", figures="{}", closed_by="", closed_at=NOW)
        )
    await office.calls(at + timedelta(hours=1), ended_at=office.now)
    assert await office.days.sum_up() == 0
    assert await office.days.prove() == 0
    assert await office.by_day(date(2026, 10, 31), date(2026, 10, 31)) == {date(2026, 10, 31): 1}


async def test_another_zone_counts_no_call_twice(office: Office) -> None:
    office.in_zone(ZoneInfo("UTC"))
    await office.calls(*hours(datetime(2026, 11, 10, tzinfo=UTC), 240))
    office.now = datetime(2026, 11, 15, 12, tzinfo=UTC)
    await office.days.sum_up()
    office.in_zone(ROME)
    office.now = NOW
    assert sum((await office.by_day(date(2026, 11, 1))).values()) == 240
    await office.days.sum_up()
    assert sum((await office.by_day(date(2026, 11, 1))).values()) == 240


async def test_weeks_are_sums_of_days(office: Office) -> None:
    await office.calls(*hours(datetime(2026, 11, 1, 23, tzinfo=UTC), 24 * 14))
    panel = await office.usage.weekly(Range(date(2026, 11, 2), date(2026, 11, 15)))
    assert panel.value is not None
    found = {bar.first: bar.total.requests for bar in panel.value.bars}
    assert found == {date(2026, 11, 2): 168, date(2026, 11, 9): 168}


def test_days_between_has_both_ends() -> None:
    assert list(days_between(TODAY, TODAY)) == [TODAY]
