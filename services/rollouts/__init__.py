"""Rollouts: SQL over every tenant's database, in waves, with a way back."""

from services.rollouts.catch_up import CatchUp
from services.rollouts.checking import Checking, CheckPorts
from services.rollouts.controls import AGAIN, Controls
from services.rollouts.driver import Driver, DriverHands
from services.rollouts.fleet import Fleet, FleetTenant
from services.rollouts.gates import Gates, Vitals
from services.rollouts.kinds import kinds
from services.rollouts.pool import TargetPool
from services.rollouts.proposing import RUN, RolloutProposals, read_options, read_time
from services.rollouts.rollouts import Rollouts
from services.rollouts.starting import Starting
from services.rollouts.state import (
    Breach,
    Rollout,
    RolloutEvent,
    RolloutOptions,
    RolloutOrder,
    RolloutReview,
    RolloutTarget,
)
from services.rollouts.waves import STRATEGIES
