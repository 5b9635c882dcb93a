"""Durable work of budgets: warnings, calls that nobody ended, and calls of long ago."""

from handlers.jobs.kit.runner import Runner, Tick
from services import Services
from services.budgets import TELL

EXPIRE = "budgets.expire"
FORGET = "budgets.forget"
TICKS = (
    # Calls whose process was killed: until then they are held beside what is spent.
    Tick(EXPIRE, cron="*/5 * * * *", workflow=EXPIRE),
    Tick(FORGET, cron="40 2 * * *", workflow=FORGET),
)


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""
    budgets = services.budgets

    @jobs.workflow(TELL)
    async def tell(
        workspace_id: str, recipient: str, member_id: str, month: str, level: str, limit: str
    ) -> None:
        await jobs.step(
            budgets.telling.tell, workspace_id, recipient, member_id, month, level, limit
        )

    @jobs.workflow(EXPIRE)
    async def expire(_slot: str) -> None:
        await jobs.step(budgets.calls.expire)

    @jobs.workflow(FORGET)
    async def forget(_slot: str) -> None:
        await jobs.step(budgets.calls.forget)
