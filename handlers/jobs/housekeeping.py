"""Clearing up on a timer: links that expired, transcripts and answers kept long enough."""

from handlers.jobs.kit.runner import Runner
from services import Services

LINKS = "housekeeping.links"
TRANSCRIPTS = "housekeeping.transcripts"
ANSWERS = "housekeeping.answers"


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""

    @jobs.workflow(LINKS)
    async def links(_slot: str) -> None:
        await jobs.step(services.connections.signins.forget_expired)

    @jobs.workflow(TRANSCRIPTS)
    async def transcripts(_slot: str) -> None:
        await jobs.step(services.meetings.forget_transcripts)

    @jobs.workflow(ANSWERS)
    async def answers(_slot: str) -> None:
        await jobs.step(services.licensing.licenses.forget_answers)
