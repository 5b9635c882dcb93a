"""What the tests of what is said unasked share: alerts of their own."""

from collections.abc import AsyncIterator

import pytest_asyncio

from db.store.session import Database
from db.store.vault import Vault
from tests.conftest import NewDatabase
from tests.kit.alert_stage import AlertStage


@pytest_asyncio.fixture
async def alert_stage(migrated_database: NewDatabase, vault: Vault) -> AsyncIterator[AlertStage]:
    """Alerts on a control database of the test's own."""
    database = Database(await migrated_database(), vault)
    yield AlertStage(database)
    await database.dispose()
