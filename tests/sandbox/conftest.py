"""What several tests of the sandbox ask for: the whole of it, running."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.sandbox.outside_stage import Outside, outside


@pytest_asyncio.fixture
async def world() -> AsyncIterator[Outside]:
    """A sandbox of the test's own."""
    async with outside() as started:
        yield started
