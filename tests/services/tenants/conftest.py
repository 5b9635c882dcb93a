"""What the tests of tenants share: a desk with everything."""

from collections.abc import AsyncIterator

import pytest_asyncio

from db.store.session import Database
from tests.kit.tenant_desk import TenantDesk, tenant_desk


@pytest_asyncio.fixture
async def desk(database: Database) -> AsyncIterator[TenantDesk]:
    """Tenants, with a provider, servers and Slack as lists."""
    async with tenant_desk(database) as made:
        yield made
