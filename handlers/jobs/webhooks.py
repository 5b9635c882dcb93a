"""Durable work of outgoing webhooks: delivering one message, and telling of dead endpoints."""

from handlers.jobs.kit.runner import Runner, Tick
from services import Services
from services.webhooks import DELIVER, TELL

FORGET = "webhooks.forget"
TICKS = (Tick(FORGET, cron="50 2 * * *", workflow=FORGET),)


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""
    deliveries = services.webhooks.deliveries

    @jobs.workflow(DELIVER, on_failure=deliveries.failed)
    async def deliver(message_id: str, endpoint_id: str, run: str) -> None:
        outcome = await jobs.step(deliveries.post, message_id, endpoint_id, run)
        if outcome:
            await jobs.step(deliveries.settle, message_id, endpoint_id, run, outcome)

    @jobs.workflow(TELL)
    async def tell(endpoint_id: str) -> None:
        await jobs.step(deliveries.tell, endpoint_id)

    @jobs.workflow(FORGET)
    async def forget(_slot: str) -> None:
        await jobs.step(deliveries.forget)
