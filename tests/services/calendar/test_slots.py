"""Proposed times: free, within working hours, never past, and exact when clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.calendar.slots import (
    Agreement,
    TimeRange,
    WorkingHours,
    free_times,
    length,
    read_agreement,
)
from services.clock import local_time

ROME, NEW_YORK = ZoneInfo("Europe/Rome"), ZoneInfo("America/New_York")
HOURS = WorkingHours()


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def proposed(
    now: datetime, zone: ZoneInfo, *busy: TimeRange, minutes: int = 30
) -> tuple[TimeRange, ...]:
    return free_times(busy, now=now, zone=zone, minutes=minutes, hours=HOURS)


def test_times_lie_in_working_hours_of_working_days_and_not_in_the_past() -> None:
    now = utc("2026-11-27T14:20")  # a Friday, 15:20 in Rome
    times = proposed(now, ROME)
    assert times[0].start == datetime(2026, 11, 30, 9, tzinfo=ROME) - timedelta(days=3) + timedelta(
        hours=8, minutes=30
    )
    assert all(one.start >= now for one in times)
    assert {one.start.weekday() for one in times} <= set(range(5))
    assert all(time(9) <= one.start.timetz().replace(tzinfo=None) <= time(17, 30) for one in times)


def test_a_busy_time_is_left_out_and_its_very_end_is_free() -> None:
    now = utc("2026-11-29T12:00")  # a Sunday
    busy = TimeRange(utc("2026-11-30T08:00"), utc("2026-11-30T10:00"))  # 9 to 11 in Rome
    first = proposed(now, ROME, busy)[0]
    assert first.start == datetime(2026, 11, 30, 11, tzinfo=ROME)


def test_a_long_meeting_ends_within_working_hours() -> None:
    times = proposed(utc("2026-11-29T12:00"), ROME, minutes=90)
    assert max(one.end.time() for one in times) <= time(18)


@pytest.mark.parametrize(
    ("now", "zone", "sunday", "before", "after"),
    [
        # Rome: forward on 28 March 2027, back on 31 October 2027.
        ("2027-03-26T06:00", ROME, date(2027, 3, 28), "08:00", "07:00"),
        ("2027-10-29T05:00", ROME, date(2027, 10, 31), "07:00", "08:00"),
        # New York: forward on 14 March 2027, back on 7 November 2027.
        ("2027-03-12T06:00", NEW_YORK, date(2027, 3, 14), "14:00", "13:00"),
        ("2027-11-05T05:00", NEW_YORK, date(2027, 11, 7), "13:00", "14:00"),
    ],
)
def test_nine_in_the_morning_is_nine_before_and_after_a_clock_change(
    now: str, zone: ZoneInfo, sunday: date, before: str, after: str
) -> None:
    times = proposed(utc(now), zone)
    firsts = {
        one.start.date(): one.start.astimezone(UTC).strftime("%H:%M") for one in reversed(times)
    }
    assert firsts[sunday - timedelta(days=2)] == before
    assert firsts[sunday + timedelta(days=1)] == after


def test_an_hour_that_is_skipped_does_not_exist_and_lengths_are_exact() -> None:
    assert local_time(date(2027, 3, 28), time(2, 30), ROME) is None
    long = length(datetime(2027, 10, 31, 1, 30, tzinfo=ROME), 120)
    assert long.end.astimezone(UTC) - long.start.astimezone(UTC) == timedelta(hours=2)
    assert long.end.strftime("%H:%M") == "02:30"


@pytest.mark.parametrize(
    ("stated", "zone", "instant"),
    [
        # Said on 20 October 2027 in Rome, with that day's offset: 10:30 after the clocks went back.
        ("2027-11-03T10:30+02:00", ROME, "2027-11-03T09:30"),
        ("2027-11-03T10:30+01:00", ROME, "2027-11-03T09:30"),
        ("2027-11-03T10:30", ROME, "2027-11-03T09:30"),
        ("2027-11-09T10:30-04:00", NEW_YORK, "2027-11-09T15:30"),
        # Somebody else's zone is meant as it is.
        ("2027-11-09T10:30-05:00", ROME, "2027-11-09T15:30"),
    ],
)
def test_what_was_agreed_is_read_exactly(stated: str, zone: ZoneInfo, instant: str) -> None:
    found = read_agreement(stated, zone)
    assert found is not None
    assert found.at is not None
    assert found.at.astimezone(UTC) == utc(instant)


def test_a_day_alone_is_a_day_and_words_are_nothing() -> None:
    assert read_agreement("2027-11-03", ROME) == Agreement(date(2027, 11, 3))
    assert read_agreement("next week", ROME) is None
