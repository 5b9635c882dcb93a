"""One durable operation: steps that survive restarts, retried with backoff, drawn live."""

from services.operations.live import Display, LiveCards, Place
from services.operations.operations import AGAIN, CHANGED, GO_ON, OVER, Operations, Start
from services.operations.outcomes import (
    Backoff,
    Done,
    Kind,
    Missed,
    More,
    Outcome,
    Retry,
    Skipped,
    StepPlan,
    Work,
)
from services.operations.state import STEP_MISSED, Operation, Step, steps_of
