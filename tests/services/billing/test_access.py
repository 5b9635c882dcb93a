"""The rule of access, row by row."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.access import (
    GRACE,
    AccessRule,
    AccessState,
    SubscriptionFacts,
    access,
    local_trial,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
YEAR = datetime.fromisoformat("2026-01-01")
MADE = NOW - timedelta(days=90)


def facts(status: str, **more: object) -> SubscriptionFacts:
    """A subscription in this status."""
    return SubscriptionFacts(status, MADE, **more)  # type: ignore[arg-type] # by name


@pytest.mark.parametrize(
    ("status", "state", "allowed"),
    [
        ("trialing", AccessState.TRIALING, True),
        ("active", AccessState.ACTIVE, True),
        ("incomplete", AccessState.NONE, False),
        ("incomplete_expired", AccessState.NONE, False),
        ("unpaid", AccessState.SUSPENDED, False),
        ("paused", AccessState.PAUSED, False),
        ("canceled", AccessState.CANCELLED, False),
        ("resting", AccessState.SUSPENDED, False),
        ("", AccessState.SUSPENDED, False),
        ("ACTIVE", AccessState.SUSPENDED, False),
    ],
)
def test_each_word_of_stripes_gives_what_the_table_says(
    status: str, state: AccessState, allowed: bool
) -> None:
    given_now = access(facts(status), None, NOW)
    assert (given_now.state, given_now.allowed) == (state, allowed)


def test_grace_ends_seven_days_after_the_first_failed_invoice_to_the_second() -> None:
    failed = NOW - GRACE
    before = access(facts("past_due"), failed, NOW - timedelta(seconds=1))
    assert (before.state, before.allowed, before.until) == (AccessState.PAST_DUE, True, NOW)
    at = access(facts("past_due"), failed, NOW)
    assert (at.state, at.allowed, at.rule) == (
        AccessState.SUSPENDED,
        False,
        AccessRule.GRACE_OVER,
    )


def test_without_a_known_failure_grace_never_begins_anew() -> None:
    looks = [access(facts("past_due"), None, NOW + timedelta(hours=n)) for n in range(48)]
    assert not any(one.allowed for one in looks)


@pytest.mark.parametrize(
    "planned",
    [{"cancel_at": NOW}, {"cancel_at_period_end": True, "period_end": NOW}],
)
@pytest.mark.parametrize("status", ["active", "trialing", "past_due"])
def test_either_of_stripes_two_fields_means_an_end(planned: dict[str, object], status: str) -> None:
    failed = NOW - timedelta(days=1)
    before = access(facts(status, **planned), failed, NOW - timedelta(seconds=1))
    assert (before.allowed, before.ends_at, before.until) == (True, NOW, NOW)
    after = access(facts(status, **planned), failed, NOW)
    assert (after.state, after.allowed) == (AccessState.CANCELLED, False)


def test_a_paused_collection_gives_access_only_as_far_as_was_paid() -> None:
    paused = facts("active", collection_paused=True)
    paid = access(paused, None, NOW, paid_until=NOW + timedelta(days=3))
    assert (paid.allowed, paid.rule) == (True, AccessRule.PAUSED_PAID)
    over = access(paused, None, NOW, paid_until=NOW)
    assert (over.state, over.allowed) == (AccessState.PAUSED, False)
    assert access(facts("active"), None, NOW, paid_until=NOW).allowed


def test_money_that_went_back_ends_what_it_paid_for_but_no_trial() -> None:
    assert access(facts("active"), None, NOW, money_back=True).rule is AccessRule.MONEY_BACK
    assert access(facts("trialing"), None, NOW, money_back=True).allowed


def test_a_trial_without_a_subscription_ends_by_itself() -> None:
    assert local_trial(NOW + timedelta(seconds=1), NOW).allowed
    over = local_trial(NOW, NOW)
    assert (over.state, over.rule) == (AccessState.SUSPENDED, AccessRule.TRIAL_OVER)
    assert not local_trial(None, NOW).allowed


@given(
    status=st.one_of(st.sampled_from(["trialing", "active", "past_due", "unpaid"]), st.text()),
    failed=st.none() | st.datetimes(timezones=st.just(UTC), min_value=YEAR),
    paused=st.booleans(),
    back=st.booleans(),
    ends=st.none() | st.datetimes(timezones=st.just(UTC), min_value=YEAR),
)
def test_time_alone_only_ever_takes_access_away(
    status: str, failed: datetime | None, paused: bool, back: bool, ends: datetime | None
) -> None:
    of = facts(status, collection_paused=paused, cancel_at=ends)
    looks = [
        access(of, failed, NOW + timedelta(days=n), paid_until=NOW, money_back=back)
        for n in range(-30, 60, 5)
    ]
    assert all(before.allowed or not after.allowed for before, after in pairwise(looks))
