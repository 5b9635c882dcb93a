"""What the ledger's tests ask for: a database of their own, and two processes' ledgers on it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest_asyncio

from db.migrate import upgrade
from tests.services.ledger_desk import Desk


@pytest_asyncio.fixture(scope="module")
async def ledger_url(new_database: Callable[[], Awaitable[str]]) -> str:
    """Apart from the others': a running product would expire holds of long ago."""
    url = await new_database()
    await upgrade(url)
    return url


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
