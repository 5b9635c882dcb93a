"""What is asked of a window and what it answers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Want:
    """One more hit in a license's hour, if fewer than `hourly` are in it; `hit` names it."""

    license_id: str
    hourly: int
    hit: str


@dataclass(frozen=True, slots=True)
class WindowRoom:
    """Whether the hit is in the window, how many more fit, seconds until the oldest leaves."""

    taken: bool
    remaining: int
    reset_s: int
