"""Durable work of billing: events, cards, prices, revenue, and what time alone changes."""

from datetime import timedelta

from handlers.jobs.kit.runner import Runner, Tick
from services import Services
from services.billing import CARD, HANDLE
from services.operations import Backoff

SWEEP = "billing.sweep"
TIME = "billing.time"
SYNC = "billing.prices"
REVENUE = "billing.mrr"
COMPARE = "billing.compare"
TICKS = (
    Tick(SWEEP, cron="* * * * *", workflow=SWEEP),
    Tick(TIME, cron="* * * * *", workflow=TIME),
    Tick(SYNC, cron="11 * * * *", workflow=SYNC),
    Tick(REVENUE, cron="7 * * * *", workflow=REVENUE),
    Tick(COMPARE, cron="20 2 * * *", workflow=COMPARE),
)
# A minute of Stripe's being away; after that the sweep starts the event again and again.
AT_STRIPE = Backoff(tries=8, first=timedelta(milliseconds=500), longest=timedelta(seconds=15))
# Slack may be away for hours.
AT_SLACK = Backoff(tries=40, first=timedelta(seconds=2), longest=timedelta(minutes=10))


def register(jobs: Runner, services: Services) -> None:
    """Make the workflows known to the engine."""
    billing = services.billing

    @jobs.workflow(HANDLE, on_failure=billing.handling.failed)
    async def handle(event_id: str, run: str) -> None:
        await jobs.step(billing.handling.handle, event_id, run, retries=AT_STRIPE)

    @jobs.workflow(CARD)
    async def card(key: str) -> None:
        await jobs.step(billing.cards.post, key, retries=AT_SLACK)

    @jobs.workflow(SWEEP)
    async def sweep(_slot: str) -> None:
        await jobs.step(billing.inbox.sweep)

    @jobs.workflow(TIME)
    async def time(_slot: str) -> None:
        await jobs.step(billing.trials.adopt)
        for customer_id in await jobs.step(billing.timer.due):
            await jobs.step(billing.timer.look, customer_id)

    _register_figures(jobs, services)


def _register_figures(jobs: Runner, services: Services) -> None:
    billing = services.billing

    @jobs.workflow(SYNC)
    async def sync(_slot: str) -> None:
        await jobs.step(billing.catalogue.learn)

    @jobs.workflow(REVENUE)
    async def revenue(_slot: str) -> None:
        await jobs.step(billing.revenue.take)

    @jobs.workflow(COMPARE)
    async def compare(_slot: str) -> None:
        await jobs.step(billing.comparison.nightly)
