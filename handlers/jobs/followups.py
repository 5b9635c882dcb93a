"""Durable work of follow-ups: writing one, and its actions."""

from datetime import timedelta

from handlers.jobs.kit.failures import StepFailed
from handlers.jobs.kit.runner import Runner
from handlers.jobs.operations import register_kinds
from services import Services
from services.connections import RESUME
from services.followups import WRITE
from services.operations import Backoff

# The model's own retries come on top; after that Fathom's summary serves.
MODEL = Backoff(tries=2, first=timedelta(seconds=2), longest=timedelta(seconds=60))


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""

    @jobs.workflow(WRITE, on_failure=services.followups.writing.failed)
    async def write(followup_id: str, run: str) -> None:
        await jobs.step(services.followups.writing.read, followup_id, run)
        await jobs.step(services.followups.writing.look_up, followup_id, run)
        try:
            await jobs.step(services.followups.writing.compose, followup_id, run, retries=MODEL)
        except StepFailed as error:
            if not error.failure.temporary:
                raise
            await jobs.step(services.followups.writing.compose_plainly, followup_id, run)

    @jobs.workflow(RESUME)
    async def resume(workspace_id: str, member_id: str, followup_id: str) -> None:
        await jobs.step(services.followups.mails.resume, workspace_id, member_id, followup_id)

    register_kinds(jobs, services.operations, services.followups.action_run.kinds)
