"""Closing a month: only when it is over, once, for good, and in the audit log."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from db.store.session import Database
from db.store.vault import Vault
from services.actors import Operator
from services.audit import Audit
from services.errors import Conflict, Invalid
from services.reports import ReportDays, ReportMonths
from tests.conftest import NewDatabase
from tests.services.reports.test_report_days import call

ADA = Operator("admin", "ada", "Ada")
ROME = ZoneInfo("Europe/Rome")
OCTOBER = datetime(2026, 10, 20, 12, tzinfo=UTC)


class Desk:
    """Months of one database, at a time that is set by hand."""

    def __init__(self, database: Database) -> None:
        self.database, self.now = database, datetime(2026, 11, 3, 12, tzinfo=UTC)
        self.days = ReportDays(database, ROME, lambda: self.now)
        self.months = ReportMonths(database, self.days, ROME, lambda: self.now)

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
