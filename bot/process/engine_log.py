"""The engine's own log lines: into ours, and not the same one ten times a second."""

import logging
import time
from datetime import timedelta

AGAIN_AFTER = timedelta(seconds=30)


class Sparingly(logging.Filter):
    """Lets a line through once in a while: a database that is away is news only once."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, int], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this line of the engine's source was silent for a while."""
        place, now = (record.pathname, record.lineno), time.monotonic()
        if now - self._said.get(place, -AGAIN_AFTER.total_seconds()) < AGAIN_AFTER.total_seconds():
            return False
        self._said[place] = now
        return True


def quiet_engine() -> None:
    """To be called before the engine is configured; calling it again changes nothing."""
    engine = logging.getLogger("dbos")
    # With a handler of ours in place the engine adds none: its lines take the root's way, where
    # they are redacted and formatted like every other.
    if not engine.handlers:
        engine.addHandler(logging.NullHandler())
    if not any(isinstance(known, Sparingly) for known in engine.filters):
        engine.addFilter(Sparingly())
