"""The ledger as time passes: the hour slides, months begin, holds expire, clocks are set back."""

from datetime import UTC, datetime, timedelta

from db.gateway.ledger import CallOutcome
from services.gateway.ledger import KEEP, QUOTA_EXCEEDED, RATE_LIMITED
from tests.kit.ledger_desk import HOURLY, Desk, ask, new_license

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
# Other tests' holds have not expired then.
LONG_AGO = datetime(2020, 2, 29, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


async def test_the_window_slides_by_single_hits(desk: Desk) -> None:
    license_id = new_license()
    for minute in range(3):
        (held,) = await desk.rows.hold(
            [ask(license_id, hourly=3)], at=NOON + timedelta(minutes=minute)
        )
        assert (held.code, held.hour_remaining) == ("", 2 - minute)
    (full,) = await desk.rows.hold([ask(license_id, hourly=3)], at=NOON + HOUR - SECOND)
    assert (full.code, full.hour_reset_s) == (RATE_LIMITED, 1)
    (after,) = await desk.rows.hold([ask(license_id, hourly=3)], at=NOON + HOUR)
    assert (after.code, after.hour_remaining, after.hour_reset_s) == ("", 0, 60)
    assert await desk.hits(license_id) == [
        NOON + timedelta(minutes=1),
        NOON + timedelta(minutes=2),
        NOON + HOUR,
    ]


async def test_a_smaller_plan_waits_until_enough_hits_have_left(desk: Desk) -> None:
    license_id = new_license()
    for minute in range(3):
        await desk.rows.hold([ask(license_id)], at=NOON + timedelta(minutes=minute))
    (full,) = await desk.rows.hold([ask(license_id, hourly=2)], at=NOON + timedelta(minutes=30))
    assert (full.code, full.hour_reset_s) == (RATE_LIMITED, 31 * 60)


async def test_a_clock_set_back_locks_nobody_out_for_longer_than_an_hour(desk: Desk) -> None:
    license_id = new_license()
    await desk.rows.hold([ask(license_id, hourly=2)], at=NOON + timedelta(days=2))
    (held,) = await desk.rows.hold([ask(license_id, hourly=2)], at=NOON)
    assert (held.code, held.hour_remaining, held.hour_reset_s) == ("", 0, 3_600)
    assert await desk.hits(license_id) == [NOON, NOON]


async def test_a_new_month_begins_anew_and_old_calls_settle_in_their_own(desk: Desk) -> None:
    license_id = new_license()
    end = datetime(2026, 12, 1, tzinfo=UTC)
    late = ask(license_id, monthly=1)
    (held,) = await desk.rows.hold([late], at=end - SECOND)
    assert (held.code, held.month_reset_s, held.month_resets_at) == ("", 1, end)
    (full,) = await desk.rows.hold([ask(license_id, monthly=1)], at=end - SECOND)
    (fresh,) = await desk.rows.hold([ask(license_id, monthly=1)], at=end)
    assert (full.code, fresh.code) == (QUOTA_EXCEEDED, "")
    await desk.rows.settle(
        [CallOutcome(late.id, license_id, held.at, 0, "settled")], at=end + SECOND
    )
    (day,) = await desk.days(license_id)
    assert day["day"] == held.at.date()
    (look,) = [await desk.rows.look(license_id, HOURLY, at=end - SECOND)]
    assert look.month_used == 1


async def test_a_new_month_takes_the_last_hour_over(desk: Desk) -> None:
    license_id = new_license()
    end = datetime(2026, 12, 1, tzinfo=UTC)
    await desk.rows.hold([ask(license_id, hourly=2)], at=end - SECOND)
    look = await desk.rows.look(license_id, 2, at=end + SECOND)
    assert (look.hour_remaining, look.month_used) == (1, 0)
    (second, third) = await desk.rows.hold([ask(license_id, hourly=2) for _ in range(2)], at=end)
    assert (second.code, third.code, third.hour_reset_s) == ("", RATE_LIMITED, 3_599)
    assert await desk.hits(license_id) == [end - SECOND, end]
    # A refusal in a month without calls leaves no mark either.
    (refused,) = await desk.rows.hold([ask(license_id, monthly=0)], at=end + timedelta(days=40))
    assert refused.code == QUOTA_EXCEEDED
    assert len(await desk.hits(license_id)) == 2


async def test_a_hold_expires_once_and_a_late_settle_still_meters_once(desk: Desk) -> None:
    license_id = new_license()
    lost, late = ask(license_id, estimate_micro=30), ask(license_id, estimate_micro=30)
    await desk.rows.hold([lost, late], at=LONG_AGO)
    assert await desk.rows.expire(500, KEEP, at=LONG_AGO + KEEP - SECOND) == 0
    assert await desk.rows.expire(500, KEEP, at=LONG_AGO + KEEP) == 2
    assert await desk.rows.expire(500, KEEP, at=LONG_AGO + KEEP) == 0
    month = await desk.month(license_id)
    assert (month["held"], month["used"], month["held_micro"]) == (0, 0, 0)

    for _ in range(2):
        await desk.rows.settle([CallOutcome(late.id, None, None, 0, "settled", cost_micro=9)])
        await desk.rows.settle([CallOutcome(lost.id, None, None, 0, "failed")])
    month = await desk.month(license_id)
    assert (month["held"], month["used"], month["cost_micro"]) == (0, 1, 9)
    assert await desk.state(lost.id) == "expired"
