"""Installing by OAuth: to Slack's consent page and back, into the store, with a page for each end.

https://docs.slack.dev/authentication/installing-with-oauth
"""

import hashlib
import hmac
from collections.abc import Mapping

from aiohttp import ClientError, web
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from structlog import get_logger

from bot.settings.slack import SlackSettings
from bot.slack.calls import ask_for_token
from bot.slack.installations import STATE_LIFE, InstallationStore, InstallStateStore
from handlers.http.kit.context import language
from handlers.http.kit.pages import HEADERS, html
from handlers.slack.outbound.reach import TROUBLE, code_of
from views.pages import installs as page
from views.words import workspaces as say

# The first is the one that Slack is asked to come back to; both are in the manifest.
CALLBACKS = ("/slack/oauth_redirect", "/slack/oauth/callback")
COOKIE = "seguito-install"
# No word of Slack's is longer; a page repeats only what can be one.
LONGEST_CODE = 60

log = get_logger("slack.installs")


class InstallDoor:
    """Three addresses in a browser; what Slack grants is kept before anybody is told."""

    def __init__(
        self,
        settings: SlackSettings,
        base_url: str,
        stores: tuple[InstallationStore, InstallStateStore],
        slack: AsyncWebClient,
        scopes: tuple[str, ...],
    ) -> None:
        """`base_url` is where this product is reached, without a slash at the end."""
        self._client_id = settings.slack_client_id
        self._client_secret = settings.slack_client_secret.get_secret_value()
        self._origin = settings.slack_url.rstrip("/")
        self._base_url = base_url
        self._store, self._states = stores
        self._slack = slack
        self._urls = AuthorizeUrlGenerator(
            client_id=self._client_id,
            scopes=scopes,
            redirect_uri=base_url + CALLBACKS[0],
            authorization_url=f"{self._origin}/oauth/v2/authorize",
        )

    def routes(self) -> list[web.RouteDef]:
        """Begin, and come back."""
        back = [web.get(path, self.finish) for path in CALLBACKS]
        return [web.get(page.START, self.begin), *back]

    async def begin(self, request: web.Request) -> web.Response:
        """On to Slack's consent page, from this browser only."""
        if not (self._client_id and self._client_secret):
            return html(page.closed(language(request)), 404)
        state = await self._states.async_issue()
        where = {**HEADERS, "Location": self._urls.generate(state)}
        response = web.Response(status=303, headers=where)
        response.set_cookie(
            COOKIE,
            _mark(state),
            max_age=int(STATE_LIFE.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=self._base_url.startswith("https://"),
            path="/slack",
        )
        return response

    async def finish(self, request: web.Request) -> web.Response:
        """Back from Slack, with a code or without; says how it went."""
        response = await self._finished(request)
        response.del_cookie(COOKIE, path="/slack")
        return response

    async def _finished(self, request: web.Request) -> web.Response:
        spoken, state = language(request), request.query.get("state", "")
        given = request.cookies.get(COOKIE, "").encode(errors="surrogateescape")
        # As bytes: compare_digest refuses text that is not ASCII, and a cookie may be anything.
        here = bool(state) and hmac.compare_digest(given, _mark(state).encode())
        if not here or not await self._states.async_consume(state):
            return html(page.refused(say.SPENT, spoken), 400)
        if code := request.query.get("error", ""):
            return _said_no(code, spoken)
        try:
            granted = await self._exchange(request.query.get("code", ""), request.path)
        except SlackApiError as error:
            return _said_no(code_of(error), spoken)
        except (ClientError, TimeoutError) as error:
            log.warning("slack.away", operation="oauth.v2.access", reason=type(error).__name__)
            return html(page.refused(say.SLACK_AWAY, spoken), 503)
        installation = await self._keep(granted)
        team = installation.team_name or installation.enterprise_name or ""
        return html(page.installed(team, self._opens(installation), spoken))

    async def _exchange(self, code: str, path: str) -> AsyncSlackResponse:
        app, back = (self._client_id, self._client_secret), self._base_url + path
        return await ask_for_token(self._slack, app, code=code, redirect_uri=back)

    async def _keep(self, granted: AsyncSlackResponse) -> Installation:
        team, organisation = _part(granted, "team"), _part(granted, "enterprise")
        installer = _part(granted, "authed_user")
        installation = Installation(
            app_id=granted.get("app_id"),
            enterprise_id=organisation.get("id"),
            enterprise_name=organisation.get("name"),
            team_id=team.get("id"),
            team_name=team.get("name") or organisation.get("name"),
            bot_token=granted["access_token"],
            bot_id=await self._bot_id(granted["access_token"]),
            bot_user_id=granted.get("bot_user_id"),
            bot_scopes=granted.get("scope") or "",
            bot_refresh_token=granted.get("refresh_token"),
            bot_token_expires_in=granted.get("expires_in"),
            user_id=installer.get("id") or "",
            is_enterprise_install=granted.get("is_enterprise_install") is True,
        )
        await self._store.async_save(installation)
        log.info("slack.installed", workspace_id=installation.team_id or organisation.get("id"))
        return installation

    async def _bot_id(self, token: str) -> str:
        """Not in the grant; the code is spent, so what Slack grants is kept without it, too."""
        try:
            return str((await self._slack.auth_test(token=token)).get("bot_id") or "")
        except (SlackApiError, ClientError, TimeoutError) as error:
            log.warning("slack.away", operation="auth.test", reason=type(error).__name__)
            return ""

    def _opens(self, installation: Installation) -> str:
        team = f"&team={installation.team_id}" if installation.team_id else ""
        return f"{self._origin}/app_redirect?app={installation.app_id}{team}"


def _part(granted: AsyncSlackResponse, name: str) -> Mapping[str, str]:
    return granted.get(name) or {}


def _said_no(code: str, spoken: str) -> web.Response:
    shown = code[:LONGEST_CODE] if code.isascii() and code.replace("_", "").isalnum() else "?"
    log.info("slack.install_refused", reason=shown)
    if code == "access_denied":
        return html(page.refused(say.DENIED, spoken))
    if code in TROUBLE:
        return html(page.refused(say.SLACK_AWAY, spoken), 503)
    return html(page.refused(say.SLACK_SAID_NO, spoken, shown), 400)


def _mark(state: str) -> str:
    return hashlib.sha256(f"install:{state}".encode()).hexdigest()
