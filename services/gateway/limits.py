"""How much of a license's hour and month is left, and the response headers that say so."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

HOUR_SECONDS = 3600
RATE_LIMITED = "RATE_LIMITED"
QUOTA_EXCEEDED = "QUOTA_EXCEEDED"


class Limits(NamedTuple):
    """Where a license stands, counting what is held and not settled yet.

    `hour_reset_s` is when the oldest request of the hour leaves the window, so when one more fits;
    `month_limit` None is no limit; `month_resets_at` is the next month's first moment in UTC and
    `month_reset_s` the seconds until then, both by the database's clock.
    """

    hour_limit: int
    hour_remaining: int
    hour_reset_s: int
    month_limit: int | None
    month_used: int
    month_resets_at: datetime
    month_reset_s: int

    @property
    def month_remaining(self) -> int | None:
        """How many requests the month has left; None without a limit."""
        return None if self.month_limit is None else max(0, self.month_limit - self.month_used)


def headers(limits: Limits, refused: str = "") -> Mapping[str, str]:
    """What every answer of the gateway says: the hour as `RateLimit-*`, the month as `X-Quota-*`.

    `refused` is the hold's code or "": with one, `Retry-After` says when it may be worth trying
    again. Names of draft-ietf-httpapi-ratelimit-headers-07; seconds from now, never below 1.
    """
    said = {
        "RateLimit-Limit": str(limits.hour_limit),
        "RateLimit-Remaining": str(limits.hour_remaining),
        "RateLimit-Reset": str(limits.hour_reset_s),
        "RateLimit-Policy": f"{limits.hour_limit};w={HOUR_SECONDS}",
    }
    if limits.month_limit is not None:
        said["X-Quota-Limit"] = str(limits.month_limit)
        said["X-Quota-Remaining"] = str(limits.month_remaining)
        said["X-Quota-Reset"] = str(limits.month_reset_s)
    if refused:
        said["Retry-After"] = str(_wait(limits, refused))
    return said


def refusal(limits: Limits) -> str:
    """The code that a request would be refused with now, "" when there is room."""
    if not limits.hour_remaining:
        return RATE_LIMITED
    return QUOTA_EXCEEDED if limits.month_remaining == 0 else ""


def _wait(limits: Limits, refused: str) -> int:
    seconds = limits.hour_reset_s if refused == RATE_LIMITED else limits.month_reset_s
    return max(1, seconds)
