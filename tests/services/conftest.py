"""What several tests ask for: licenses, a process that validates them, and two ledgers."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest_asyncio

from db.store.session import Database
from tests.kit.ledger_desk import Desk
from tests.kit.license_desk import LicenseStage
from tests.kit.validation_desk import Process


@pytest_asyncio.fixture
async def stage(database: Database) -> LicenseStage:
    """Licenses, and everything they are made with."""
    return LicenseStage(database)


@pytest_asyncio.fixture
async def process(stage: LicenseStage) -> AsyncIterator[Process]:
    """A process that answers validations of these licenses."""
    async with Process(stage, stage.database.url) as process:
        yield process


@pytest_asyncio.fixture(scope="module")
async def ledger_url(migrated_database: Callable[[], Awaitable[str]]) -> str:
    """Apart from the others': a running product would expire holds of long ago."""
    url = await migrated_database()
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
