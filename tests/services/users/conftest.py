"""What the tests of users share: a desk with everything."""

from collections.abc import AsyncIterator

import pytest_asyncio

from db.store.session import Database
from tests.kit.user_desk import UserDesk, user_desk


@pytest_asyncio.fixture
async def desk(database: Database) -> AsyncIterator[UserDesk]:
    """Users, with OpenRouter from the sandbox and Supabase as lists."""
    async with user_desk(database) as made:
        yield made
