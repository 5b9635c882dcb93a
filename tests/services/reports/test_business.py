"""Customers, licenses, follow-ups and health, each from rows in a database of its own."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest_asyncio
from sqlalchemy import text

from db.followups.followups import FollowUpRow, ReceiptRow, Version
from db.licensing.customers import CustomerRow
from db.mail import EmailRow
from db.operations import OperationRow
from db.store.session import Database
from services.gateway import read_prices
from services.reports import BusinessFigures, FollowUpFigures, HealthChecks, Panel, Panels, Range
from tests.kit.license_desk import NOW, LicenseStage

ROME = ZoneInfo("Europe/Rome")
TODAY = NOW.date()
TABLES = """
sites, licenses, customers, followup_receipts, followup_versions, followups, emails, operations
"""


T = TypeVar("T")


class Books:
    """Read models over one database, at the stage's time."""

    def __init__(self, database: Database) -> None:
        self.database, self.stage = database, LicenseStage(database)
        panels, clock = Panels(database, self.stage.clock), self.stage.clock
        self.business = BusinessFigures(panels, ROME, clock)
        self.followups = FollowUpFigures(panels, read_prices(), ROME, clock)
        self.health = HealthChecks(panels, ROME, clock)

    async def add(self, *rows: object) -> None:
        async with self.database.transaction() as session:
            for row in rows:
                session.add(row)
                await session.flush()

    async def states(self) -> dict[str, str]:
        return {one.name.en: one.state for one in shown(await self.health.checks())}


def shown(panel: Panel[T]) -> T:
    assert panel.problem is None
    assert panel.value is not None
    return panel.value


@pytest_asyncio.fixture
async def books(jobs_database: Database) -> AsyncIterator[Books]:
    yield Books(jobs_database)
    async with jobs_database.transaction() as session:
        await session.execute(text(f"TRUNCATE {TABLES} CASCADE"))


def followup(at: datetime, **changes: object) -> FollowUpRow:
    values = {
        "workspace_id": "T1",
        "member_id": "U1",
        "request_id": uuid4().hex,
        "recording_id": 1,
        "title": "Secret",
        "started_at": at,
        "options": "{}",
        "status": "ready",
        "version": 1,
        "created_at": at,
        "updated_at": at,
        **changes,
    }
    return FollowUpRow(**values)


def version(of: FollowUpRow, number: int, origin: str, **changes: object) -> Version:
    return Version(
        followup_id=of.id,
        number=number,
        run=1,
        origin=origin,
        content="{}",
        created_at=of.created_at,
        **changes,
    )


async def test_a_license_is_active_by_the_clock_not_by_its_mark(books: Books) -> None:
    await books.stage.issue("pro", months=1)
    await books.stage.issue("pro", months=12)
    await books.stage.issue("founders", months=None)
    before = shown(await books.business.licenses())
    assert (before.active, before.ending) == (3, 0)
    books.stage.wait(timedelta(days=10))
    assert shown(await books.business.licenses()).ending == 1
    books.stage.wait(timedelta(days=30))
    after = shown(await books.business.licenses())
    assert after.active == 2
    assert [(plan.plan, plan.active, plan.expired) for plan in after.plans] == [
        ("founders", 1, 0),
        ("pro", 1, 1),
    ]


async def test_customers_are_counted_with_those_who_hold_something(books: Books) -> None:
    await books.stage.issue()
    await books.add(
        CustomerRow(email="a@x.example", status="blocked", created_at=NOW, updated_at=NOW)
    )
    found = shown(await books.business.customers())
    assert (found.total, found.blocked, found.served) == (2, 1, 1)


async def test_growth_goes_by_local_days(books: Books) -> None:
    evening = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    await books.add(CustomerRow(email="a@x.example", created_at=evening, updated_at=NOW))
    await books.stage.issue()
    found = shown(await books.business.growth(Range(date(2026, 11, 18), TODAY)))
    assert found.customers == (0, 1, 1)
    assert found.licenses == (0, 0, 1)


async def test_ends_of_licenses_stand_on_their_day(books: Books) -> None:
    await books.stage.issue(months=1)
    found = shown(await books.business.ending())
    at = NOW + timedelta(days=30)
    week = (at.date() - found.weeks[0]).days // 7
    assert found.ends[week][at.weekday()] == 1
    assert sum(map(sum, found.ends)) == 1


