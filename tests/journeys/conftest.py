"""A day in the life: every journey begins in a world that works, with a clean desk."""

import asyncio
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from sqlalchemy import text

from db import meetings
from db.session import Database
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.visitor import Visitor
from tests.journeys.ledger import Ledger
from tests.product import Product


@pytest_asyncio.fixture(autouse=True)
async def a_fresh_day(sandbox: Sandbox, database: Database) -> None:
    """Every test begins in a world that works, with empty screens, mailboxes and memory."""
    sandbox.faults.remove()
    await _all_jobs_done(database)
    sandbox.google.drafts.clear()
    for team in sandbox.slack.teams.values():
        for person in team.workspace.people:
            team.views.close_all(person.id)
            for room in team.rooms.of(person.id):
                room.posts.clear()
    async with database.transaction() as session:
        await meetings.purge_transcripts(session, datetime.now(UTC))


async def _all_jobs_done(database: Database) -> None:
    """What an earlier test began must not draw on this one's screens."""
    busy = text("SELECT count(*) FROM dbos.workflow_status WHERE status IN ('PENDING', 'ENQUEUED')")
    async with asyncio.timeout(20):
        while True:
            async with database.transaction() as session:
                if (await session.execute(busy)).scalar_one() == 0:
                    return
            await asyncio.sleep(0.05)


@pytest.fixture
def ledger(sandbox: Sandbox, database: Database) -> Ledger:
    """What the vendors were asked since this test began, and what we keep."""
    return Ledger(sandbox, database)


@pytest.fixture
def sam(sandbox: Sandbox, product: Product) -> Visitor:
    """A colleague in the home workspace who is no admin."""
    return sandbox.slack.person("T0HOME", "U0SAM")


@pytest.fixture
def nora(sandbox: Sandbox, product: Product) -> Visitor:
    """A new colleague who has not saved her Fathom key yet, and has no meetings."""
    return sandbox.slack.person("T0HOME", "U0NORA")


@pytest.fixture
def tomas(sandbox: Sandbox, product: Product) -> Visitor:
    """Somebody in the other workspace, which has no Crono keys."""
    return sandbox.slack.person("T0OTHER", "U0TOMAS")
