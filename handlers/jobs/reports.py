"""Durable work of the reports: usage summed up by the business's days, and proven."""

from handlers.jobs.kit.runner import Runner, Tick
from services import Services

SUM_UP = "reports.sum_up"
PROVE = "reports.prove"
TICKS = (
    # Every hour, because midnight comes at another one in each zone.
    Tick(SUM_UP, cron="20 * * * *", workflow=SUM_UP),
    Tick(PROVE, cron="35 3 * * *", workflow=PROVE),
)


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""

    @jobs.workflow(SUM_UP)
    async def sum_up(_slot: str) -> None:
        await jobs.step(services.reports.days.sum_up)

    @jobs.workflow(PROVE)
    async def prove(_slot: str) -> None:
        await jobs.step(services.reports.days.prove)
