"""What the tests of alerts share: a stage with a channel and an outbox as lists."""

from collections.abc import AsyncIterator

import pytest_asyncio

from db.store.session import Database
from db.store.vault import Vault
from tests.conftest import NewDatabase
from tests.kit.alert_stage import AlertStage


@pytest_asyncio.fixture
async def stage(migrated_database: NewDatabase, vault: Vault) -> AsyncIterator[AlertStage]:
    """A control database of the test's own: alerts are everybody's."""
    database = Database(await migrated_database(), vault)
    yield AlertStage(database)
    await database.dispose()
