"""Durable work of the credit ledger: holds that nobody ended, and the nightly proof."""

from handlers.jobs.kit.runner import Runner, Tick
from services import Services

EXPIRE = "credits.expire"
PROVE = "credits.prove"
TICKS = (
    Tick(EXPIRE, cron="* * * * *", workflow=EXPIRE),
    Tick(PROVE, cron="35 3 * * *", workflow=PROVE),
)


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""

    @jobs.workflow(EXPIRE)
    async def expire(_slot: str) -> None:
        await jobs.step(services.credits.holds.expire)

    @jobs.workflow(PROVE)
    async def prove(_slot: str) -> None:
        await jobs.step(services.credits.proofs.prove)
