"""A product and an outside world of one test's own, with a year of business behind them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.local.history import invent
from db.store.session import Database
from integrations.sandbox.server import Sandbox
from tests.kit.product import Product, free_port, running_sandbox, settings_of
from tests.kit.wired import PEPPER


@dataclass(frozen=True, slots=True)
class OwnWorld:
    """What is changed in it nobody else sees."""

    product: Product
    sandbox: Sandbox
    sandbox_url: str
    database: Database
    environment: dict[str, str]


@asynccontextmanager
async def own_world(database: Database, server_url: str, home: Path) -> AsyncIterator[OwnWorld]:
    """`database` is empty, migrated and gone afterwards; `server_url` is for tenants."""
    await invent(database, PEPPER, ZoneInfo("UTC"))
    port = free_port()
    async with running_sandbox(port, server_url) as (url, sandbox):
        environment = await settings_of(url, port, database, home)
        product = Product(environment, home / f"product-{port}.log")
        await product.start()
        try:
            yield OwnWorld(product, sandbox, url, database, environment)
        finally:
            assert await product.stop() == 0, product.log()[-4000:]
    await database.dispose()
