"""Slack's deadlines and allowances, in one place so that a test can tighten them."""

import time
from collections.abc import Callable
from dataclasses import dataclass

# Per method, workspace and minute (specs/slack-limits.json, rate_tiers_per_minute).
TIER_PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}


@dataclass(slots=True)
class Rules:
    """Figures of the contract, all in seconds; `now` is the clock they are measured with.

    enforce_rates   answer 429 beyond a method's tier (off: a demo should not stumble over it)
    socket_mode     None: as the manifest says
    rotate_tokens   installs from now on get tokens that lapse
    """

    ack_seconds: float = 3.0
    trigger_seconds: float = 3.0
    response_url_seconds: float = 30 * 60.0
    response_url_uses: int = 5
    retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
    enforce_rates: bool = False
    socket_mode: bool | None = None
    rotate_tokens: bool = False
    refresh_grace_seconds: float = 60.0
    now: Callable[[], float] = time.time
