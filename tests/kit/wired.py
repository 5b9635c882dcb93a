"""The product in this process, wired by bot/wiring: fakes where the world is, and one clock."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from pydantic import SecretStr

from bot.process.metrics import Metrics
from bot.settings.settings import Settings
from bot.wiring.foundation import Foundation, now
from bot.wiring.product import Product, build_product
from bot.wiring.vendors import build_vendors
from db.store.session import Database
from handlers.slack.outbound.messenger import Clients, SlackMessenger
from services.ports import Clock

ADMIN_KEY = "adm_a-key-of-the-environment-for-tests-only"
PEPPER = b"a pepper for tests, 32 characters at least"
KEY = base64.b64encode(bytes(range(32))).decode()


async def nobody(*_: object) -> Any:
    """There is no Slack here."""
    raise AssertionError("the product spoke to Slack")


def foundation(
    database: Database, clock: Clock = now, clients: Clients = nobody, **settings: Any
) -> Foundation:
    """What every builder of bot/wiring is handed; `settings` beside or instead of the usual."""
    usual = {
        "database_url": SecretStr(database.url),
        "encryption_keys": SecretStr(f"test:{KEY}"),
        "license_pepper": SecretStr(PEPPER.decode()),
        "license_signing_key": SecretStr(KEY),
        "admin_api_key": SecretStr(ADMIN_KEY),
        "public_url": "http://localhost:3000",
    }
    given = Settings(**usual | settings)
    return Foundation(given, database, Metrics(), SlackMessenger(clients), clock)


@asynccontextmanager
async def wired(base: Foundation, **fakes: Any) -> AsyncIterator[Product]:
    """Every service as the program has it; closed at the end, started by whoever wants it.

    `fakes` by their names in `bot.wiring.vendors.Vendors`, instead of the vendors' clients.
    """
    vendors = build_vendors(base.settings, base.metrics)
    product = build_product(base, replace(vendors, **fakes))
    yield product
    await product.close()
    await vendors.close()
