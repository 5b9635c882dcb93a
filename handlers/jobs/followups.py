"""Durable work of follow-ups: writing one, and putting it into Gmail."""

from handlers.jobs.kit.runner import Runner
from handlers.jobs.operations import register_kinds
from services import Services
from services.connections import RESUME
from services.followups import DELIVER


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""

    register_kinds(jobs, services.operations, (services.followups.writing.kind,))

    @jobs.workflow(RESUME)
    async def resume(workspace_id: str, member_id: str, followup_id: str) -> None:
        await jobs.step(services.followups.mails.resume, workspace_id, member_id, followup_id)

    @jobs.workflow(DELIVER, on_failure=services.followups.mails.failed)
    async def deliver(followup_id: str, attempt: str) -> None:
        await jobs.step(services.followups.mails.deliver, followup_id, attempt)
