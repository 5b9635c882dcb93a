"""Licenses on a timer: telling which are over, and writing to those that soon will be."""

from handlers.jobs.kit.runner import Runner
from services import Services

EXPIRE = "licenses.expire"
NOTIFY = "licenses.notify"


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""

    @jobs.workflow(EXPIRE)
    async def expire(_slot: str) -> None:
        await jobs.step(services.licensing.licenses.expire_due)

    @jobs.workflow(NOTIFY)
    async def notify(_slot: str) -> None:
        await jobs.step(services.licensing.licenses.notify_due)
