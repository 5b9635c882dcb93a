"""What several rooms ask for: licenses, and a process that validates them."""

from collections.abc import AsyncIterator

import pytest_asyncio

from db.store.session import Database
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
