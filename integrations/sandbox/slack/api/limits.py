"""How often a method may be called (contracts, C4)."""

from collections import defaultdict, deque

from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.rules import TIER_PER_MINUTE, Rules

MINUTE = 60.0
# One message a second and channel, with a short burst allowed.
BURST = 5
BURST_SECONDS = 5.0


class Limits:
    """Sliding windows per method and workspace, and per channel for new messages."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._calls: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def count(self, team: str, method: str, tier: int, channel: str = "") -> None:
        """Count a call. SlackError ratelimited, with `retry_after` in whole seconds."""
        if not self._rules.enforce_rates:
            return
        self._take((team, method), TIER_PER_MINUTE[tier], MINUTE)
        if method == "chat.postMessage" and channel:
            self._take((team, channel), BURST, BURST_SECONDS)

    def _take(self, key: tuple[str, str], most: int, window: float) -> None:
        now, calls = self._rules.now(), self._calls[key]
        while calls and now - calls[0] >= window:
            calls.popleft()
        if len(calls) >= most:
            raise SlackError("ratelimited", retry_after=int(window - (now - calls[0])) + 1)
        calls.append(now)
