"""The imitated vendors on a port of their own, without Slack and the panel."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web

from integrations.sandbox.anthropic import api as anthropic
from integrations.sandbox.crono import api as crono
from integrations.sandbox.fathom import api as fathom
from integrations.sandbox.google import api as google
from integrations.sandbox.google.accounts import GoogleAccounts
from integrations.sandbox.kit.faults import Fault, Faults
from integrations.sandbox.kit.journal import Journal
from integrations.sandbox.kit.meetings import add_cast
from integrations.sandbox.kit.wire import vendor_middleware
from integrations.sandbox.kit.world import World, empty_world


@dataclass(frozen=True)
class Vendors:
    """Where they are, and what a test may look at or spoil."""

    url: str
    world: World
    accounts: GoogleAccounts
    journal: Journal
    faults: Faults

    def spoil(self, **fault: object) -> None:
        self.faults.add(Fault(**fault))

    def calls(self, vendor: str) -> int:
        return len(self.journal.entries(vendor=vendor))


@asynccontextmanager
async def sandbox_vendors() -> AsyncIterator[Vendors]:
    """Fathom, Crono, Anthropic and Google with their cast."""
    world = empty_world(datetime.now(UTC))
    add_cast(world)
    journal, faults, accounts = Journal(), Faults(), GoogleAccounts(world)
    app = web.Application(
        middlewares=[vendor_middleware(journal, faults)],
        client_max_size=64 * 2**20,
    )
    for vendor in (fathom, crono, anthropic):
        app.add_routes(vendor.routes(world, journal, faults))
    app.add_routes(google.routes(world, journal, faults, accounts))
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield Vendors(url, world, accounts, journal, faults)
    await runner.cleanup()
