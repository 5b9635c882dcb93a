"""One durable operation: steps that survive restarts, retried with backoff, drawn live."""

from services.operations.live import NOWHERE, Display, LiveCards, Place
from services.operations.operations import (
    AGAIN,
    CHANGED,
    GO_ON,
    HANDED_ON,
    OVER,
    Operations,
    Start,
)
from services.operations.outcomes import (
    Backoff,
    Done,
    Kind,
    More,
    Outcome,
    Retry,
    Skipped,
    StepPlan,
    Work,
)
from services.operations.state import CANCELLED, DONE, FAILED, RUNNING, Operation, Step
