"""The operations of rollouts: from the check to the end, and what is taken up again after it."""

from datetime import timedelta

from services.operations import Backoff, Kind, StepPlan
from services.rollouts.checking import Checking
from services.rollouts.controls import AGAIN, Controls
from services.rollouts.driver import Driver
from services.rollouts.proposing import RUN
from services.rollouts.starting import Starting

# Our own database may be away for long; a rollout goes on by itself when it is back.
PATIENT = Backoff(tries=200, first=timedelta(seconds=1), longest=timedelta(minutes=1))


def kinds(
    checking: Checking, starting: Starting, driver: Driver, controls: Controls
) -> tuple[Kind, ...]:
    """Both kinds; they are stopped by the rollout's own controls, never cancelled."""
    waves = StepPlan("waves", driver.waves, PATIENT)
    first = (
        StepPlan("check", checking.check),
        StepPlan("consent", starting.consent, PATIENT),
        waves,
    )
    return (
        Kind(RUN, first, cancellable=False, ended=controls.ended, about="rollout"),
        Kind(AGAIN, (waves,), cancellable=False, ended=controls.ended, about="rollout"),
    )
