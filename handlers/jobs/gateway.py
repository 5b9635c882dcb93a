"""Durable work of the gateway's ledger: holds that nobody ended, and calls of long ago."""

from handlers.jobs.kit.runner import Runner, Tick
from services import Services

EXPIRE = "ledger.expire"
FORGET = "ledger.forget"
TICKS = (
    # Holds whose process was killed: until then they count against the quota.
    Tick(EXPIRE, cron="* * * * *", workflow=EXPIRE),
    Tick(FORGET, cron="55 2 * * *", workflow=FORGET),
)


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""

    @jobs.workflow(EXPIRE)
    async def expire(_slot: str) -> None:
        await jobs.step(services.gateway.ledger.expire)

    @jobs.workflow(FORGET)
    async def forget(_slot: str) -> None:
        await jobs.step(services.gateway.usage.forget_calls)
