"""Which vendors this process cannot reach: told by every call, read by whoever watches."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

# So many calls in a row without a useful answer, over so long: one bad moment is no outage.
FAILURES, LASTING = 5, timedelta(seconds=60)
FIRST_BROKEN_STATUS = 500


@dataclass(slots=True)
class _Run:
    """Failures in a row: how many, and since when."""

    failures: int = 0
    since: float = 0.0


@dataclass(slots=True)
class VendorHealth:
    """Bounded by the names of vendors, which are ours; `clock` in seconds, never going back."""

    clock: Callable[[], float] = monotonic
    _runs: dict[str, _Run] = field(default_factory=dict)

    def hear(self, vendor: str, status: int) -> None:
        """A call ended with this HTTP status, 0 for no answer; a refusal is an answer."""
        run = self._runs.setdefault(vendor, _Run())
        if 0 < status < FIRST_BROKEN_STATUS:
            run.failures = 0
        else:
            run.since = run.since if run.failures else self.clock()
            run.failures += 1

    def away(self) -> Mapping[str, bool]:
        """By vendor: True after lasting failures, False when the last call was answered.

        One that failed for a moment only is left out, like one that was never called.
        """
        found = {}
        for vendor, run in self._runs.items():
            lasts = self.clock() - run.since >= LASTING.total_seconds()
            if not run.failures:
                found[vendor] = False
            elif run.failures >= FAILURES and lasts:
                found[vendor] = True
        return found
