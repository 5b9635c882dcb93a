"""Snapshots of revenue: exact, once a day, and months that never change once they are closed."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy.exc import DBAPIError

from db.licensing.customers import CustomerRow
from db.store.session import Database
from db.store.vault import Vault
from services.billing.mrr import MovementKind
from tests.conftest import NewDatabase
from tests.kit.revenue_stage import RevenueStage

OCTOBER = date(2026, 10, 1)


@pytest_asyncio.fixture
async def stage(migrated_database: NewDatabase, vault: Vault) -> AsyncIterator[RevenueStage]:
    database = Database(await migrated_database(), vault)
    yield RevenueStage(database)
    await database.dispose()


async def customers(stage: RevenueStage, count: int = 1) -> list[str]:
    rows = [
        CustomerRow(email=f"{uuid4().hex}@x.example", created_at=stage.now, updated_at=stage.now)
        for _ in range(count)
    ]
    async with stage.database.transaction() as session:
        session.add_all(rows)
    return [row.id for row in rows]


async def test_a_months_movements_explain_its_end_and_then_never_change(
    stage: RevenueStage,
) -> None:
    first, second, third = await customers(stage, 3)
    one = await stage.subscribe(first, 9_900)
    await stage.pass_days(3)
    two = await stage.subscribe(second, 99_000, interval="year")
    await stage.subscribe(third, 29_900, status="trialing", trial_end=stage.now)
    await stage.pass_days(3)
    await stage.change(one, amount=29_900)
    await stage.pass_days(3)
    await stage.change(two, status="canceled")
    await stage.pass_days(3)
    await stage.change(one, status="canceled")
    await stage.pass_days(2)
    again = await stage.subscribe(first, 9_900, cancel_at_period_end=True)
    await stage.pass_days(20)
    (figures,) = await stage.revenue.month(OCTOBER)
    assert figures.closed
    moved = figures.flows
    assert (moved.new, moved.expansion) == (9_900 + Fraction(99_000, 12), 20_000)
    assert (moved.churn, moved.reactivation) == (29_900 + Fraction(99_000, 12), 9_900)
    assert figures.opening + moved.net == figures.closing.mrr == 9_900
    assert (figures.closing.trial, figures.closing.committed) == (29_900, 0)
    await stage.change(again, amount=1)
    await stage.pass_days(2)
    assert await stage.revenue.month(OCTOBER) == (figures,)
    for statement in (
        "UPDATE mrr_months SET closing = '1/1'",
        "DELETE FROM mrr_closings",
        "DELETE FROM mrr_lines WHERE day = '2026-10-05'",
        "UPDATE mrr_movements SET amount = '1/1' WHERE day = '2026-10-01'",
        "INSERT INTO mrr_lines VALUES ('2026-10-05','s','c','usd','paying',false,1,1)",
        "TRUNCATE mrr_days",
    ):
        with pytest.raises(DBAPIError):
            await stage.execute(statement)
    assert await stage.revenue.month(OCTOBER) == (figures,)


async def test_a_free_month_of_a_payer_is_no_churn_and_nothing_new(stage: RevenueStage) -> None:
    (customer,) = await customers(stage)
    one = await stage.subscribe(customer)
    await stage.invoice(one, customer)
    await stage.pass_days(2)
    await stage.change(one, status="trialing")
    await stage.pass_days(2)
    await stage.change(one, status="active")
    await stage.pass_days(2)
    moved = await stage.revenue.moved(OCTOBER, date(2026, 10, 31))
    assert [one.kind for _, one in moved] == [MovementKind.NEW]
    assert (await stage.revenue.now())["usd"].mrr == 9_900


async def test_grace_counts_suspension_is_churn_and_a_payment_brings_it_back(
    stage: RevenueStage,
) -> None:
    (customer,) = await customers(stage)
    one = await stage.subscribe(customer)
    await stage.pass_days(2)
    await stage.invoice(one, customer, status="open", amount_paid=0, failed=True)
    await stage.change(one, status="past_due")
    await stage.pass_days(6)
    assert (await stage.revenue.now())["usd"].mrr == 9_900
    await stage.pass_days(3)
    assert await stage.revenue.now() == {}
    await stage.invoice(one, customer, paid_at=stage.now)
    await stage.change(one, status="active")
    await stage.pass_days(2)
    moved = await stage.revenue.moved(OCTOBER, date(2026, 10, 31))
    kinds = [MovementKind.NEW, MovementKind.CHURN, MovementKind.REACTIVATION]
    assert [one.kind for _, one in moved] == kinds


async def test_paused_gifted_and_discounted_ones_count_as_what_they_bring(
    stage: RevenueStage,
) -> None:
    first, second, third, fourth = await customers(stage, 4)
    await stage.subscribe(first, collection_paused=True)
    await stage.subscribe(second, 0)
    lasting = [{"percent_off": 50.0, "ends_at": None}, {"percent_off": 99.0, "ends_at": "2027"}]
    await stage.subscribe(third, 10_000, discounts=lasting)
    stage.currency = "eur"
    await stage.subscribe(fourth, 1_000, quantity=3)
    now = await stage.revenue.now()
    assert (now["usd"].mrr, now["eur"].mrr) == (5_000, 3_000)


async def test_thousands_are_summed_to_the_cent(stage: RevenueStage) -> None:
    several = await customers(stage, 50)
    for number in range(2_500 // 50):
        for customer in several:
            await stage.subscribe(customer, 10_000 + number, interval="year")
    await stage.pass_days(1)
    (figures,) = await stage.revenue.days(OCTOBER, OCTOBER + timedelta(days=1))
    exact = sum(Fraction(10_000 + number, 12) for number in range(50)) * 50
    assert figures.balance.mrr == exact == (await stage.revenue.now())["usd"].mrr


async def test_days_are_those_of_the_business_and_each_is_taken_once(stage: RevenueStage) -> None:
    # A quarter to midnight in Rome, on the day of the clock change.
    stage.now = datetime(2026, 10, 25, 22, 45, tzinfo=UTC)
    (customer,) = await customers(stage)
    await stage.subscribe(customer)
    assert await stage.revenue.take() == 1
    assert await stage.revenue.take() == 0
    stage.now += timedelta(minutes=30)
    assert await stage.revenue.take() == 1
    days = await stage.revenue.days(date(2026, 10, 1), date(2026, 10, 31))
    assert [one.day.day for one in days] == [24, 25]
    assert stage.revenue.zone == "Europe/Rome"
    # After a week without us the missing days are taken from what is known now.
    stage.now += timedelta(days=7)
    assert await stage.revenue.take() == 7
