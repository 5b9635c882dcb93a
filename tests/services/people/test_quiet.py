"""Quiet hours end when the person's own clock says so, also in the nights in which it changes."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from services.actors import Actor
from services.people import Member, Preferences, QuietHours, quiet_until
from services.people.quiet import MINUTE

ROME = "Europe/Rome"


def living(zone: str, quiet: QuietHours | None) -> Member:
    """Somebody there with these quiet hours."""
    return Member(Actor("T1", "U1"), "Ada", "", "en", zone, Preferences(quiet=quiet))


def utc(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "hours", "now", "expected"),
    [
        # Winter in Rome is UTC+1: 20:00 there is 19:00, and 08:00 is 07:00 of the next day.
        (ROME, "20:00-08:00", "2026-11-20 18:59", None),
        (ROME, "20:00-08:00", "2026-11-20 19:00", "2026-11-21 07:00"),
        (ROME, "20:00-08:00", "2026-11-21 03:00", "2026-11-21 07:00"),
        (ROME, "20:00-08:00", "2026-11-21 07:00", None),
        # Not over midnight.
        (ROME, "13:00-14:30", "2026-11-20 12:30", "2026-11-20 13:30"),
        (ROME, "13:00-14:30", "2026-11-20 13:30", None),
        # The night that loses an hour, and the one that has it twice.
        (ROME, "20:00-08:00", "2026-03-28 22:00", "2026-03-29 06:00"),
        (ROME, "20:00-08:00", "2026-10-24 20:00", "2026-10-25 07:00"),
        # An end that the clocks skip comes when they are set: at 03:00, which is 01:00 in UTC.
        (ROME, "20:00-02:30", "2026-03-28 23:00", "2026-03-29 01:00"),
        # Of an end that comes twice, the second: quiet is not broken at the first.
        (ROME, "20:00-02:30", "2026-10-25 00:30", "2026-10-25 01:30"),
        # A beginning that is skipped, and one that comes twice.
        (ROME, "02:30-08:00", "2026-03-29 01:00", "2026-03-29 06:00"),
        (ROME, "02:30-08:00", "2026-10-25 00:30", "2026-10-25 07:00"),
        ("America/New_York", "20:00-08:00", "2026-11-21 02:00", "2026-11-21 13:00"),
        ("Australia/Lord_Howe", "20:00-02:15", "2026-10-03 15:00", "2026-10-03 15:30"),
        # A day that never was.
        ("Pacific/Apia", "20:00-08:00", "2011-12-30 09:00", "2011-12-30 18:00"),
        # No such zone: UTC.
        ("", "20:00-08:00", "2026-11-20 21:00", "2026-11-21 08:00"),
    ],
)
def test_quiet_hours_follow_the_persons_clock(
    zone: str, hours: str, now: str, expected: str | None
) -> None:
    begin, _, end = hours.partition("-")
    quiet = QuietHours(time.fromisoformat(begin), time.fromisoformat(end))
    ends = quiet_until(living(zone, quiet), utc(now))
    assert ends == (utc(expected) if expected else None)


def test_who_wants_no_quiet_hours_may_always_be_told() -> None:
    assert quiet_until(living(ROME, None), utc("2026-11-20 23:00")) is None


@pytest.mark.parametrize("zone", [ROME, "America/New_York", "Asia/Kolkata", "UTC"])
@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-11-01", "2026-11-20"])
def test_the_end_is_never_quiet_itself_and_always_lies_ahead(zone: str, day: str) -> None:
    member = living(zone, QuietHours(time(22), time(7)))
    for hour in range(24):
        now = utc(f"{day} {hour:02}:17")
        ends = quiet_until(member, now)
        if ends is None:
            assert 7 <= now.astimezone(ZoneInfo(zone)).hour < 22
            continue
        assert ends > now
        assert quiet_until(member, ends) is None
        assert quiet_until(member, ends - MINUTE) == ends
