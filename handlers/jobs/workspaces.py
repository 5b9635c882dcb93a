"""Durable work of workspaces: the installer is greeted, what left is forgotten, grants end."""

from datetime import timedelta

from handlers.jobs.kit.runner import Runner
from services import Services
from services.operations import Backoff
from services.workspaces import END_GRANT, FORGET, GREET, SWEEP

# A vendor may be away for a day or two; afterwards its grant lapses by itself.
DAYS = Backoff(tries=20, first=timedelta(seconds=2), longest=timedelta(hours=6))


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""
    greetings, departures = services.workspaces.greetings, services.workspaces.departures

    @jobs.workflow(GREET)
    async def greet(workspace_id: str, member_id: str) -> None:
        await jobs.step(greetings.greet, workspace_id, member_id)

    @jobs.workflow(FORGET)
    async def forget(workspace_id: str) -> None:
        await jobs.step(departures.erase, workspace_id)

    @jobs.workflow(SWEEP)
    async def sweep(workspace_id: str) -> None:
        await jobs.step(departures.sweep, workspace_id)

    @jobs.workflow(END_GRANT, on_failure=departures.give_up, waits=True)
    async def end_grant(grant_id: str) -> None:
        await jobs.step(departures.end, grant_id, retries=DAYS)
