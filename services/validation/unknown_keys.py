"""Rate limit of addresses that try unknown keys, of licenses or of admins; of no others."""

from collections.abc import Callable
from datetime import timedelta

from cachetools import FIFOCache

from services.client_network import network_of
from services.errors import Temporary
from services.phrases import Phrase

TRIES = 60
PERIOD = timedelta(minutes=1)
MOST = 20_000

TOO_MANY = Phrase(
    "Too many unknown keys from your address. Try again in {seconds} seconds.",
    "Troppe chiavi sconosciute dal tuo indirizzo. Riprova tra {seconds} secondi.",
)


class TooManyTries(Temporary):
    """The address tried too many unknown keys; `retry_after` says how long to wait."""

    def __init__(self, retry_after: timedelta) -> None:
        seconds = round(retry_after.total_seconds())
        super().__init__(TOO_MANY, retry_after=retry_after, seconds=seconds)


class UnknownKeyRateLimiter:
    """Counts unknown keys by address, in this process; known keys are never counted."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        """`ticks`: seconds of a clock that never jumps."""
        self._ticks = ticks
        # Since when, and how many since then; the oldest first.
        self._windows: FIFOCache[str, tuple[float, int]] = FIFOCache(MOST)

    def __len__(self) -> int:
        """How many addresses are remembered."""
        return len(self._windows)

    def hit(self, address: str) -> None:
        """One more unknown key from there; raises TooManyTries above 60 a minute."""
        now, network = self._ticks(), network_of(address)
        since, tries = self._windows.get(network, (now, 0))
        if now - since >= PERIOD.total_seconds():
            since, tries = now, 0
            self._windows.pop(network, None)
        if tries >= TRIES:
            left = since + PERIOD.total_seconds() - now
            raise TooManyTries(timedelta(seconds=max(1, round(left))))
        self._windows[network] = (since, tries + 1)
