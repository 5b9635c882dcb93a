"""The doctor: every setting and credential tried, each with one line on how to mend it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.metrics import Metrics
from bot.settings import Settings
from bot.wiring import Vendors, build_vendors
from db.postgres import DatabaseRefused, require_session
from db.reach import DatabaseAway
from handlers.slack.context import code_of
from integrations.crono.client import Crono
from integrations.crono.types import CronoKeys
from integrations.errors import IntegrationError
from integrations.fathom.client import Fathom


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is fine, and what to do when it is not."""

    name: str
    fine: bool
    words: str


async def check_up(settings: Settings, url: str) -> tuple[Finding, ...]:
    """Try everything that is set; what is not set is said."""
    vendors = build_vendors(settings, Metrics())
    try:
        return (
            await _database(url),
            _public_url(settings),
            await _slack(settings),
            _google(settings),
            await _fathom(settings, vendors),
            await _crono(settings, vendors),
        )
    finally:
        await vendors.close()


async def _database(url: str) -> Finding:
    try:
        await require_session(url)
    except DatabaseRefused as error:
        return Finding("DATABASE_URL", False, str(error))
    except DatabaseAway:
        return Finding("DATABASE_URL", False, "PostgreSQL does not answer; check host and port")
    return Finding("DATABASE_URL", True, "PostgreSQL answers")


def _public_url(settings: Settings) -> Finding:
    local = settings.base_url.startswith(("http://localhost", "http://127.0.0.1"))
    if not local and not settings.base_url.startswith("https://"):
        return Finding("PUBLIC_URL", False, "Slack and Google only accept https:// addresses")
    return Finding("PUBLIC_URL", True, settings.base_url)


async def _slack(settings: Settings) -> Finding:
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        return Finding("SLACK_BOT_TOKEN", False, "not set; copy it from OAuth & Permissions")
    client = AsyncWebClient(token, base_url=settings.slack_api_url, timeout=10)
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        words = f"Slack refuses it ({code_of(error)}); install the app again"
        return Finding("SLACK_BOT_TOKEN", False, words)
    except (ClientError, TimeoutError):
        return Finding("SLACK_BOT_TOKEN", False, "Slack does not answer; check SLACK_API_URL")
    return Finding("SLACK_BOT_TOKEN", True, f"{answer['team']} ({answer['team_id']})")


def _google(settings: Settings) -> Finding:
    if settings.google_client_id and settings.google_client_secret.get_secret_value():
        callback = f"{settings.base_url}/oauth/gmail/callback"
        return Finding("GOOGLE_CLIENT_ID", True, f"register {callback} as redirect URI")
    return Finding("GOOGLE_CLIENT_ID", False, "not set; without it nobody can connect Gmail")


async def _fathom(settings: Settings, vendors: Vendors) -> Finding:
    key = settings.fathom_api_key.get_secret_value()
    if not key:
        return Finding("FATHOM_API_KEY", True, "not set; members save keys of their own")
    return await _tried("FATHOM_API_KEY", lambda: Fathom(vendors.fathom_http).check_key(key))


async def _crono(settings: Settings, vendors: Vendors) -> Finding:
    public = settings.crono_public_key.get_secret_value()
    private = settings.crono_private_key.get_secret_value()
    if not public and not private:
        return Finding("CRONO_PUBLIC_KEY", True, "not set; follow-ups do without the CRM")
    keys = CronoKeys(public, private)
    return await _tried("CRONO_PUBLIC_KEY", lambda: Crono(vendors.crono_http).check_keys(keys))


async def _tried(name: str, call: Callable[[], Awaitable[None]]) -> Finding:
    try:
        await call()
    except IntegrationError as error:
        return Finding(name, False, f"{error.vendor}: {type(error).__name__}; check the key")
    return Finding(name, True, "accepted")
