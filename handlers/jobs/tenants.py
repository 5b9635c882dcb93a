"""Durable work of tenants: onboarding and lifecycle, and a look at their databases by the clock."""

from handlers.jobs.kit.runner import Runner, Tick
from handlers.jobs.operations import register_kinds
from services import Services
from services.tenants import RECONCILE, WATCH

TICKS = (
    Tick(WATCH, cron="*/5 * * * *", workflow=WATCH),
    Tick(RECONCILE, cron="40 4 * * *", workflow=RECONCILE),
)


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""
    tenants = services.tenants
    kinds = (tenants.onboarding.kind(), *tenants.lifecycle.kinds())
    register_kinds(jobs, services.operations, kinds)

    @jobs.workflow(WATCH)
    async def watch(slot: str) -> None:
        await jobs.step(tenants.watch.tick, slot)

    @jobs.workflow(RECONCILE)
    async def reconcile(slot: str) -> None:
        await jobs.step(tenants.reconciler.tick, slot)
