"""What the tests of the imitated Supabase ask for."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.sandbox.supabase_auth.auth_stage import Project, project


@pytest_asyncio.fixture
async def supabase() -> AsyncIterator[Project]:
    """A project of the test's own."""
    async with project() as made:
        yield made
