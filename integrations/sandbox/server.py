"""Builds the whole outside world as one aiohttp application on one port."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from integrations.sandbox import anthropic, crono, fathom, google, meetings, panel_data, slack
from integrations.sandbox.anthropic import AnthropicApi
from integrations.sandbox.crono_store import CronoStore
from integrations.sandbox.environment import environment
from integrations.sandbox.faults import Faults
from integrations.sandbox.google_accounts import GoogleAccounts
from integrations.sandbox.journal import Journal
from integrations.sandbox.panel import server as panel
from integrations.sandbox.slack import Slack
from integrations.sandbox.slack.rules import Rules
from integrations.sandbox.wire import STOPPING, vendor_middleware
from integrations.sandbox.world import World, empty_world

LARGEST_BODY = 50 * 1024 * 1024  # bytes; Gmail's largest message in base64
NAME, VERSION = "seguito-sandbox", 1


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """How the world is set up.

    app_url         where the product answers; redirects and Slack's deliveries go there
    manifest        the app's manifest.yml, as Slack would have imported it
    meetings        the visitor's own transcripts, first is newest
    meetings_dir    a folder of real meetings (Fathom's JSON or the AMI corpus)
    enforce_limits  really refuse Fathom's 61st call of a minute
    rules           Slack's deadlines, for tests that cannot wait
    now             the moment the cast's relative dates count from; None: the start
    """

    app_url: str = "http://127.0.0.1:3000"
    manifest: Path = Path("manifest.yml")
    meetings: tuple[Path, ...] = ()
    meetings_dir: Path | None = None
    enforce_limits: bool = False
    rules: Rules | None = None
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The parts of a running sandbox, for the panel and for tests in the same process."""

    world: World
    journal: Journal
    faults: Faults
    slack: Slack
    google: GoogleAccounts
    crono: CronoStore
    anthropic: AnthropicApi


SANDBOX = web.AppKey("sandbox", Sandbox)


def build(options: SandboxOptions) -> web.Application:
    """The application. TranscriptError or ManifestError when a given file is not sound."""
    sandbox = _sandbox(options)
    app = web.Application(
        client_max_size=LARGEST_BODY,
        middlewares=[vendor_middleware(sandbox.journal, sandbox.faults)],
    )
    app[SANDBOX] = sandbox
    app[STOPPING] = asyncio.Event()
    app.router.add_routes(_routes(sandbox, options))
    app.on_shutdown.append(_stop)
    app.cleanup_ctx.append(_closing)
    return app


def _sandbox(options: SandboxOptions) -> Sandbox:
    world = empty_world(options.now or datetime.now(UTC))
    meetings.add_cast(world)
    if options.meetings_dir is not None:
        meetings.add_corpus(world, options.meetings_dir)
    meetings.add_visitors(world, options.meetings)
    journal = Journal()
    spoken = slack.build(
        world, journal, manifest=options.manifest, app_url=options.app_url, rules=options.rules
    )
    journal.announce = spoken.changes.announce
    return Sandbox(
        world=world,
        journal=journal,
        faults=Faults(spoken.changes.announce),
        slack=spoken,
        google=GoogleAccounts(world, announce=spoken.changes.announce),
        crono=CronoStore(world),
        anthropic=AnthropicApi(world),
    )


def _routes(sandbox: Sandbox, options: SandboxOptions) -> list[web.AbstractRouteDef]:
    world, journal, faults = sandbox.world, sandbox.journal, sandbox.faults
    limits = options.enforce_limits
    return [
        *_own_routes(sandbox),
        *slack.routes(sandbox.slack),
        *fathom.routes(world, journal, faults, enforce_limits=limits),
        *crono.routes(world, journal, faults, sandbox.crono),
        *anthropic.routes(world, journal, faults, sandbox.anthropic),
        *google.routes(world, journal, faults, sandbox.google),
        *panel_data.routes(
            journal, faults, panel_data.Outside(world, sandbox.google, sandbox.crono)
        ),
        *panel.routes(sandbox.slack),
    ]


def _own_routes(sandbox: Sandbox) -> list[web.RouteDef]:
    async def health(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "name": NAME, "version": VERSION})

    async def settings(request: web.Request) -> web.Response:
        origin = str(request.url.origin())
        return web.json_response(environment(sandbox.world, sandbox.slack, origin))

    return [web.get("/health", health), web.get("/environment", settings)]


async def _stop(app: web.Application) -> None:
    app[STOPPING].set()


async def _closing(app: web.Application) -> AsyncIterator[None]:
    yield
    await app[SANDBOX].slack.close()
