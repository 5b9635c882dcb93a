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
    Missed,
    More,
    Outcome,
    Retry,
    Skipped,
    StepPlan,
    Work,
)
from services.operations.state import (
    CANCELLED,
    DONE,
    FAILED,
    RUNNING,
    STEP_MISSED,
    Operation,
    Step,
    steps_of,
)
