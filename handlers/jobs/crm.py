"""The CRM in the background: each workspace's index is read on, and what people write goes in."""

from datetime import timedelta

from handlers.jobs.kit.runner import Runner, Tick
from handlers.jobs.operations import register_kinds
from services import Services
from services.crm import AT_ONCE, OVER, REFRESH_JOB

BEGIN = "crm.begin_refreshes"
NEVER = "crm.never"
TICKS = (Tick(BEGIN, cron="* * * * *", workflow=BEGIN),)


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""
    refresh_service = services.crm.refresh
    register_kinds(jobs, services.operations, (services.crm.activities.kind,))

    @jobs.workflow(BEGIN)
    async def begin(_slot: str) -> None:
        await jobs.step(refresh_service.begin_due)

    @jobs.workflow(REFRESH_JOB, waits=True)
    async def refresh(workspace_id: str, epoch: str, job: str) -> None:
        while (wait := await jobs.step(refresh_service.advance, workspace_id, epoch, job)) != OVER:
            if wait != AT_ONCE:
                # What the CRM asked for; nobody cuts it short.
                await jobs.wait(NEVER, timedelta(seconds=wait))
