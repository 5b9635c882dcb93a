"""A ledger of credits."""

import pytest

from db.store.session import Database
from tests.kit.credits_desk import CreditsDesk


@pytest.fixture
def desk(database: Database) -> CreditsDesk:
    """Its users are each test's own."""
    return CreditsDesk(database)
