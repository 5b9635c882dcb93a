"""Meetings on a timer: transcripts kept long enough are forgotten."""

from handlers.jobs.kit.runner import Runner, Tick
from services import Services

FORGET_TRANSCRIPTS = "meetings.forget_transcripts"
TICKS = (Tick(FORGET_TRANSCRIPTS, cron="40 2 * * *", workflow=FORGET_TRANSCRIPTS),)


def register(jobs: Runner, services: Services) -> None:
    """Make the workflow known to the engine."""

    @jobs.workflow(FORGET_TRANSCRIPTS)
    async def forget_transcripts(_slot: str) -> None:
        await jobs.step(services.meetings.forget_transcripts)
