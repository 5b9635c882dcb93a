"""Connections on a timer: links that expired are forgotten."""

from handlers.jobs.kit.runner import Runner, Tick
from services import Services

FORGET_LINKS = "connections.forget_links"
TICKS = (Tick(FORGET_LINKS, cron="17 * * * *", workflow=FORGET_LINKS),)


def register(jobs: Runner, services: Services) -> None:
    """Make the workflow known to the engine."""

    @jobs.workflow(FORGET_LINKS)
    async def forget_links(_slot: str) -> None:
        await jobs.step(services.connections.signins.forget_expired)
