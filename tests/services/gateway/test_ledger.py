"""The ledger on a real PostgreSQL: what is held is counted once, and ends once."""

import asyncio
from datetime import timedelta

import pytest

from db.gateway.ledger import CallOutcome
from services.gateway.ledger import BUDGET_EXCEEDED, QUOTA_EXCEEDED, RATE_LIMITED
from tests.kit.ledger_desk import HOURLY, Desk, ask, claim, metered, new_license
from tests.kit.waiting import PATIENCE_SECONDS


async def test_a_call_is_held_and_then_settled_with_what_it_used(desk: Desk) -> None:
    mine = claim(new_license(), monthly=1_000, estimate_micro=50)
    hold = await desk.ledger.hold(mine)
    assert hold.code == ""
    assert (hold.limits.hour_remaining, hold.limits.month_used) == (HOURLY - 1, 1)
    held = await desk.month(mine.license_id)
    assert (held["held"], held["used"], held["held_micro"]) == (1, 0, 50)

    await desk.ledger.settle(mine.request_id, metered())
    await desk.ledger.caught_up()
    month = await desk.month(mine.license_id)
    assert (month["held"], month["used"], month["held_micro"]) == (0, 1, 0)
    assert (month["input_tokens"], month["output_tokens"], month["cost_micro"]) == (10, 5, 7)
    (day,) = await desk.days(mine.license_id)
    assert (day["provider"], day["model"], day["requests"]) == ("openai", "gpt-5.4-mini", 1)
    assert await desk.state(mine.request_id) == "settled"


async def test_calls_of_many_end_together_and_what_had_expired_among_them_does_too(
    desk: Desk,
) -> None:
    licenses = [new_license() for _ in range(3)]
    # Two calls each: of the first license one expires, of the second one fails.
    asks = [ask(license_id, estimate_micro=20) for license_id in licenses * 2]
    old, failed, *_ = asks
    found = await desk.rows.hold([old])
    await desk.rows.expire(500, timedelta(0))
    assert await desk.state(old.id) == "expired"
    found += await desk.rows.hold(asks[1:])
    at = {one.id: held.at for one, held in zip(asks, found, strict=True)}
    ends = [
        CallOutcome(
            one.id,
            one.license_id,
            at[one.id],
            one.estimate_micro,
            state="failed" if one is failed else "settled",
            provider="" if one is failed else "openai",
            cost_micro=0 if one is failed else 7,
        )
        for one in asks
    ]
    assert await desk.rows.settle(ends) == len(asks)
    for license_id, used in zip(licenses, (2, 1, 2), strict=True):
        month = await desk.month(license_id)
        assert (month["held"], month["held_micro"], month["calls"]) == (0, 0, "{}")
        assert (month["used"], month["cost_micro"]) == (used, 7 * used)
        assert [day["requests"] for day in await desk.days(license_id)] == [used]
    # An answer that was lost is sent again: nothing ends twice.
    assert await desk.rows.settle(ends) == 0
    assert (await desk.month(licenses[0]))["used"] == 2


async def test_a_failed_call_costs_nothing_but_its_place_in_the_hour(desk: Desk) -> None:
    mine = claim(new_license(), monthly=1, estimate_micro=50)
    await desk.ledger.hold(mine)
    await desk.ledger.release(mine.request_id, "timeout")
    await desk.ledger.caught_up()
    month = await desk.month(mine.license_id)
    assert (month["held"], month["used"], month["cost_micro"], month["held_micro"]) == (0, 0, 0, 0)
    assert await desk.days(mine.license_id) == []
    again = await desk.ledger.hold(claim(mine.license_id, monthly=1))
    assert (again.code, again.limits.hour_remaining) == ("", HOURLY - 2)


async def test_the_monthly_quota_is_exact_for_200_at_once_over_two_processes(
    desk: Desk, other: Desk
) -> None:
    license_id = new_license()
    desks = [desk, other] * 100
    holds = await asyncio.gather(
        *(one.ledger.hold(claim(license_id, hourly=1_000, monthly=50)) for one in desks)
    )
    codes = [hold.code for hold in holds]
    assert (codes.count(""), codes.count(QUOTA_EXCEEDED)) == (50, 150)
    assert sorted(hold.limits.month_used for hold in holds if not hold.code) == [*range(1, 51)]
    assert (await desk.month(license_id))["held"] == 50


async def test_the_101st_in_an_hour_is_refused_for_200_at_once_over_two_processes(
    desk: Desk, other: Desk
) -> None:
    license_id = new_license()
    holds = await asyncio.gather(
        *(one.ledger.hold(claim(license_id)) for one in [desk, other] * 100)
    )
    codes = [hold.code for hold in holds]
    assert (codes.count(""), codes.count(RATE_LIMITED)) == (100, 100)
    assert len(await desk.hits(license_id)) == 100
    refused = next(hold.limits for hold in holds if hold.code)
    assert refused.hour_remaining == 0
    assert 3_590 <= refused.hour_reset_s <= 3_600


async def test_a_budget_counts_what_is_held_and_what_was_spent(desk: Desk) -> None:
    license_id = new_license()
    first = claim(license_id, budget_micro=100, estimate_micro=60)
    assert (await desk.ledger.hold(first)).code == ""
    second = claim(license_id, budget_micro=100, estimate_micro=60)
    assert (await desk.ledger.hold(second)).code == BUDGET_EXCEEDED
    await desk.ledger.settle(first.request_id, metered(cost_micro=40))
    await desk.ledger.caught_up()
    assert (await desk.ledger.hold(second)).code == ""


