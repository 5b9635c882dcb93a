"""Durable work of bulk issues: line after line, restartable anywhere."""

from handlers.jobs.kit.runner import Runner
from handlers.jobs.ops import RECEIPT
from services import Services
from services.issuing import BULK_ISSUE


def register(jobs: Runner, services: Services) -> None:
    """Make the workflow known to the engine."""
    run = services.issuing.bulk_run

    @jobs.workflow(BULK_ISSUE, on_failure=run.failed)
    async def issue(bulk_id: str) -> None:
        await jobs.step(run.begin, bulk_id)
        while await jobs.step(run.issue_some, bulk_id):
            pass
        await jobs.step(run.finish, bulk_id)
        await jobs.step(run.show_end, bulk_id, retries=RECEIPT)
