"""What the tests of the vendors' clients share."""

import socket

import pytest
import pytest_asyncio

from tests.integrations.fake_vendor import fake_vendor
from tests.integrations.sandbox_vendors import sandbox_vendors


@pytest_asyncio.fixture
async def vendor():
    """A vendor that answers as the test says."""
    async with fake_vendor() as fake:
        yield fake


@pytest.fixture
def closed_url():
    """A URL on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@pytest_asyncio.fixture
async def vendors():
    """The imitated vendors with their cast."""
    async with sandbox_vendors() as running:
        yield running


@pytest.fixture
def person(vendors):
    """Somebody with meetings."""
    return vendors.world.meetings[0].owner
