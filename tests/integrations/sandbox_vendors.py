"""The imitated vendors on a port of their own, without Slack."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from integrations.sandbox.anthropic import vendor as anthropic
from integrations.sandbox.crono import vendor as crono
from integrations.sandbox.fathom import vendor as fathom
from integrations.sandbox.google import vendor as google
from integrations.sandbox.google.accounts import GoogleAccounts
from integrations.sandbox.hubspot import vendor as hubspot
from integrations.sandbox.kit.faults import Fault
from integrations.sandbox.kit.registry import VendorFactory
from integrations.sandbox.kit.world import World
from integrations.sandbox.openrouter import vendor as openrouter
from integrations.sandbox.server import SANDBOX, Sandbox, SandboxOptions, build

FACTORIES = [vendor.vendors for vendor in (fathom, crono, hubspot, anthropic, google, openrouter)]


@dataclass(frozen=True)
class Vendors:
    """Where they are, and what a test may look at or spoil."""

    url: str
    sandbox: Sandbox

    @property
    def world(self) -> World:
        return self.sandbox.world

    @property
    def accounts(self) -> GoogleAccounts:
        return self.sandbox.of(google.Google).accounts

    def spoil(self, **fault: object) -> None:
        self.sandbox.faults.add(Fault(**fault))

    def calls(self, vendor: str) -> int:
        return len(self.sandbox.journal.entries(vendor=vendor))


@asynccontextmanager
async def sandbox_vendors(
    factories: Sequence[VendorFactory] = (), database_url: str = "", *, history: bool = False
) -> AsyncIterator[Vendors]:
    """These, or Fathom, both CRMs, Anthropic, Google and OpenRouter with their cast."""
    app = build(SandboxOptions(database_url=database_url, history=history), factories or FACTORIES)
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield Vendors(f"http://127.0.0.1:{runner.addresses[0][1]}", app[SANDBOX])
    await runner.cleanup()
