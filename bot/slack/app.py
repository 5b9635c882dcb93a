"""The Slack app: Bolt built from plain values, served by HTTP and by socket alike."""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from datetime import timedelta

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.logger.messages import (
    warning_client_prioritized_and_token_skipped,
    warning_token_skipped,
)
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.web.async_client import AsyncWebClient
from structlog import get_logger

from bot.process.metrics import Metrics
from bot.settings.slack import SlackSettings
from bot.slack import calls
from bot.slack.deliveries import Deliveries, Priority
from bot.slack.door import SlackDoor
from bot.slack.installations import InstallationStore, InstallStateStore
from bot.slack.installs import InstallDoor
from bot.slack.runner import install
from bot.slack.socketmode import SocketDoor
from bot.slack.token_provider import Authority
from db.store.session import Database
from handlers.slack import register
from handlers.slack.kit.routing import Listeners
from services import Services
from services.actors import Actor
from services.ports import Clock

# Equal to manifest.yml, which is where an admin reads them.
SCOPES = (
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "groups:read",
    "users:read",
    "users:read.email",
)

log = get_logger("slack")


class SlackApp:
    """Everything that speaks with Slack, one per program; nothing is asked of Slack at first."""

    def __init__(
        self, settings: SlackSettings, database: Database, metrics: Metrics, clock: Clock
    ) -> None:
        """Call it inside the running loop; `serve` gives it its listeners."""
        self._settings = settings
        self._metrics = metrics
        self._session = calls.session(metrics)
        self._web = calls.web_client(settings.slack_api_url, self._session)
        token = settings.slack_bot_token.get_secret_value()
        home = calls.web_client(settings.slack_api_url, self._session, token)
        self.store = InstallationStore(database)
        self._states = InstallStateStore(database, clock)
        app = (settings.slack_client_id, settings.slack_client_secret.get_secret_value())
        self.authority = Authority(self.store, home, clock, app)
        self.app = self._bolt(_oauth(settings, self.store, self._states))
        self._runner = install(self.app)
        self._deliveries = Deliveries(self.app, metrics)
        metrics.at_work(lambda: self._deliveries.going_on + len(self._runner.running))

    async def client(self, actor: Actor) -> AsyncWebClient:
        """A client that speaks as us in the actor's workspace; see `Authority.find` for errors."""
        return await self.authority.client(actor)

    def serve(self, services: Services) -> Listeners:
        """Attach every listener; once, before anything is delivered."""
        listeners = register(self.app, services)
        self.register_immediate(listeners, services.gateway.scheduler.priority)
        return listeners

    def register_immediate(self, listeners: Listeners, priority: Priority = nullcontext) -> None:
        """Answer at the door whom the table says so, ahead of other work; hear of uninstalls."""
        self._deliveries.at_once = listeners.at_once
        self._deliveries.priority = priority
        self.authority.listen(listeners)

    def routes(self) -> list[web.RouteDef]:
        """The HTTP door's three addresses."""
        secret = self._settings.slack_signing_secret.get_secret_value()
        return SlackDoor(self._deliveries, secret, self._metrics).routes()

    def installs(self, base_url: str) -> list[web.RouteDef]:
        """Installing by OAuth, for a product that is reached at `base_url`."""
        stores = (self.store, self._states)
        return InstallDoor(self._settings, base_url, stores, self._web, SCOPES).routes()

    @asynccontextmanager
    async def socket(self) -> AsyncIterator[None]:
        """Deliveries by socket while the block runs; raises RefusedSocket for a bad app token."""
        token = self._settings.slack_app_token.get_secret_value()
        door = SocketDoor(self._deliveries, token, self._web)
        await door.connect()
        try:
            yield
        finally:
            await door.close()

    async def drain(self, within: timedelta) -> None:
        """Let listeners at work finish; close the doors first, so that no new ones begin."""
        await self._deliveries.drain(within)
        if cut := await self._runner.drain(within):
            log.warning("slack.cut_off", count=cut)

    async def close(self) -> None:
        """Close the HTTP session that all Slack clients share; a renewal at work is kept first."""
        await self.authority.drain()
        await self._session.close()

    def _bolt(self, oauth: AsyncOAuthSettings | None) -> AsyncApp:
        with _quiet_about_the_token() as logger:
            return AsyncApp(
                name="seguito",
                logger=logger,
                client=self._web,
                signing_secret=self._settings.slack_signing_secret.get_secret_value(),
                authorize=self.authority,
                installation_store=self.store,
                oauth_settings=oauth,
                # The door answers these two, and nothing here uses the other two.
                ssl_check_enabled=False,
                url_verification_enabled=False,
                attaching_function_token_enabled=False,
                attaching_conversation_kwargs_enabled=False,
            )


def _oauth(
    settings: SlackSettings, store: InstallationStore, states: InstallStateStore
) -> AsyncOAuthSettings | None:
    """Given explicitly, because Bolt would find the variables itself and keep tokens in files."""
    if not (settings.slack_client_id and settings.slack_client_secret.get_secret_value()):
        return None
    return AsyncOAuthSettings(
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret.get_secret_value(),
        scopes=SCOPES,
        user_scopes=(),
        installation_store=store,
        state_store=states,
    )


@contextmanager
def _quiet_about_the_token() -> Iterator[logging.Logger]:
    # Bolt reads SLACK_BOT_TOKEN from the environment and warns that it is ignored: Authority
    # uses it, so the warning would only mislead.
    misleading = {warning_token_skipped(), warning_client_prioritized_and_token_skipped()}

    def keep(record: logging.LogRecord) -> bool:
        return record.getMessage() not in misleading

    logger = logging.getLogger("slack_bolt")
    logger.addFilter(keep)
    try:
        yield logger
    finally:
        logger.removeFilter(keep)
