"""Work that survives a restart: the features that have some, and every timed thing."""

from handlers.jobs import (
    arrivals,
    billing,
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
    rollouts,
    tenants,
    users,
    webhooks,
    workspaces,
)
from handlers.jobs.kit.runner import Runner, Tick
from services import Services

FEATURES = (
    arrivals,
    billing,
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
    tenants,
    users,
    webhooks,
    workspaces,
)
TIMETABLE: tuple[Tick, ...] = tuple(
    tick for feature in FEATURES for tick in getattr(feature, "TICKS", ())
)


def register(jobs: Runner, services: Services) -> None:
    """Make every feature's workflows known to the engine."""
    for feature in FEATURES:
        feature.register(jobs, services)
