"""Work that survives a restart: the features that have some, and every timed thing."""

from handlers.jobs import (
    arrivals,
    billing,
    budgets,
    connections,
    credits,
    crm,
    followups,
    gateway,
    issuing,
    licensing,
    mail,
    meetings,
    ops,
    reports,
    retention,
    rollouts,
    tenants,
    users,
    webhooks,
    workspaces,
)
from handlers.jobs.kit.runner import Runner, Tick
from services import Services
from services.alerts import Cause

FEATURES = (
    arrivals,
    billing,
    budgets,
    connections,
    credits,
    crm,
    followups,
    gateway,
    issuing,
    licensing,
    mail,
    meetings,
    ops,
    rollouts,
    reports,
    retention,
    tenants,
    users,
    webhooks,
    workspaces,
)
TIMETABLE: tuple[Tick, ...] = tuple(
    tick for feature in FEATURES for tick in getattr(feature, "TICKS", ())
)


def register(jobs: Runner, services: Services) -> None:
    """Make every feature's workflows known to the engine; a fault in one is an alert."""

    async def fault(workflow: str) -> None:
        await services.alerts.log.fire(Cause.JOB_FAILED, workflow)

    jobs.on_fault = fault
    for feature in FEATURES:
        feature.register(jobs, services)
