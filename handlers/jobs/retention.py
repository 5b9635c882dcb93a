"""Forgetting on a timer, at night."""

from handlers.jobs.kit.runner import Runner, Tick
from services import Services

FORGET = "retention.forget"
TICKS = (Tick(FORGET, cron="25 3 * * *", workflow=FORGET),)


def register(jobs: Runner, services: Services) -> None:
    """Make the workflow known to the engine."""

    @jobs.workflow(FORGET)
    async def forget(_slot: str) -> None:
        await jobs.step(services.retention.forget)
