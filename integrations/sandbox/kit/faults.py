"""Faults to be injected into the imitated vendors: what, where, and how often."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A way to fail: its name, what the panel calls it, and the numbers that belong to it."""

    name: str
    label: str
    numbers: tuple[str, ...] = ()


# Kinds which every vendor knows; they are applied by the middleware.
COMMON_KINDS = (
    FaultKind("status", "Error status", ("status", "retry_after")),
    FaultKind("slow", "Slow answer", ("seconds",)),
    FaultKind("timeout", "No answer at all"),
    FaultKind("lost_reply", "Reply lost after success"),
    FaultKind("malformed", "Answer is not JSON"),
    FaultKind("cut", "Answer cut in half"),
)
# Kinds for vendors that stream; the middleware applies them to an answer that is no stream.
STREAM_KINDS = (
    FaultKind("slow_stream", "Stream comes slowly", ("seconds",)),
    FaultKind("cut_stream", "Stream is cut off"),
    FaultKind("error_mid_stream", "Error inside the stream"),
)


@dataclass(slots=True)
class Fault:
    """One planned failure.

    vendor      the vendor's name, or a shell pattern: * for all
    operation   shell pattern over the operation's name, for example `meetings.*`
    kind        slow (answers after `seconds`), status (`status`, `retry_after` in seconds), timeout
                (never answers), lost_reply (works, then drops the connection), malformed (200 with
                a body that is no JSON), cut (half of the true body); for vendors that stream:
                slow_stream (its pieces take `seconds` in all), cut_stream (drops the connection in
                the middle), error_mid_stream; and what a vendor declares besides
    times       how many requests it spoils; None: until it is removed
    skip        how many matching requests pass before it begins
    code        the vendor's error code inside the body, where the vendor has one
    """

    vendor: str = "*"
    operation: str = "*"
    kind: str = "status"
    times: int | None = 1
    status: int = 500
    retry_after: float | None = None
    seconds: float = 5.0
    skip: int = 0
    code: str | None = None
    id: int = 0

    def matches(self, vendor: str, operation: str) -> bool:
        """Whether a request to this operation is meant."""
        return fnmatchcase(vendor, self.vendor) and fnmatchcase(operation, self.operation)


class Faults:
    """The list of planned failures; the oldest match wins and is used up."""

    def __init__(self, announce: Callable[[str], None] | None = None) -> None:
        self._faults: list[Fault] = []
        self._last_id = 0
        self.announce = announce
        self.kinds: dict[str, FaultKind] = {}
        self.learn((*COMMON_KINDS, *STREAM_KINDS))

    def learn(self, kinds: Iterable[FaultKind]) -> None:
        """Know the kinds of a vendor, too."""
        self.kinds.update((kind.name, kind) for kind in kinds)

    def add(self, fault: Fault) -> Fault:
        """Plan a failure and give it an id. ValueError for an unknown kind."""
        if fault.kind not in self.kinds:
            raise ValueError(f"unknown kind {fault.kind!r}, use one of {', '.join(self.kinds)}")
        self._last_id += 1
        fault.id = self._last_id
        self._faults.append(fault)
        self._changed()
        return fault

    def take(self, vendor: str, operation: str) -> Fault | None:
        """The fault this request must suffer, if any; counts it."""
        for fault in self._faults:
            if not fault.matches(vendor, operation):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            self._use(fault)
            return fault
        return None

    def remove(self, fault_id: int | None = None) -> int:
        """Drop one fault, or all of them; returns how many were dropped."""
        kept = [f for f in self._faults if fault_id is not None and f.id != fault_id]
        dropped = len(self._faults) - len(kept)
        self._faults = kept
        self._changed()
        return dropped

    def as_json(self) -> list[dict[str, Any]]:
        """What is still planned, oldest first."""
        return [asdict(fault) for fault in self._faults]

    def _use(self, fault: Fault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if fault.times <= 0:
            self._faults.remove(fault)
        self._changed()

    def _changed(self) -> None:
        if self.announce:
            self.announce("faults")


def fault_from(document: Mapping[str, Any]) -> Fault:
    """A fault from its JSON form. ValueError says what is wrong with it."""
    known = set(Fault.__dataclass_fields__) - {"id"}
    unknown = set(document) - known
    if unknown:
        raise ValueError(f"unknown field {sorted(unknown)[0]!r}")
    return Fault(**document)
