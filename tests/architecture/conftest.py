"""What the tests of the house share."""

from datetime import UTC, datetime

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.token_provider import Authority
from handlers.slack import FEATURES
from handlers.slack.kit.routing import Listeners


class NoInstallations:
    """A store nobody looks into: only the names of listeners are asked for here."""

    def tell(self, _: object) -> None:
        """Changes that never come."""


@pytest.fixture(scope="session")
def listeners() -> Listeners:
    """Every listener: those of each Slack feature, and the program's own for installations."""
    listeners = Listeners()
    for feature in FEATURES:
        feature.register(listeners)
    authority = Authority(NoInstallations(), AsyncWebClient(), lambda: datetime.now(UTC))
    authority.listen(listeners)
    return listeners
