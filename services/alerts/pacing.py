"""When an alert is posted, drawn anew or said to be over: at most one of each an hour; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

FIRING, WELL = "firing", "well"
HOUR = timedelta(hours=1)
# Something that comes back at once was never over.
CALM = timedelta(minutes=1)
EDIT_EVERY = timedelta(seconds=10)


class TellingStep(Enum):
    """What is to be done now."""

    NOTHING = 0
    POST = 1
    EDIT = 2
    RECOVERY = 3


@dataclass(frozen=True, slots=True)
class ToldAlert:
    """How it stands, and what the channel heard of it.

    `state` is how it stands, `told` what was posted last; `shown` and `drawn` are what its message
    should and does show.
    """

    state: str
    told: str
    shown: str
    drawn: str
    ended_at: datetime | None = None
    posted_at: datetime | None = None
    well_told_at: datetime | None = None
    drawn_at: datetime | None = None


def next_telling(of: ToldAlert, now: datetime) -> TellingStep:
    """In an hour one message and one recovery at most; whatever else happens is drawn into it."""
    if of.state == FIRING and of.told != FIRING and _is_past(of.posted_at, HOUR, now):
        return TellingStep.POST
    over = of.state == WELL and of.told == FIRING and _is_past(of.ended_at, CALM, now)
    if over and _is_past(of.well_told_at, HOUR, now):
        return TellingStep.RECOVERY
    if of.posted_at is not None and of.shown != of.drawn and _is_past(of.drawn_at, EDIT_EVERY, now):
        return TellingStep.EDIT
    return TellingStep.NOTHING


def _is_past(since: datetime | None, by: timedelta, now: datetime) -> bool:
    return since is None or now - since >= by
