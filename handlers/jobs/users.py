"""Durable work of users: provisioning, and the reconciler by the clock and on demand."""

from handlers.jobs.kit.runner import Runner, Tick
from handlers.jobs.operations import register_kinds
from services import Services
from services.users import ASKED, RECONCILE

TICKS = (Tick(RECONCILE, cron="*/10 * * * *", workflow=RECONCILE),)


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""
    register_kinds(jobs, services.operations, (services.users.provisioning.kind(),))

    @jobs.workflow(RECONCILE)
    async def reconcile(slot: str) -> None:
        await jobs.step(services.users.reconciler.tick, slot)

    @jobs.workflow(ASKED)
    async def asked(request: str) -> None:
        await jobs.step(services.users.reconciler.asked, request)