async def test_follow_ups_are_counted_by_what_became_of_them(books: Books) -> None:
    used, edited, lost = followup(NOW), followup(NOW - timedelta(days=1)), followup(NOW, version=0)
    lost.status = "failed"
    await books.add(used, edited, lost)
    await books.add(
        version(
            used, 1, "written", model="claude-sonnet-5-5", input_tokens=1_000, output_tokens=500
        ),
        version(edited, 1, "written", model="claude-sonnet-5-5", input_tokens=10, cached_tokens=90),
        version(edited, 2, "edited"),
        version(edited, 3, "written", model="unheard-of", output_tokens=7),
        ReceiptRow(
            followup_id=used.id,
            action="gmail",
            version=1,
            status="done",
            created_at=NOW,
            done_at=NOW + timedelta(minutes=4),
        ),
    )
    wanted = Range(TODAY - timedelta(days=2), TODAY)
    found = shown(await books.followups.outcomes(wanted))
    assert (found.written, found.edited, found.regenerated, found.used) == (2, 1, 1, 1)
    assert (found.failed, found.edit_rate) == (1, 0.5)
    assert found.median == found.slowest_tenth == timedelta(minutes=4)
    assert [day.written for day in found.days] == [0, 1, 1]
    assert shown(await books.followups.actions(wanted)).actions == (("gmail", 1, 0),)


async def test_cost_is_that_of_each_version_and_unknown_without_a_price(books: Books) -> None:
    one = followup(NOW)
    await books.add(one)
    tokens = {"input_tokens": 1_000, "cached_tokens": 3_000, "output_tokens": 500}
    await books.add(
        version(one, 1, "written", model="gpt-5.4-mini", **tokens),
        version(one, 2, "written", model="gpt-5.4-mini", **tokens),
        version(one, 3, "written", model="unheard-of", output_tokens=7),
    )
    found = shown(await books.followups.cost(Range(TODAY, TODAY)))
    each = -(-(1_000 * 750_000 + 3_000 * 75_000 + 500 * 4_500_000) // 1_000_000)
    assert [(cost.model, cost.versions, cost.cost_micro) for cost in found.models] == [
        ("gpt-5.4-mini", 2, 2 * each),
        ("unheard-of", 1, None),
    ]
    assert found.cost_micro == 2 * each


async def test_nothing_written_has_no_rate_and_no_time(books: Books) -> None:
    found = shown(await books.followups.outcomes(Range(TODAY, TODAY)))
    assert (found.written, found.edit_rate, found.median) == (0, 0.0, None)


async def test_all_is_well_of_an_empty_house(books: Books) -> None:
    assert set((await books.states()).values()) == {"good"}


async def test_what_is_wrong_comes_first_and_says_what_to_do(books: Books) -> None:
    old = NOW - timedelta(hours=3)
    await books.add(
        EmailRow(
            kind="x",
            to_address="a@x.example",
            subject_id="1",
            dedupe="1",
            language="en",
            created_at=old,
        ),
        OperationRow(
            kind="x",
            subject_id="1",
            dedupe="1",
            title="x",
            actor_kind="slack",
            actor_id="U1",
            state="failed",
            created_at=old,
            updated_at=old,
            ended_at=old,
        ),
    )
    first, second, *_ = shown(await books.health.checks())
    assert (first.state, second.state) == ("bad", "warn")
    assert first.text("en").startswith("Waiting for over an hour: 1. Check SMTP_URL")
    assert "Riprova" in second.text("it")


async def test_a_part_that_takes_too_long_says_so_and_nothing_else_fails(books: Books) -> None:
    panels = Panels(books.database, books.stage.clock, timedelta(milliseconds=200))
    slow = BusinessFigures(panels, ROME, books.stage.clock)
    async with books.database.transaction() as session:
        await session.execute(text("LOCK TABLE customers IN ACCESS EXCLUSIVE MODE"))
        panel = await slow.customers()
        assert panel.value is None
        assert panel.problem is not None
        assert "too long" in panel.problem.en
        assert (await books.business.ending()).value is not None
