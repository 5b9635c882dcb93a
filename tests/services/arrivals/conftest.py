"""What the tests of arrivals share: a member's desk."""

from collections.abc import AsyncIterator

import pytest_asyncio

from db.store.session import Database
from tests.kit.arrivals_desk import ArrivalsDesk, arrivals_desk


@pytest_asyncio.fixture
async def desk(database: Database) -> AsyncIterator[ArrivalsDesk]:
    """A member of the test's own."""
    async with arrivals_desk(database) as made:
        yield made
