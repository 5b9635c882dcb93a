"""Durable work of follow-ups: writing one, and its actions."""

from handlers.jobs.kit.runner import Runner
from handlers.jobs.operations import register_kinds
from services import Services
from services.connections import RESUME


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""

    kinds = (services.followups.writing.kind, *services.followups.action_run.kinds)
    register_kinds(jobs, services.operations, kinds)

    @jobs.workflow(RESUME)
    async def resume(workspace_id: str, member_id: str, followup_id: str) -> None:
        await jobs.step(services.followups.mails.resume, workspace_id, member_id, followup_id)
