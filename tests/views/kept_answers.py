"""A process of its own that keeps answers, and tells how often their length it grew by."""

import resource
from pathlib import Path

from tests.views.scenes_api import KNOWN
from views.api.validation import validate_json

KEPT = 10_000
LINUX = Path("/proc/self/statm")


def _resident() -> int:
    """Bytes in memory; elsewhere than on Linux the most there ever were."""
    if LINUX.exists():
        return int(LINUX.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    before = _resident()
    answers = [validate_json(KNOWN) for _ in range(KEPT)]
    print((_resident() - before) / sum(map(len, answers)))  # noqa: T201 - for the test
