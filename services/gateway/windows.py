"""Where the hour is counted: in Redis while it answers, in PostgreSQL otherwise."""

from collections.abc import Sequence
from contextlib import suppress
from time import monotonic

import structlog

from integrations.errors import Unreachable
from integrations.redis_windows.client import RedisWindows
from integrations.redis_windows.types import Want, WindowRoom

# Between looks at a Redis that did not answer; each look costs one batch half a second at most.
PAUSE_SECONDS = 5.0

log = structlog.get_logger(__name__)


class Windows:
    """Redis, unless there is none or it is away; then None, and PostgreSQL counts.

    The two know nothing of each other's hits: a license may use up to twice its hour around an
    outage, never more.
    """

    def __init__(self, redis: RedisWindows | None = None, *, pause: float = PAUSE_SECONDS) -> None:
        """`pause` is seconds between looks at a Redis that is away."""
        self._redis = redis
        self._pause = pause
        self._away_until: float | None = None

    @property
    def elsewhere(self) -> bool:
        """Whether there is a Redis at all."""
        return self._redis is not None

    async def take(self, wants: Sequence[Want]) -> list[WindowRoom] | None:
        """Each hit put into its license's window, if it fits; None: count it in PostgreSQL."""
        redis = self._answering()
        if redis is None:
            return None
        try:
            rooms = await redis.take(wants)
        except Unreachable as error:
            self._lost(error)
            return None
        self._found()
        return rooms

    async def look(self, license_id: str, hourly: int) -> WindowRoom | None:
        """The window as it stands; None: look in PostgreSQL."""
        redis = self._answering()
        if redis is None:
            return None
        try:
            return await redis.look(license_id, hourly)
        except Unreachable as error:
            self._lost(error)
            return None

    async def give_back(self, wants: Sequence[Want]) -> None:
        """Take hits out again that were not used after all; what cannot be reached stays."""
        if wants and self._redis is not None:
            with suppress(Unreachable):
                await self._redis.give_back(wants)

    async def close(self) -> None:
        """Hang up."""
        if self._redis is not None:
            with suppress(Unreachable):
                await self._redis.close()

    def _answering(self) -> RedisWindows | None:
        waits = self._away_until is not None and monotonic() < self._away_until
        return None if waits else self._redis

    def _lost(self, error: Unreachable) -> None:
        if self._away_until is None:
            log.warning("ledger.redis_away", detail=str(error))
        self._away_until = monotonic() + self._pause

    def _found(self) -> None:
        if self._away_until is not None:
            log.info("ledger.redis_back")
            self._away_until = None
