"""Durable work of rollouts: their operations, and catching up by the clock."""

from handlers.jobs.kit.runner import Runner, Tick
from handlers.jobs.operations import register_kinds
from services import Services

CATCH_UP = "rollouts.catch_up"
TICKS = (Tick(CATCH_UP, cron="*/10 * * * *", workflow=CATCH_UP),)


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""
    register_kinds(jobs, services.operations, services.rollouts.kinds)

    @jobs.workflow(CATCH_UP)
    async def catch_up(_slot: str) -> None:
        await jobs.step(services.rollouts.behind.tick)
