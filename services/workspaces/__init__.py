"""Workspaces that install us and leave: who is greeted, and what goes when they go."""

from services.workspaces.departures import (
    END_GRANT,
    FORGET,
    SWEEP,
    Departures,
    GrantEnder,
    left,
)
from services.workspaces.greetings import GREET, Greeter, Greetings
