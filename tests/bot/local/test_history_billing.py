"""The invented year of subscriptions: what Stripe holds, and what follows from it, nothing else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest_asyncio
from sqlalchemy import text

from bot.local.history_billing import invent_billing
from db.store.session import Database
from db.store.vault import Vault
from integrations.http import client
from integrations.sandbox.stripe.vendor import Stripe as Account
from integrations.sandbox.stripe.vendor import vendors as imitated
from integrations.sandbox.stripe.wire import SECRET_KEY
from integrations.stripe.client import Stripe
from services.billing import Comparison, Revenue
from tests.conftest import NewDatabase
from tests.integrations.sandbox_vendors import sandbox_vendors

ROME = ZoneInfo("Europe/Rome")


@dataclass
class Year:
    """A database with it, and the account that it was read from."""

    database: Database
    stripe: Stripe
    now: datetime

    def __post_init__(self) -> None:
        self.revenue = Revenue(self.database, ROME, lambda: self.now)

    async def look_again(self, customer_id: str) -> None:
        """Never asked for."""
        raise AssertionError(customer_id)

    async def rows(self, sql: str, **given: object) -> list[tuple[Any, ...]]:
        """What is kept."""
        async with self.database.transaction() as session:
            return [tuple(row) for row in (await session.execute(text(sql), given)).all()]


@pytest_asyncio.fixture(scope="module")
async def year(migrated_database: NewDatabase, vault: Vault) -> AsyncIterator[Year]:
    database, now = Database(await migrated_database(), vault), datetime.now(UTC)
    async with (
        sandbox_vendors([imitated], history=True) as vendors,
        client(f"{vendors.url}/stripe", "stripe") as http,
    ):
        vendors.sandbox.of(Account).environment(vendors.url)
        stripe = Stripe(http, SECRET_KEY)
        assert await invent_billing(database, stripe, ROME, now) > 70
        yield Year(database, stripe, now)
    await database.dispose()


async def test_stripe_says_the_same_of_every_subscription(year: Year) -> None:
    found = await Comparison(year.database, year.stripe, year, lambda: year.now).run()
    assert found is not None
    assert found.is_clean
    assert found.seen > 70
    states = dict(await year.rows("SELECT state, count(*) FROM billing_accounts GROUP BY 1"))
    assert {"active", "trialing", "past_due", "cancelled"} <= states.keys()


async def test_every_month_is_closed_and_its_movements_add_up(year: Year) -> None:
    months = await year.revenue.closed(24)
    assert len(months) >= 11
    for one in months:
        assert one.opening + one.flows.net == one.closing.mrr
    flows = [one.flows for one in months]
    for name in ("new", "expansion", "contraction", "churn", "reactivation"):
        assert any(getattr(one, name) for one in flows), name
    assert months[0].closing.mrr > months[-1].closing.mrr
    assert any(one.closing.trial for one in months)


TOUCHED = """
SELECT customer_id FROM billing_subscriptions
WHERE :day IN (ended_at::date, created_at::date, trial_end::date)
UNION SELECT customer_id FROM billing_invoices
WHERE :day IN ((created_at + interval '7 days')::date, paid_at::date)
"""


async def test_the_invented_days_lead_on_to_those_that_are_counted(year: Year) -> None:
    """Yesterday was taken as ever: only what happened at Stripe on that day moved."""
    ((yesterday,),) = await year.rows("SELECT max(day) FROM mrr_days")
    assert yesterday == year.now.astimezone(ROME).date() - timedelta(days=1)
    moved = {one.customer_id for _, one in await year.revenue.moved(yesterday, yesterday)}
    assert moved <= {one for (one,) in await year.rows(TOUCHED, day=yesterday)}
    ((counted,),) = await year.rows(
        "SELECT count(*) FROM mrr_lines WHERE day = :day", day=yesterday - timedelta(days=1)
    )
    assert counted > 50


async def test_nobody_is_told_of_what_is_long_past(year: Year) -> None:
    assert await year.rows("SELECT DISTINCT state FROM billing_effects") == [("done",)]
    assert await year.rows("SELECT count(*) FROM emails") == [(0,)]
