"""Two processes' ledgers over a database of their own."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.conftest import NewDatabase
from tests.kit.ledger_desk import Desk


@pytest_asyncio.fixture(scope="module")
async def ledger_url(migrated_database: NewDatabase) -> str:
    """Apart from the others': a running product would expire holds of long ago."""
    return await migrated_database()


@pytest_asyncio.fixture(scope="module")
async def desk(ledger_url: str) -> AsyncIterator[Desk]:
    """One process's ledger."""
    desk = Desk.at(ledger_url)
    yield desk
    await desk.close()


@pytest_asyncio.fixture(scope="module")
async def other(ledger_url: str) -> AsyncIterator[Desk]:
    """Another process's."""
    desk = Desk.at(ledger_url)
    yield desk
    await desk.close()
