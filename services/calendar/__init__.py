"""A member's calendar: free times, and events that are written once and can be taken back."""

from services.calendar.calendar import (
    FREE,
    NOT_AGREED,
    OVER,
    TAKEN,
    WAS_DELETED,
    Calendar,
    EventReceipt,
    Proposals,
    ProposedTime,
    event_id,
)
from services.calendar.events import (
    LENGTHS,
    PLAN,
    USUAL_LENGTH,
    EventPlan,
    EventWish,
    description,
)
from services.calendar.slots import TimeRange
