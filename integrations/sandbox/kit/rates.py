"""Sliding windows of calls, and the RateLimit headers that tell of them."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

MINUTE = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Count:
    """Where one caller stands: `reset` in seconds until the oldest call is forgotten."""

    limit: int
    used: int
    reset: int
    exceeded: bool

    def headers(self, *, with_retry: bool = False) -> dict[str, str]:
        """RateLimit-* as Fathom sends them; Retry-After on a 429 only."""
        headers = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(0, self.limit - self.used)),
            "RateLimit-Reset": str(self.reset),
        }
        return {**headers, "Retry-After": str(max(1, self.reset))} if with_retry else headers


class RateLimiter:
    """Counts calls by key over the last `window` seconds; refuses only when it is enforced."""

    def __init__(
        self,
        *,
        enforced: bool,
        window: float = MINUTE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._enforced, self._window = enforced, window
        self._clock = clock
        self._calls: dict[str, deque[float]] = {}

    def count(self, key: str, limit: int) -> Count:
        """Counts this call, unless it is refused."""
        now = self._clock()
        calls = self._calls.setdefault(key, deque())
        while calls and calls[0] <= now - self._window:
            calls.popleft()
        exceeded = self._enforced and len(calls) >= limit
        if not exceeded:
            calls.append(now)
        reset = ceil(calls[0] + self._window - now)
        return Count(limit, len(calls), reset, exceeded)
