"""Files about money and tenants: the rows that pages show, and what moved, to the cent."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from db.licensing.customers import CustomerRow
from db.store.session import Database
from db.store.vault import Vault
from db.tenants.tenants import TenantRow
from services.actors import Operator
from services.audit import Audit
from services.errors import Invalid
from services.reports import ExportOrder, Exports, Panels, SubscriptionFigures
from tests.conftest import NewDatabase
from tests.kit.revenue_stage import ROME, RevenueStage

ADA = Operator("admin", "ada", "Ada")
FORMULA = "=HYPERLINK(1)"


class Files:
    """Exports of one database, by the stage's clock."""

    def __init__(self, stage: RevenueStage) -> None:
        self.stage = stage
        self.exports = Exports(stage.database, ROME, lambda: stage.now)

    async def rows(self, name: str, **filters: str) -> list[list[str]]:
        """The file's rows, which are as many as the page counts."""
        order = ExportOrder(name, filters)
        content = b"".join([piece async for piece in self.exports.csv(ADA, order, "en")])
        found = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]
        assert (await self.exports.size(order)).rows == len(found)
        return found


@pytest_asyncio.fixture
async def files(migrated_database: NewDatabase, vault: Vault) -> AsyncIterator[Files]:
    database = Database(await migrated_database(), vault)
    yield Files(RevenueStage(database, now=datetime(2026, 10, 29, 12, tzinfo=UTC)))
    await database.dispose()


async def customer(database: Database, customer_id: str, name: str) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    row = CustomerRow(
        id=customer_id, email=f"{customer_id}@x.example", name=name, created_at=at, updated_at=at
    )
    async with database.transaction() as session:
        session.add(row)


async def test_subscriptions_and_what_moved_are_files_to_the_cent(files: Files) -> None:
    stage = files.stage
    await customer(stage.database, "cus_a", FORMULA)
    first = await stage.subscribe("cus_a", 99_000, interval="year")
    await stage.subscribe("cus_b", 9_900, status="trialing")
    await stage.pass_days(1)
    await stage.change(first, amount=299_000)
    await stage.pass_days(1)
    await stage.change(first, status="canceled", ended_at=stage.now)
    await stage.pass_days(3)
    moved = await files.rows("movements", month="2026-10")
    assert [(row[0], row[4], row[5]) for row in moved] == [
        ("2026-10-29", "new", "82.50"),
        ("2026-10-30", "expansion", "166.67"),
        ("2026-10-31", "churn", "-249.17"),
    ]
    assert {row[3] for row in moved} == {f"'{FORMULA}"}
    assert await files.rows("movements", month="2026-09") == []
    (month,) = await files.rows("mrr")
    assert month == [
        *("2026-10-01", "usd", "0.00", "82.50", "0.00", "166.67", "0.00", "-249.17", "0.00"),
        *("0.00", "99.00", "0.00"),
    ]
    everything = await files.rows("subscriptions")
    assert [(row[5], row[10], row[11]) for row in everything] == [
        ("canceled", "", "") if row[0] == first else ("trialing", "99.00", "trial")
        for row in everything
    ]
    (found,) = await files.rows("subscriptions", q="x.example", status="canceled")
    assert found[0] == first
    lines = await Audit(stage.database).lines(subject_id="movements")
    assert {line.outcome for line in lines} == {"begun", "done"}
    with pytest.raises(Invalid):
        await files.rows("movements", month="October")


async def test_the_page_shows_the_newest_rows_of_the_file_and_counts_them_all(
    files: Files,
) -> None:
    for number in range(60):
        await files.stage.subscribe(f"cus_{number}")
    figures = SubscriptionFigures(Panels(files.stage.database, lambda: files.stage.now))
    shown = (await figures.newest({})).value
    assert shown is not None
    rows = await files.rows("subscriptions")
    assert shown.size.rows == len(rows) == 60
    assert [one.id for one in shown.lines] == [row[0] for row in rows[:50]]


async def test_tenants_are_a_file_with_the_filters_of_their_page(files: Files) -> None:
    at = datetime(2026, 10, 1, tzinfo=UTC)
    async with files.stage.database.transaction() as session:
        session.add_all(
            TenantRow(
                company=f"{sign}Acme {number}",
                email="a@acme.example",
                slug=f"acme-{number}",
                source="admin",
                provider="postgres",
                plan="starter",
                state="ready" if number else "suspended",
                host="db.internal.example",
                created_at=at,
                updated_at=at,
            )
            for number, sign in enumerate(("", "+", "@"))
        )
    rows = await files.rows("tenants", q="acme", state="ready")
    assert sorted(row[1] for row in rows) == ["'+Acme 1", "'@Acme 2"]
    assert len(await files.rows("tenants", state="no such state")) == 3
    assert not [cell for row in rows for cell in row if "internal" in cell]
