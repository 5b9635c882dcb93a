"""Durable work of the reports: usage summed up by days and proven, files of exports."""

from handlers.jobs.kit.runner import Runner, Tick
from handlers.jobs.operations import register_kinds
from services import Services

SUM_UP = "reports.sum_up"
PROVE = "reports.prove"
FORGET = "reports.forget"
TICKS = (
    # Every hour, because midnight comes at another one in each zone.
    Tick(SUM_UP, cron="20 * * * *", workflow=SUM_UP),
    Tick(PROVE, cron="35 3 * * *", workflow=PROVE),
    Tick(FORGET, cron="50 * * * *", workflow=FORGET),
)


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""
    register_kinds(jobs, services.operations, (services.reports.files.kind,))

    @jobs.workflow(SUM_UP)
    async def sum_up(_slot: str) -> None:
        await jobs.step(services.reports.days.sum_up)

    @jobs.workflow(PROVE)
    async def prove(_slot: str) -> None:
        await jobs.step(services.reports.days.prove)

    @jobs.workflow(FORGET)
    async def forget(_slot: str) -> None:
        await jobs.step(services.reports.files.forget)
