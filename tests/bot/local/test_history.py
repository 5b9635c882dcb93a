"""The invented year: whole, proven like a real one, the same each time, quick to load."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest_asyncio
from sqlalchemy import text

from bot.local.history import CUSTOMERS, invent
from db.store.session import Database
from db.store.vault import Vault
from services.actors import TIMER
from services.gateway import read_prices
from services.reports import (
    BusinessFigures,
    FollowUpFigures,
    HealthChecks,
    Panels,
    ReportDays,
    UsageFigures,
    read_range,
)
from tests.conftest import NewDatabase
from tests.kit.wired import PEPPER, foundation, wired

UTC_ZONE = ZoneInfo("UTC")


def now() -> datetime:
    return datetime.now(UTC)


@pytest_asyncio.fixture(scope="module")
async def year(migrated_database: NewDatabase, vault: Vault) -> AsyncIterator[Database]:
    database = Database(await migrated_database(), vault)
    await invent(database, PEPPER, UTC_ZONE)
    yield database
    await database.dispose()


async def test_every_page_has_something_to_show(year: Database) -> None:
    panels = Panels(year, now)
    usage = UsageFigures(panels, UTC_ZONE, now)
    wanted = read_range({"days": "365"}, usage.today())
    trend = (await usage.weekly(wanted)).value
    assert trend is not None
    assert len(trend.providers) == 3
    assert sum(bar.total.requests > 0 for bar in trend.bars) >= 45
    leaders = (await usage.leaders(wanted)).value
    assert leaders is not None
    assert len(leaders.customers) == len(leaders.licenses) == 10
    customers = (await BusinessFigures(panels, UTC_ZONE, now).customers()).value
    assert customers is not None
    assert customers.total == CUSTOMERS
    outcomes = (await FollowUpFigures(panels, read_prices(), UTC_ZONE, now).outcomes(wanted)).value
    assert outcomes is not None
    assert outcomes.written > 300
    assert 0.2 < outcomes.edit_rate < 0.6


async def test_it_proves_like_a_real_one(year: Database) -> None:
    assert await ReportDays(year, UTC_ZONE, now).prove() == 0
    sums = """
    SELECT (SELECT sum(requests) FROM usage_days), (SELECT sum(used) FROM usage_months),
        (SELECT sum(requests) FROM report_usage) +
            (SELECT count(*) FROM gateway_requests WHERE state = 'settled'
                AND held_at >= (SELECT max(ended) FROM report_days))
    """
    async with year.transaction() as session:
        days, months, reported = (await session.execute(text(sums))).one()
    assert days == months == reported > 10_000


async def test_it_has_nothing_to_complain_about(year: Database) -> None:
    found = (await HealthChecks(Panels(year, now), UTC_ZONE, now).checks()).value
    assert found is not None
    assert {check.state for check in found} == {"good"}


async def test_a_key_of_the_past_is_a_key(year: Database) -> None:
    async with wired(foundation(year)) as product:
        rows = text("SELECT id FROM licenses WHERE status = 'active' ORDER BY issued_at LIMIT 1")
        async with year.transaction() as session:
            license_id: str = (await session.execute(rows)).scalar_one()
        licenses = product.services.licensing.licenses
        key = await licenses.key(TIMER, license_id)
        found = await licenses.of_key(key)
    assert found is not None
    assert found.id == license_id
