"""One durable operation: steps that survive restarts, retried with backoff, drawn live."""

from services.operations.legs import revive
from services.operations.live import NOWHERE, Display, LiveCards, Place
from services.operations.operations import (
    AGAIN,
    GO_ON,
    OVER,
    Operations,
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
    Start,
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
