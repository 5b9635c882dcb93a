"""What the tests of rollouts share: a stage with twenty tenants."""

from collections.abc import AsyncIterator

import pytest_asyncio

from db.store.session import Database
from db.store.vault import Vault
from tests.conftest import NewDatabase
from tests.kit.rollout_stage import RolloutStage


@pytest_asyncio.fixture
async def stage(migrated_database: NewDatabase, vault: Vault) -> AsyncIterator[RolloutStage]:
    """Twenty tenants, and a control database of the test's own: versions are known to all."""
    database = Database(await migrated_database(), vault, pool_size=10)
    stage = RolloutStage(database, 20)
    yield stage
    await stage.close()
    await database.dispose()
