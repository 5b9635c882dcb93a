"""Builds the whole outside world as one aiohttp application on one port."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from aiohttp import web

import integrations.sandbox
from integrations.sandbox.kit.environment import environment
from integrations.sandbox.kit.faults import Faults
from integrations.sandbox.kit.journal import Journal
from integrations.sandbox.kit.plugin import Vendor
from integrations.sandbox.kit.registry import VendorFactory, discover, make
from integrations.sandbox.kit.stage import SandboxOptions, Stage, set_up
from integrations.sandbox.kit.wire import STOPPING, vendor_middleware
from integrations.sandbox.kit.world import World
from integrations.sandbox.panel import server as panel

LARGEST_BODY = 50 * 1024 * 1024  # bytes; Gmail's largest message in base64
NAME, VERSION = "seguito-sandbox", 1
V = TypeVar("V", bound=Vendor)


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The parts of a running sandbox, for the panel and for tests in the same process."""

    world: World
    journal: Journal
    faults: Faults
    vendors: tuple[Vendor, ...]

    def of(self, kind: type[V]) -> V:
        """The vendor of this class: `sandbox.of(Google).accounts`. LookupError without one."""
        for vendor in self.vendors:
            if isinstance(vendor, kind):
                return vendor
        raise LookupError(f"{kind.__name__} is not imitated here")


SANDBOX = web.AppKey("sandbox", Sandbox)


def build(
    options: SandboxOptions, factories: Sequence[VendorFactory] | None = None
) -> web.Application:
    """The application, with these vendors or with all. SetupError when a file is not sound."""
    if factories is None:
        factories = discover(integrations.sandbox)
    stage = set_up(options)
    return assemble(stage, make(stage, factories))


def assemble(stage: Stage, vendors: tuple[Vendor, ...]) -> web.Application:
    """The application with vendors that are made already."""
    names = {vendor.name: vendor for vendor in vendors}
    app = web.Application(
        client_max_size=LARGEST_BODY,
        middlewares=[vendor_middleware(stage.journal, stage.faults, names)],
    )
    app[SANDBOX] = Sandbox(stage.world, stage.journal, stage.faults, vendors)
    app[STOPPING] = asyncio.Event()
    app.router.add_routes(_own_routes(vendors))
    for vendor in vendors:
        app.router.add_routes(vendor.routes())
    app.router.add_routes(panel.routes(stage, vendors))
    app.on_shutdown.append(_stop)
    app.cleanup_ctx.append(_opened)
    return app


def _own_routes(vendors: Sequence[Vendor]) -> list[web.RouteDef]:
    async def health(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "name": NAME, "version": VERSION})

    async def settings(request: web.Request) -> web.Response:
        return web.json_response(environment(vendors, str(request.url.origin())))

    return [web.get("/health", health), web.get("/environment", settings)]


async def _stop(app: web.Application) -> None:
    app[STOPPING].set()


async def _opened(app: web.Application) -> AsyncIterator[None]:
    for vendor in app[SANDBOX].vendors:
        await vendor.open()
    yield
    for vendor in reversed(app[SANDBOX].vendors):
        await vendor.close()
