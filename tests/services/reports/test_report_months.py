"""Closing a month: only when it is over, once, for good, and in the audit log."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from db.store.session import Database
from db.store.vault import Vault
from services.actors import Operator
from services.audit import Audit
from services.billing import Revenue, rounded
from services.errors import Conflict, Invalid
from services.reports import ReportDays, ReportMonths
from tests.conftest import NewDatabase
from tests.kit.revenue_stage import RevenueStage
from tests.services.reports.test_report_days import call

ADA = Operator("admin", "ada", "Ada")
ROME = ZoneInfo("Europe/Rome")
OCTOBER = datetime(2026, 10, 20, 12, tzinfo=UTC)

FIVE_HUNDRED_OF_EACH = """
INSERT INTO billing_subscriptions SELECT (jsonb_populate_record(
    one, jsonb_build_object('id', one.id || n, 'customer_id', one.customer_id || n)
)).* FROM billing_subscriptions AS one, generate_series(2, 500) AS n
"""


class Desk:
    """Months of one database, at a time that is set by hand."""

    def __init__(self, database: Database) -> None:
        self.database, self.now = database, datetime(2026, 11, 3, 12, tzinfo=UTC)
        self.days = ReportDays(database, ROME, lambda: self.now)
        self.revenue = Revenue(database, ROME, lambda: self.now)
        self.months = ReportMonths(database, self.days, self.revenue, ROME, lambda: self.now)

    async def calls(self, *at: datetime, **changes: object) -> None:
        async with self.database.transaction() as session:
            session.add_all([call(one, **changes) for one in at])


@pytest_asyncio.fixture
async def desk(migrated_database: NewDatabase, vault: Vault) -> AsyncIterator[Desk]:
    database = Database(await migrated_database(), vault)
    desk = Desk(database)
    await desk.calls(OCTOBER, OCTOBER + timedelta(days=1))
    yield desk
    await database.dispose()


async def test_a_closed_month_keeps_its_figures_whatever_comes_later(desk: Desk) -> None:
    await desk.days.sum_up()
    (before,) = await desk.months.listed()
    assert (before.first, before.figures) == (date(2026, 10, 1), None)
    closed = await desk.months.close(ADA, "2026-10")
    assert closed.figures is not None
    assert (closed.figures.requests, closed.figures.cost_micro) == (2, 14)
    await desk.calls(OCTOBER + timedelta(hours=2), ended_at=desk.now)
    await desk.days.sum_up()
    await desk.days.prove()
    (after,) = await desk.months.listed()
    assert after == closed
    (line,) = await Audit(desk.database).lines(subject_id="2026-10")
    assert (line.action, line.operator.name) == ("reports.close_month", "Ada")


async def test_a_month_is_closed_once(desk: Desk) -> None:
    await desk.months.close(ADA, "2026-10")
    with pytest.raises(Conflict):
        await desk.months.close(ADA, "2026-10")


async def test_a_month_that_is_not_over_stays_open(desk: Desk) -> None:
    desk.now = datetime(2026, 11, 1, 1, tzinfo=UTC)
    for month in ("2026-10", "2026-11"):
        with pytest.raises(Conflict):
            await desk.months.close(ADA, month)


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "October", "2026-10-01", "'; --"])
async def test_what_is_no_month_is_refused(desk: Desk, text: str) -> None:
    with pytest.raises(Invalid):
        await desk.months.close(ADA, text)


async def test_a_closed_month_knows_its_revenue_whatever_prices_become(desk: Desk) -> None:
    """2,500 subscriptions, each at its own price: exact to the cent, and kept."""
    stage = RevenueStage(desk.database, now=datetime(2026, 10, 30, 12, tzinfo=UTC))
    for amount in (9_900, 29_900, 0):
        await stage.subscribe(f"monthly_{amount}_", amount)
    for amount in (99_000, 299_000):
        await stage.subscribe(f"yearly_{amount}_", amount, interval="year")
    await stage.execute(FIVE_HUNDRED_OF_EACH)
    await stage.subscribe("tries", 29_900, status="trialing")
    ends = await stage.subscribe("leaves", 29_900)
    await stage.change(ends, cancel_at=datetime(2026, 12, 1, tzinfo=UTC))
    await stage.pass_days(4)
    closed = await desk.months.close(ADA, "2026-10")
    assert closed.figures is not None
    (usd,) = closed.figures.revenue
    paying = 500 * (9_900 + 29_900) + Fraction(500 * (99_000 + 299_000), 12)
    assert usd.closing == rounded(paying + 29_900)
    assert (usd.committed, usd.trial) == (rounded(paying), 29_900)
    assert usd.opening + usd.new + usd.expansion - usd.contraction - usd.churn == usd.closing
    # A dearer list price, and subscriptions that move to it, are of the months that follow.
    await stage.execute("UPDATE billing_subscriptions SET amount = amount * 2")
    await stage.execute(
        "UPDATE billing_subscriptions SET snapshot = replace(snapshot::text, '9900', '19900')"
    )
    desk.now = stage.now = stage.now + timedelta(days=2)
    assert await stage.revenue.take()
    assert [one for one in await desk.months.listed() if one.first.month == 10] == [closed]


async def test_a_month_that_was_closed_without_revenue_is_read_as_it_was(desk: Desk) -> None:
    await desk.months.close(ADA, "2026-10")
    await RevenueStage(desk.database).execute(
        "UPDATE report_months SET figures = (figures::jsonb - 'revenue')::json"
    )
    (kept,) = await desk.months.listed()
    assert kept.figures is not None
    assert kept.figures.revenue == ()
