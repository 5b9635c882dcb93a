"""The journal of every request that crossed the wire, with secrets masked."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from integrations.sandbox.kit.masking import Mask

KEPT_ENTRIES = 1_000

Direction = Literal["in", "out"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer.

    `direction` is "in" for a call to an imitated vendor and "out" for a delivery to the product;
    `status` 0 means that no answer was given; `ms` is the time until the answer.
    """

    direction: Direction
    vendor: str
    method: str
    path: str
    status: int
    ms: float
    request: object = None
    response: object = None


class Journal:
    """A bounded list of exchanges, numbered from 1, newest last; `mask` hides secrets in them."""

    def __init__(self, announce: Callable[[str], None] | None = None) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT_ENTRIES)
        self._count = 0
        self.announce = announce
        self.mask = Mask()

    def record(self, exchange: Exchange) -> None:
        """Write one exchange down; request and response must already be masked (see `mask`)."""
        self._count += 1
        self._entries.append(
            {
                "n": self._count,
                "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "direction": exchange.direction,
                "vendor": exchange.vendor,
                "method": exchange.method,
                "path": exchange.path,
                "status": exchange.status,
                "ms": round(exchange.ms, 1),
                "request": exchange.request,
                "response": exchange.response,
            }
        )
        if self.announce:
            self.announce("journal")

    def entries(self, after: int = 0, *, vendor: str | None = None) -> list[dict[str, Any]]:
        """The entries numbered above `after`, oldest first."""
        return [
            entry
            for entry in self._entries
            if entry["n"] > after and vendor in (None, entry["vendor"])
        ]

    def clear(self) -> None:
        """Forget everything; numbering goes on."""
        self._entries.clear()
