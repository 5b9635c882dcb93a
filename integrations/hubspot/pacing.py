"""Keeps our calls to one account below HubSpot's limits, per process (contract §3)."""

import asyncio
import time
from collections import deque

BURST, BURST_WINDOW = 90, 10.0  # of the smallest plan's 100 calls in ten seconds
KEPT_FOR_PEOPLE = 30  # of those, never used by what runs in the background
SEARCHES, SEARCH_WINDOW = 4, 1.0  # of five


class Pace:
    """Waits until another call fits; another process's calls are only met as a 429."""

    def __init__(self) -> None:
        self._calls: deque[float] = deque()
        self._searches: deque[float] = deque()

    async def call(self, *, background: bool = False) -> None:
        """Before an ordinary call."""
        most = BURST - (KEPT_FOR_PEOPLE if background else 0)
        await _turn(self._calls, most, BURST_WINDOW)

    async def search(self) -> None:
        """Before a search."""
        await _turn(self._searches, SEARCHES, SEARCH_WINDOW)


async def _turn(calls: deque[float], most: int, window: float) -> None:
    while True:
        now = time.monotonic()
        while calls and calls[0] <= now - window:
            calls.popleft()
        if len(calls) < most:
            calls.append(now)
            return
        await asyncio.sleep(calls[0] + window - now)
