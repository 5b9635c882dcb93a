"""Slack's OpenID Connect: the consent page's address, and the identity behind a code.

Endpoints and claims: https://slack.com/.well-known/openid-configuration.
"""

import hmac
from urllib.parse import urlencode

import httpx
import structlog

from integrations.errors import RateLimited, RefusedByVendor, Unreachable
from integrations.http import USUAL_WAIT, retry_after
from integrations.json_fields import document, flag, one_line, text
from integrations.jwks.types import TokenRefused
from integrations.jwks.verifier import TokenVerifier
from integrations.slack_openid.types import SlackIdentity

VENDOR = "slack"
SCOPES = "openid profile email"
TEAM, USER = "https://slack.com/team_id", "https://slack.com/user_id"

log = structlog.get_logger(__name__)


class SlackOpenId:
    """The code flow of one app. Slack's access token is thrown away: only who it is matters."""

    def __init__(
        self,
        api: httpx.AsyncClient,
        tokens: TokenVerifier,
        client_id: str,
        client_secret: str,
        origin: str,
    ) -> None:
        """`api` has the Web API's base URL; `tokens` verifies for `client_id`; `origin` is Slack's.

        Both clients are closed by `close`.
        """
        self._api = api
        self._tokens = tokens
        self._client_id = client_id
        self._client_secret = client_secret
        self._origin = origin.rstrip("/")

    async def close(self) -> None:
        """Give connections back."""
        await self._api.aclose()
        await self._tokens.close()

    def consent_url(self, state: str, nonce: str, redirect_uri: str, team_id: str) -> str:
        """Where a browser signs in; `team_id` spares the choice of a workspace."""
        query = {
            "response_type": "code",
            "scope": SCOPES,
            "client_id": self._client_id,
            "state": state,
            "nonce": nonce,
            "redirect_uri": redirect_uri,
            "team": team_id,
        }
        return f"{self._origin}/openid/connect/authorize?{urlencode(query)}"

    async def identify(self, code: str, redirect_uri: str, nonce: str) -> SlackIdentity:
        """Who came back with this code.

        RefusedByVendor for a code or token that is not good, one with another nonce or with none;
        Unreachable and RateLimited while Slack does not answer.
        """
        try:
            claims = await self._tokens.read(await self._id_token(code, redirect_uri))
        except TokenRefused as error:
            log.warning("slack_openid.refused", reason=error.code)
            raise RefusedByVendor(VENDOR, error.code) from error
        # Slack fills in "" when none was sent: nothing but our own will do.
        if not nonce or not hmac.compare_digest(text(claims, "nonce").encode(), nonce.encode()):
            raise RefusedByVendor(VENDOR, "nonce")
        team_id, user_id = text(claims, TEAM), text(claims, USER)
        if not team_id or user_id != text(claims, "sub"):
            raise RefusedByVendor(VENDOR, "claims")
        return SlackIdentity(team_id, user_id, one_line(text(claims, "name")) or user_id)

    async def _id_token(self, code: str, redirect_uri: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self._client_id,
            "client_secret": self._client_secret,
        }
        operation = {"operation": "openid.connect.token"}
        answer = await self._api.post("openid.connect.token", data=form, extensions=operation)
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise RateLimited(VENDOR, retry_after(answer.headers) or USUAL_WAIT)
        if not answer.is_success:
            raise Unreachable(VENDOR, f"openid.connect.token {answer.status_code}")
        body = document(VENDOR, answer.content)
        if not flag(body, "ok"):
            raise RefusedByVendor(VENDOR, text(body, "error") or "refused")
        return text(body, "id_token")
