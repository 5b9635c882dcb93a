"""Durable work of arrivals: webhooks kept right, deliveries read, lists compared, reminders."""

from handlers.jobs.kit.runner import Runner, Tick
from handlers.jobs.operations import register_kinds
from services import Services
from services.arrivals import READ
from services.connections import WATCH

SWEEP = "arrivals.sweep"
POLL = "arrivals.poll"
REMIND = "arrivals.remind"
FORGET = "arrivals.forget_deliveries"
TICKS = (
    Tick(SWEEP, cron="* * * * *", workflow=SWEEP),
    Tick(POLL, cron="* * * * *", workflow=POLL),
    Tick(REMIND, cron="*/10 * * * *", workflow=REMIND),
    Tick(FORGET, cron="50 2 * * *", workflow=FORGET),
)


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""
    arrivals = services.arrivals
    register_kinds(jobs, services.operations, (arrivals.beginning.kind,))

    @jobs.workflow(READ)
    async def read(delivery_id: str) -> None:
        await jobs.step(arrivals.inbox.read, delivery_id)

    @jobs.workflow(WATCH)
    async def settle(workspace_id: str, member_id: str) -> None:
        await jobs.step(arrivals.hooks.settle, workspace_id, member_id)

    _register_ticks(jobs, services)


def _register_ticks(jobs: Runner, services: Services) -> None:
    arrivals = services.arrivals

    @jobs.workflow(SWEEP)
    async def sweep(_slot: str) -> None:
        for workspace_id, member_id in await jobs.step(arrivals.hooks.unsettled):
            await jobs.step(arrivals.hooks.settle, workspace_id, member_id)

    @jobs.workflow(POLL)
    async def poll(_slot: str) -> None:
        for workspace_id, member_id in await jobs.step(arrivals.polling.due):
            await jobs.step(arrivals.polling.look, workspace_id, member_id)

    @jobs.workflow(REMIND)
    async def remind(_slot: str) -> None:
        for arrival_id in await jobs.step(arrivals.reminders.due):
            await jobs.step(arrivals.reminders.remind, arrival_id)

    @jobs.workflow(FORGET)
    async def forget(_slot: str) -> None:
        await jobs.step(arrivals.inbox.forget_old)
