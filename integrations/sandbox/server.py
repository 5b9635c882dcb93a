"""Builds the whole outside world as one aiohttp application on one port."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from integrations.sandbox import panel_data, slack
from integrations.sandbox.anthropic import api as anthropic
from integrations.sandbox.anthropic.api import AnthropicApi
from integrations.sandbox.crono import api as crono
from integrations.sandbox.crono.store import CronoStore
from integrations.sandbox.deepseek import api as deepseek
from integrations.sandbox.deepseek.api import DeepSeekApi
from integrations.sandbox.environment import environment
from integrations.sandbox.fathom import api as fathom
from integrations.sandbox.google import api as google
from integrations.sandbox.google.accounts import GoogleAccounts
from integrations.sandbox.kit import meetings
from integrations.sandbox.kit.faults import Faults
from integrations.sandbox.kit.journal import Journal
from integrations.sandbox.kit.wire import STOPPING, vendor_middleware
from integrations.sandbox.kit.world import World, empty_world
from integrations.sandbox.openai import api as openai
from integrations.sandbox.openai.api import OpenAiApi
from integrations.sandbox.panel import server as panel
from integrations.sandbox.site import asking as site
from integrations.sandbox.site import webhooks as site_webhooks
from integrations.sandbox.site.asking import Site
from integrations.sandbox.site.webhooks import SiteWebhooks
from integrations.sandbox.slack import Slack
from integrations.sandbox.slack.rules import Rules
from integrations.sandbox.smtp.server import SENDER, MailServer

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
    openai: OpenAiApi
    deepseek: DeepSeekApi
    mail: MailServer
    webhooks: SiteWebhooks
    site: Site


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
    journal.announce = announce = spoken.changes.announce
    faults = Faults(announce)
    keys = world.credentials
    account = (keys.smtp_user, keys.smtp_password)
    webhooks = SiteWebhooks(announce)
    return Sandbox(
        world=world,
        journal=journal,
        faults=faults,
        slack=spoken,
        google=GoogleAccounts(world, announce=announce),
        crono=CronoStore(world),
        anthropic=AnthropicApi(world),
        openai=OpenAiApi(world),
        deepseek=DeepSeekApi(world),
        mail=MailServer(account, journal, faults, announce),
        webhooks=webhooks,
        site=Site(options.app_url, journal, webhooks),
    )


def _routes(sandbox: Sandbox, options: SandboxOptions) -> list[web.AbstractRouteDef]:
    world, journal, faults = sandbox.world, sandbox.journal, sandbox.faults
    limits = options.enforce_limits
    outside = panel_data.Outside(
        world, sandbox.google, sandbox.crono, sandbox.mail, sandbox.webhooks
    )
    return [
        *_own_routes(sandbox),
        *slack.routes(sandbox.slack),
        *fathom.routes(world, journal, faults, enforce_limits=limits),
        *crono.routes(world, journal, faults, sandbox.crono),
        *anthropic.routes(world, journal, faults, sandbox.anthropic),
        *openai.routes(sandbox.openai),
        *deepseek.routes(sandbox.deepseek),
        *site_webhooks.routes(sandbox.webhooks),
        *site.routes(sandbox.site),
        *google.routes(world, journal, faults, sandbox.google),
        *panel_data.routes(journal, faults, outside),
        *panel.routes(sandbox.slack),
    ]


def _own_routes(sandbox: Sandbox) -> list[web.RouteDef]:
    async def health(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "name": NAME, "version": VERSION})

    async def settings(request: web.Request) -> web.Response:
        origin = str(request.url.origin())
        told = environment(sandbox.world, sandbox.slack, origin)
        return web.json_response({**told, "SMTP_URL": sandbox.mail.url, "EMAIL_FROM": SENDER})

    return [web.get("/health", health), web.get("/environment", settings)]


async def _stop(app: web.Application) -> None:
    app[STOPPING].set()


async def _closing(app: web.Application) -> AsyncIterator[None]:
    await app[SANDBOX].mail.open()
    yield
    await app[SANDBOX].site.close()
    await app[SANDBOX].mail.close()
    await app[SANDBOX].slack.close()
