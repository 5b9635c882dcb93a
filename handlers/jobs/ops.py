"""Durable work of ops commands: issuing what was confirmed, and forgetting old previews."""

from datetime import timedelta

from handlers.jobs.kit.failures import StepFailed
from handlers.jobs.kit.runner import Retries, Runner, Tick
from services import Services
from services.issuing import ISSUE

FORGET = "ops.forget"
TICKS = (Tick(FORGET, cron="20 4 * * *", workflow=FORGET),)
# The license is issued: the receipt may wait until Slack is back, for some hours.
RECEIPT = Retries(tries=40, first=timedelta(seconds=2), longest=timedelta(minutes=10))


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""

    @jobs.workflow(ISSUE, on_failure=services.issuing.single.failed)
    async def issue(proposal_id: str) -> None:
        await jobs.step(services.issuing.single.issue, proposal_id)
        try:
            await jobs.step(services.issuing.single.hand_over, proposal_id, retries=RECEIPT)
        except StepFailed:
            # It is issued all the same: nobody is told that it was not.
            await jobs.step(services.issuing.single.not_handed_over, proposal_id)

    @jobs.workflow(FORGET)
    async def forget(_slot: str) -> None:
        await jobs.step(services.ops.confirmations.forget)
        await jobs.step(services.issuing.bulk.forget)
