"""The doctor's look at Slack: the token, its scopes, the ops room and its admins."""

import asyncio
from collections.abc import Mapping

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.doctor.finding import NOT_SET, WRONG, SettingFinding, fine, tried, untried, wrong
from bot.settings.settings import Settings
from bot.slack.app import SCOPES
from bot.wiring.foundation import now
from handlers.slack.outbound.reach import code_of
from integrations.http import client
from integrations.jwks.types import Issuer
from integrations.jwks.verifier import TokenVerifier

CALL_SECONDS = 10
SCOPES_HEADER = "x-oauth-scopes"
AWAY = "Slack does not answer; is SLACK_API_URL right?"
NO_SLACK = "cannot be tried without a bot token that Slack accepts"


async def check_slack(settings: Settings) -> tuple[SettingFinding, ...]:
    """Everything whose name begins with SLACK_."""
    bot = AsyncWebClient(
        settings.given("slack_bot_token"), base_url=settings.slack_api_url, timeout=CALL_SECONDS
    )
    token, team_id = await _token(settings, bot)
    return (
        token,
        _signing(settings),
        await _socket(settings),
        _oauth(settings),
        await _sign_in(settings),
        _team(settings, team_id),
        untried("slack_ops_channel_id", words=_channel(settings)),
        await _admins(settings, bot if team_id else None),
    )


async def _token(settings: Settings, bot: AsyncWebClient) -> tuple[SettingFinding, str]:
    """What Slack says of the bot token, and the workspace it belongs to, "" when it is refused."""
    names = ("slack_bot_token", "slack_api_url")
    if not bot.token:
        return wrong(*names, words=NOT_SET), ""
    try:
        answer = await bot.auth_test()
    except SlackApiError as error:
        return wrong(*names, words=f"Slack refuses it ({code_of(error)})"), ""
    except (ClientError, TimeoutError):
        return SettingFinding(names, WRONG, AWAY), ""
    team_id = str(answer["team_id"])
    where = f"{answer['team']} ({team_id})"
    granted = _scopes(answer.headers)
    if granted and (missing := sorted(set(SCOPES) - granted)):
        said = f"{where} lacks {', '.join(missing)}; apply the manifest and install the app again"
        return SettingFinding(names, WRONG, said), team_id
    return fine(*names, words=f"{where}, with every scope" if granted else where), team_id


def _scopes(headers: Mapping[str, str]) -> set[str]:
    told = {name.lower(): value for name, value in headers.items()}
    return {scope.strip() for scope in told.get(SCOPES_HEADER, "").split(",")} - {""}


def _signing(settings: Settings) -> SettingFinding:
    name = "slack_signing_secret"
    if not settings.given(name):
        return wrong(name, words=NOT_SET)
    return untried(
        name, words="cannot be tried; with a wrong one Slack’s requests are answered 401"
    )


async def _socket(settings: Settings) -> SettingFinding:
    name, token = "slack_app_token", settings.given("slack_app_token")
    if not token:
        return untried(name, words=f"{NOT_SET}; only Socket Mode needs it")
    try:
        await AsyncWebClient(
            base_url=settings.slack_api_url, timeout=CALL_SECONDS
        ).apps_connections_open(app_token=token)
    except SlackApiError as error:
        return wrong(name, words=f"Slack refuses it ({code_of(error)})")
    except (ClientError, TimeoutError):
        return SettingFinding((name,), WRONG, AWAY)
    return fine(name, words="accepted")


def _oauth(settings: Settings) -> SettingFinding:
    names = ("slack_client_id", "slack_client_secret")
    given = settings.slack_client_id
    said = "cannot be tried without an install" if given else f"{NOT_SET}; for installs by OAuth"
    return untried(*names, words=said)


async def _sign_in(settings: Settings) -> SettingFinding:
    """The keys by which sign-ins of admins are verified."""
    origin = settings.slack_url.rstrip("/")
    issuer = Issuer("slack", origin, settings.slack_client_id, "/openid/connect/keys")
    verifier = TokenVerifier(client(origin, "slack"), issuer, now)
    try:
        return await tried("slack_url", call=verifier.check(), words="publishes its signing keys")
    finally:
        await verifier.close()


def _team(settings: Settings, team_id: str) -> SettingFinding:
    name, given = "slack_ops_team_id", settings.slack_ops_team_id
    if not given:
        return untried(name, words=f"{NOT_SET}; nobody can use ops commands")
    if not team_id:
        return untried(name, words=NO_SLACK)
    if given != team_id:
        return wrong(name, words=f"{given} is not the bot token’s workspace, {team_id}")
    return fine(name, words="the bot token’s workspace")


def _channel(settings: Settings) -> str:
    if not settings.slack_ops_channel_id:
        return f"{NOT_SET}; nobody can use ops commands"
    return "cannot be tried: invite Seguito to the channel and type /license-issue help there"


async def _admins(settings: Settings, bot: AsyncWebClient | None) -> SettingFinding:
    name, admins = "slack_ops_admins", sorted(settings.admins)
    if not admins:
        return untried(name, words=f"{NOT_SET}; nobody can use ops commands")
    if bot is None:
        return untried(name, words=NO_SLACK)
    problems = list(filter(None, await asyncio.gather(*(_admin(bot, one) for one in admins))))
    if problems:
        return wrong(name, words="; ".join(problems))
    return fine(name, words=f"{len(admins)} active")


async def _admin(bot: AsyncWebClient, member_id: str) -> str:
    """What keeps this member from being an ops admin; "" when nothing does."""
    try:
        user = (await bot.users_info(user=member_id))["user"]
    except SlackApiError as error:
        return f"{member_id}: Slack says {code_of(error)}"
    except (ClientError, TimeoutError):
        return f"{member_id}: Slack does not answer"
    if user.get("deleted"):
        return f"{member_id} is deactivated"
    return f"{member_id} is a bot" if user.get("is_bot") else ""
