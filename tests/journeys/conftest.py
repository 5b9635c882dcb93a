"""A day in the life: every journey begins in a world that works, with a clean desk."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from sqlalchemy import text

from db import meetings
from db.store.session import Database
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack.vendor import Slack
from integrations.sandbox.slack.visitor import Visitor
from services import Services
from tests.journeys.ledger import Ledger
from tests.kit.product import Product, clear_desks, same_crm
from tests.kit.wired import foundation, wired

ALL_CONNECTED = text("UPDATE connections SET status = 'connected' WHERE vendor = 'fathom'")
NO_DRAFTS = text("DELETE FROM followup_receipts")
NO_MAILBOXES = text("DELETE FROM connections WHERE vendor = 'google'")
NO_HOMES = text("DELETE FROM homes")
EXCEPT_NORA = text("DELETE FROM connections WHERE member_id = 'U0NORA'")


@pytest.fixture(scope="session")
def database(product_database: Database) -> Database:
    """What the running product works on."""
    return product_database


@pytest_asyncio.fixture(autouse=True)
async def a_fresh_day(sandbox: Sandbox, database: Database, product: Product) -> None:
    """Every test begins in a world that works, with empty screens, mailboxes and memory."""
    sandbox.faults.remove()
    # What an earlier test began must not draw on this one's screens: a click is answered before
    # its work, and a job may outlive both.
    await product.idle()
    await Ledger(sandbox, database).idle()
    clear_desks(sandbox)
    await same_crm(sandbox, database)
    async with database.transaction() as session:
        await meetings.purge_transcripts(session, datetime.now(UTC))
        await session.execute(ALL_CONNECTED)
        await session.execute(EXCEPT_NORA)
        await session.execute(NO_MAILBOXES)
        await session.execute(NO_HOMES)
        # Nor is there an earlier conversation to answer in.
        await session.execute(NO_DRAFTS)


@pytest.fixture
def ledger(sandbox: Sandbox, database: Database) -> Ledger:
    """What the vendors were asked since this test began, and what we keep."""
    return Ledger(sandbox, database)


@pytest.fixture
def sam(sandbox: Sandbox, product: Product) -> Visitor:
    """A colleague in the home workspace who is no admin."""
    return sandbox.of(Slack).person("T0HOME", "U0SAM")


@pytest.fixture
def nora(sandbox: Sandbox, product: Product) -> Visitor:
    """A new colleague who has not saved her Fathom key yet, and has no meetings."""
    return sandbox.of(Slack).person("T0HOME", "U0NORA")


@pytest.fixture
def tomas(sandbox: Sandbox, product: Product) -> Visitor:
    """Somebody in the other workspace, which has no Crono keys."""
    return sandbox.of(Slack).person("T0OTHER", "U0TOMAS")


@pytest_asyncio.fixture
async def inside(database: Database) -> AsyncIterator[Services]:
    """The same services in this process, without an engine: what they start, the program runs."""
    async with wired(foundation(database)) as product:
        yield product.services
