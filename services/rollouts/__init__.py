"""Rollouts: SQL over every tenant's database, in waves, with a way back."""

from services.rollouts.catch_up import Behind, CatchUp
from services.rollouts.checking import Checking, CheckPorts
from services.rollouts.controls import AGAIN, Controls
from services.rollouts.driver import Driver, DriverHands
from services.rollouts.files import MigrationFiles
from services.rollouts.fleet import Fleet, FleetTenant
from services.rollouts.gates import Gates
from services.rollouts.kinds import kinds
from services.rollouts.pool import TargetPool
from services.rollouts.proposing import RUN, RolloutProposals, read_options
from services.rollouts.reading import MigrationReader
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
from services.rollouts.statements import concern, lock
from services.rollouts.tenant_fleet import TenantFleet
from services.rollouts.waves import STRATEGIES
