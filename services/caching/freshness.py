"""How long a cache entry may be served without reading it again from PostgreSQL."""

from collections.abc import Callable
from time import monotonic

from db.store.asyncpg_pool import AsyncpgPool

# While we are told of every change, which is proven twice a second: only what somebody changed
# past the product, by hand, is told by nobody.
TRUSTED_SECONDS = 600.0
UNTOLD_SECONDS = 1.0


class CacheFreshness:
    """Judges by the age of knowledge, and by whether it could have missed a change."""

    def __init__(self, pool: AsyncpgPool, ticks: Callable[[], float] = monotonic) -> None:
        """`ticks`: seconds of the clock that `pool.listening_since` is told by."""
        self._pool = pool
        self._ticks = ticks

    def __call__(self, read_at: float) -> bool:
        """Whether what was read at that time of `ticks` may be used as it is."""
        since = self._pool.listening_since
        told = since is not None and since <= read_at
        return self._ticks() - read_at <= (TRUSTED_SECONDS if told else UNTOLD_SECONDS)
