"""Waves: small first, in an order of their own for each rollout, and never on the wrong tenant."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.rollouts.waves import (
    ALL,
    CANARY,
    CANARY_GRADUAL,
    GRADUAL,
    PERCENTS,
    Candidate,
    Watches,
    choose_canary,
    halts,
    ordered,
    plan,
    sizes,
    suitable,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TWENTY = [f"tenant-{n}" for n in range(20)]
WATCHES = Watches()


@pytest.mark.parametrize(
    ("count", "expected"),
    [(20, (2, 8, 10)), (5, (1, 2, 2)), (3, (1, 1, 1)), (2, (1, 1)), (1, (1,)), (0, ())],
)
def test_no_wave_is_empty_and_the_last_has_the_rest(count: int, expected: tuple[int, ...]) -> None:
    assert sizes(count, PERCENTS[GRADUAL]) == expected


def test_each_rollout_has_an_order_of_its_own_and_keeps_it() -> None:
    assert ordered("a", TWENTY) == ordered("a", reversed(TWENTY))
    assert ordered("a", TWENTY) != ordered("b", TWENTY)


@pytest.mark.parametrize(
    ("strategy", "canary", "expected"),
    [
        (ALL, "", [20]),
        (GRADUAL, "", [2, 8, 10]),
        (CANARY, "tenant-7", [1, 19]),
        (CANARY_GRADUAL, "tenant-7", [1, 1, 8, 10]),
    ],
)
def test_a_strategy_is_a_preset_of_waves(strategy: str, canary: str, expected: list[int]) -> None:
    waves = plan("r", TWENTY, strategy, canary, watches=WATCHES)
    assert [len(wave.tenants) for wave in waves] == expected
    assert sorted(tenant for wave in waves for tenant in wave.tenants) == sorted(TWENTY)
    assert waves[-1].watch == timedelta(0)
    if canary:
        assert (waves[0].tenants, waves[0].canary) == ((canary,), True)
        assert waves[0].watch == timedelta(hours=24)


def test_the_only_tenant_is_its_own_canary_and_nothing_is_watched_for() -> None:
    (wave,) = plan("r", ["solo"], CANARY, "solo", watches=WATCHES)
    assert (wave.tenants, wave.watch) == (("solo",), timedelta(0))


def test_the_canary_is_never_the_biggest_payer_in_dunning_on_the_last_trial_day_or_unfit() -> None:
    good = Candidate("good", price=500)
    bad = (
        Candidate("big", price=900),
        Candidate("late", dunning=True),
        Candidate("trial", trial_ends_at=NOW + timedelta(hours=23)),
        Candidate("gone", fit=False),
    )
    assert choose_canary("r", (*bad, good), NOW) == "good"
    assert choose_canary("r", bad, NOW) == ""
    assert choose_canary("r", (), NOW) == ""


def test_a_trial_that_is_over_keeps_nobody_from_going_first() -> None:
    paid = Candidate("paid", trial_ends_at=NOW - timedelta(days=90))
    assert choose_canary("r", (paid, Candidate("big", price=900)), NOW) == "paid"


def test_each_currency_has_a_biggest_payer() -> None:
    euros = [Candidate("e1", 100, "eur"), Candidate("e2", 900, "eur")]
    dollars = [Candidate("d1", 100, "usd"), Candidate("d2", 300, "usd")]
    found = suitable((*euros, *dollars, Candidate("free")), NOW)
    assert {one.tenant_id for one in found} == {"e1", "d1", "free"}


def test_where_all_pay_the_same_nobody_is_the_biggest_payer() -> None:
    assert choose_canary("r", [Candidate("a", price=99), Candidate("b", price=99)], NOW)


def test_ours_go_first_then_the_lowest_payer_with_data_then_the_common_schema() -> None:
    big, cheap = Candidate("big", price=900), Candidate("cheap", price=100)
    odd = replace(cheap, tenant_id="odd", common=False)
    empty = Candidate("empty", price=0, has_data=False)
    ours = Candidate("ours", price=500, internal=True)
    assert choose_canary("r", (big, odd, cheap, empty, ours), NOW) == "ours"
    assert choose_canary("r", (big, odd, cheap, empty), NOW) == "cheap"
    assert choose_canary("r", (big, empty), NOW) == "empty"


@pytest.mark.parametrize(
    ("failures", "size", "threshold", "canary", "expected"),
    [
        (0, 20, 1, False, False),
        (1, 20, 1, False, True),
        (1, 20, 0, False, True),
        (1, 20, 3, False, False),
        (3, 20, 3, False, True),
        (1, 5, 3, False, True),
        (1, 1, 3, True, True),
        (0, 1, 0, True, False),
    ],
)
def test_failures_halt_at_the_threshold_and_in_small_waves_at_once(
    failures: int, size: int, threshold: int, canary: bool, expected: bool
) -> None:
    assert halts(failures, size=size, threshold=threshold, canary=canary) is expected
