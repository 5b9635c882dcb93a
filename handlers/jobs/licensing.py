"""Licenses on a timer: telling which are over, writing to those that soon will be, forgetting."""

from handlers.jobs.kit.runner import Runner, Tick
from services import Services

EXPIRE = "licenses.expire"
NOTIFY = "licenses.notify"
FORGET_ANSWERS = "licenses.forget_answers"
TICKS = (
    # A license ends by itself; this tells that it did.
    Tick(EXPIRE, cron="*/5 * * * *", workflow=EXPIRE),
    Tick(NOTIFY, cron="23 * * * *", workflow=NOTIFY),
    # What repeated requests were answered, kept long enough.
    Tick(FORGET_ANSWERS, cron="45 2 * * *", workflow=FORGET_ANSWERS),
)


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""
    licenses = services.licensing.licenses

    @jobs.workflow(EXPIRE)
    async def expire(_slot: str) -> None:
        await jobs.step(licenses.expire_due)

    @jobs.workflow(NOTIFY)
    async def notify(_slot: str) -> None:
        await jobs.step(licenses.notify_due)

    @jobs.workflow(FORGET_ANSWERS)
    async def forget_answers(_slot: str) -> None:
        await jobs.step(licenses.forget_answers)
