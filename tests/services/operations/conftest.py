"""What the tests of operations share: a kitchen."""

from collections.abc import AsyncIterator

import pytest_asyncio

from db.store.session import Database
from tests.services.operations.kitchen import Kitchen


@pytest_asyncio.fixture
async def kitchen(database: Database) -> AsyncIterator[Kitchen]:
    """A kitchen of the test's own."""
    kitchen = Kitchen(database)
    yield kitchen
    await kitchen.operations.live.close()
