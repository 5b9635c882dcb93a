"""Nobody outside can hold up a click: compressed bombs and slow connections beside it."""

from collections.abc import AsyncIterator

import pytest_asyncio

from bench.slack_attack import attack
from integrations.sandbox.slack.visitor import Visitor
from tests.kit.product import Product

COMMANDS = 30


@pytest_asyncio.fixture
async def under_attack(app_port: int, product: Product) -> AsyncIterator[None]:
    """60 bombs and 150 slow connections at work."""
    async with attack(app_port):
        yield


async def test_every_ack_comes_while_slack_waits_and_no_error_is_logged(
    under_attack: None, ada: Visitor, product: Product
) -> None:
    before = len(product.log())
    outcomes = [await ada.command("/seguito help") for _ in range(COMMANDS)]
    # The visitor waits as Slack does, three seconds, and then says `operation_timeout`.
    assert not [one.error for one in outcomes if one.error]
    said = product.log()[before:]
    assert "Traceback" not in said
    assert '"level":"error"' not in said
