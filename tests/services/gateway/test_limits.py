"""The headers that say what is left: on every answer, and with Retry-After when refused."""

from datetime import UTC, datetime

from services.gateway.limits import QUOTA_EXCEEDED, RATE_LIMITED, Limits, headers, refusal

LIMITS = Limits(
    hour_limit=100,
    hour_remaining=42,
    hour_reset_s=1_800,
    month_limit=1_000,
    month_used=999,
    month_resets_at=datetime(2026, 12, 1, tzinfo=UTC),
    month_reset_s=864_000,
)


def test_an_answer_says_what_is_left_of_hour_and_month() -> None:
    assert headers(LIMITS) == {
        "RateLimit-Limit": "100",
        "RateLimit-Remaining": "42",
        "RateLimit-Reset": "1800",
        "RateLimit-Policy": "100;w=3600",
        "X-Quota-Limit": "1000",
        "X-Quota-Remaining": "1",
        "X-Quota-Reset": "864000",
    }


def test_a_refusal_says_when_to_try_again() -> None:
    assert headers(LIMITS, RATE_LIMITED)["Retry-After"] == "1800"
    assert headers(LIMITS, QUOTA_EXCEEDED)["Retry-After"] == "864000"
    assert headers(LIMITS, "BUDGET_EXCEEDED")["Retry-After"] == "864000"


def test_nobody_is_told_to_try_again_at_once() -> None:
    assert headers(LIMITS._replace(hour_reset_s=0), RATE_LIMITED)["Retry-After"] == "1"


def test_a_month_without_limit_has_no_quota_to_speak_of() -> None:
    assert not [name for name in headers(LIMITS._replace(month_limit=None)) if "Quota" in name]


def test_what_remains_is_never_below_nothing() -> None:
    assert headers(LIMITS._replace(month_used=1_200))["X-Quota-Remaining"] == "0"


def test_the_hour_is_named_before_the_month() -> None:
    assert refusal(LIMITS) == ""
    assert refusal(LIMITS._replace(month_used=1_000)) == QUOTA_EXCEEDED
    assert refusal(LIMITS._replace(month_used=1_000, hour_remaining=0)) == RATE_LIMITED
    assert refusal(LIMITS._replace(month_limit=None, month_used=5_000)) == ""