async def test_what_is_refused_leaves_no_mark(desk: Desk) -> None:
    license_id = new_license()
    mine = claim(license_id, monthly=0)
    assert (await desk.ledger.hold(mine)).code == QUOTA_EXCEEDED
    assert await desk.state(mine.request_id) == ""
    assert await desk.hits(license_id) == []


async def test_a_hold_asked_again_after_a_lost_reply_is_counted_once(desk: Desk) -> None:
    license_id = new_license()
    mine = ask(license_id, monthly=1, hourly=1)
    first = await desk.rows.hold([mine])
    again = await desk.rows.hold([mine])
    assert [one.code for one in first + again] == ["", ""]
    assert (await desk.month(license_id))["held"] == 1
    assert len(await desk.hits(license_id)) == 1


async def test_of_several_ends_the_first_counts(desk: Desk, other: Desk) -> None:
    mine = claim(new_license())
    await desk.ledger.hold(mine)
    for one in (desk, other, desk):
        await one.ledger.settle(mine.request_id, metered())
        await one.ledger.release(mine.request_id, "late")
        await one.ledger.caught_up()
    month = await desk.month(mine.license_id)
    assert (month["held"], month["used"], month["cost_micro"]) == (0, 1, 7)
    released = claim(mine.license_id)
    await desk.ledger.hold(released)
    await desk.ledger.release(released.request_id, "timeout")
    await desk.ledger.caught_up()
    await desk.ledger.settle(released.request_id, metered())
    await desk.ledger.caught_up()
    assert (await desk.month(mine.license_id))["used"] == 1
    assert await desk.state(released.request_id) == "failed"


async def test_an_end_of_an_unknown_call_changes_nothing(desk: Desk) -> None:
    stray = claim(new_license())
    await desk.ledger.settle(stray.request_id, metered())
    await desk.ledger.caught_up()
    assert await desk.state(stray.request_id) == ""


async def test_a_hold_that_went_down_with_the_server_is_metered_by_its_settle(desk: Desk) -> None:
    mine = claim(new_license())
    await desk.ledger.hold(mine)
    for table in ("gateway_requests", "usage_months"):
        await desk.hot.fetch(f"DELETE FROM {table} WHERE license_id = $1", mine.license_id)  # noqa: S608 - our own words
    await desk.ledger.settle(mine.request_id, metered())
    await desk.ledger.caught_up()
    month = await desk.month(mine.license_id)
    assert (month["held"], month["used"], month["cost_micro"]) == (0, 1, 7)


async def test_whoever_leaves_while_being_held_leaves_nothing_held(desk: Desk) -> None:
    license_id = new_license()
    for turns in range(12):
        awaited, unawaited = (desk.ledger.hold(claim(license_id)) for _ in range(2))
        waiting = asyncio.ensure_future(awaited)
        for _ in range(turns):
            await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        # It may have been cancelled before it began to await.
        awaited.give_up()
        unawaited.give_up()
    # One that stays is answered after all who left.
    stays = claim(license_id)
    await desk.ledger.hold(stays)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await desk.month(license_id))["held"] != 1:
            await desk.ledger.caught_up()


async def test_looking_counts_nothing(desk: Desk) -> None:
    license_id = new_license()
    fresh = await desk.ledger.look(license_id, HOURLY, 10)
    assert (fresh.hour_remaining, fresh.hour_reset_s, fresh.month_used) == (HOURLY, 3_600, 0)
    await desk.ledger.hold(claim(license_id))
    for _ in range(2):
        found = await desk.ledger.look(license_id, HOURLY, 10)
        assert (found.hour_remaining, found.month_used, found.month_remaining) == (99, 1, 9)


async def test_many_licenses_at_once_do_not_wait_for_each_other_for_ever(
    desk: Desk, other: Desk
) -> None:
    licenses = [new_license() for _ in range(20)]
    claims = [claim(one, hourly=1_000) for one in licenses for _ in range(20)]

    async def call(number: int) -> None:
        mine = [desk, other][number % 2]
        assert (await mine.ledger.hold(claims[number])).code == ""
        await mine.ledger.settle(claims[number].request_id, metered())

    await asyncio.gather(*(call(number) for number in reversed(range(len(claims)))))
    await asyncio.gather(desk.ledger.caught_up(), other.ledger.caught_up())
    months = [await desk.month(one) for one in licenses]
    assert {(month["held"], month["used"], month["cost_micro"]) for month in months} == {
        (0, 20, 140)
    }


@pytest.mark.parametrize("model", ["a\0b", "\ud800", "x" * 10_000, "'; DROP TABLE"])
async def test_whatever_a_provider_calls_its_model_is_metered(desk: Desk, model: str) -> None:
    mine = claim(new_license())
    await desk.ledger.hold(mine)
    await desk.ledger.settle(mine.request_id, metered(model=model, input_tokens=10**30))
    await desk.ledger.caught_up()
    assert (await desk.month(mine.license_id))["used"] == 1


async def test_an_unfit_end_does_not_keep_the_others_waiting(desk: Desk) -> None:
    mine = claim(new_license())
    await desk.ledger.hold(mine)
    unfit = claim(mine.license_id)
    await desk.ledger.hold(unfit)
    queue = desk.ledger._write_queue
    queue.put(CallOutcome(unfit.request_id, None, None, 0, "settled", input_tokens=2**40))
    await desk.ledger.settle(mine.request_id, metered())
    await desk.ledger.caught_up()
    assert await desk.state(mine.request_id) == "settled"
    assert await desk.state(unfit.request_id) == "held"
