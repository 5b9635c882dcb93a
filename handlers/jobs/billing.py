"""Durable work of billing: the catalogue learnt from Stripe."""

from handlers.jobs.kit.runner import Runner, Tick
from services import Services

SYNC = "billing.prices"
TICKS = (Tick(SYNC, cron="11 * * * *", workflow=SYNC),)


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""

    @jobs.workflow(SYNC)
    async def sync(_slot: str) -> None:
        await jobs.step(services.billing.catalogue.learn)
