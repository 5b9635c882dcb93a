"""The code flow: a page where a person allows it, a code that is used once, an id_token.

Strict where Slack is: the redirect URL must be the manifest's, scopes its user scopes, the code of
the same client and redirect URL. A `nonce` that was not sent is "" in the token, as Slack's is.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, select_autoescape

from integrations.sandbox.slack.api.call import client_credentials, read_arguments
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.openid.keys import IdTokenKey
from integrations.sandbox.slack.state import SlackState

SCOPES = frozenset({"openid", "email", "profile"})
CODE_SECONDS, TOKEN_SECONDS = 600.0, 300
# Who this browser is signed in to Slack as: `team:user`.
SIGNED_IN = "sandbox-slack"
ASKED = ("response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "team")
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class _Allowed:
    """What a code stands for."""

    team: str
    user: str
    asked: Mapping[str, str]
    issued: float


class OpenIdPages:
    """Authorize, token and keys."""

    def __init__(self, slack: SlackState) -> None:
        self._slack = slack
        self._key = IdTokenKey()
        self._codes: dict[str, _Allowed] = {}
        # Slack asks once; afterwards it sends people straight back.
        self._allowed: set[tuple[str, str]] = set()
        self._pages = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(default=True)
        )

    async def authorize(self, request: web.Request) -> web.Response:
        """GET: who is it, may the app know? Straight back for who said yes before."""
        asked = {name: request.query[name] for name in ASKED if name in request.query}
        if error := self._error(asked):
            return self._page("openid_error.html", status=400, error=error)
        team, _, user = request.cookies.get(SIGNED_IN, "").partition(":")
        if (team, user) in self._allowed and asked.get("team", team) == team:
            return self._back(asked, team, user)
        teams = [one for one in self._slack.teams.values() if asked.get("team", one.id) == one.id]
        return self._page("openid_allow.html", asked=asked, teams=teams, user=user)

    async def decide(self, request: web.Request) -> web.Response:
        """POST: back with a code, or with `access_denied`."""
        form = await request.post()
        asked = {name: str(form[name]) for name in ASKED if name in form}
        if error := self._error(asked):
            return self._page("openid_error.html", status=400, error=error)
        team, _, user = str(form.get("person", "")).partition(":")
        known = self._slack.teams.get(team)
        if form.get("decision") != "allow" or known is None or known.person(user) is None:
            return _leave(asked["redirect_uri"], {"error": "access_denied"}, asked)
        self._allowed.add((team, user))
        response = self._back(asked, team, user)
        response.set_cookie(SIGNED_IN, f"{team}:{user}", httponly=True, samesite="Lax")
        return response

    async def enter(self, request: web.Request) -> web.Response:
        """GET, the panel's own: into the dashboard as the person one plays, who has said yes."""
        team, user = request.query.get("team", ""), request.query.get("user", "")
        known = self._slack.teams.get(team)
        if known is None or known.person(user) is None:
            raise web.HTTPNotFound
        self._allowed.add((team, user))
        to = self._start()
        response = web.Response(status=303, headers={"Location": to, "Cache-Control": "no-store"})
        response.set_cookie(SIGNED_IN, f"{team}:{user}", httponly=True, samesite="Lax")
        return response

    async def token(self, request: web.Request) -> web.Response:
        """POST openid.connect.token: refusals come with status 200."""
        try:
            body = self._exchange(request, await read_arguments(request))
        except SlackError as refusal:
            return web.json_response({"ok": False, "error": refusal.code})
        return web.json_response({"ok": True, **body})

    async def keys(self, _: web.Request) -> web.Response:
        """GET: the public keys."""
        return web.json_response(self._key.jwks())

    def _exchange(self, request: web.Request, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        client_id, secret = client_credentials(request, arguments)
        if client_id != self._slack.world.client_id:
            raise SlackError("invalid_client_id")
        if secret != self._slack.world.client_secret:
            raise SlackError("bad_client_secret")
        if arguments.get("grant_type") != "authorization_code":
            raise SlackError("invalid_grant_type")
        found = self._codes.pop(str(arguments.get("code", "")), None)
        if found is None or self._slack.rules.now() - found.issued > CODE_SECONDS:
            raise SlackError("invalid_code")
        if arguments.get("redirect_uri") != found.asked["redirect_uri"]:
            raise SlackError("bad_redirect_uri")
        return {
            "access_token": f"xoxp-{secrets.token_hex(16)}",
            "token_type": "Bearer",
            "id_token": self._key.sign(self._claims(request, found)),
        }

    def _claims(self, request: web.Request, found: _Allowed) -> Mapping[str, Any]:
        team = self._slack.teams[found.team]
        person = team.member(found.user)
        now = int(self._slack.rules.now())
        return {
            "iss": f"{request.url.origin()}/slack",
            "sub": person.id,
            "aud": found.asked["client_id"],
            "exp": now + TOKEN_SECONDS,
            "iat": now,
            "auth_time": now,
            "nonce": found.asked.get("nonce", ""),
            "at_hash": secrets.token_urlsafe(16),
            "https://slack.com/team_id": team.id,
            "https://slack.com/user_id": person.id,
            "email": person.email,
            "email_verified": True,
            "name": person.real_name,
            "locale": person.locale,
            "https://slack.com/team_name": team.workspace.name,
        }

    def _error(self, asked: Mapping[str, str]) -> str:
        wanted = set(asked.get("scope", "").split())
        if asked.get("client_id") != self._slack.world.client_id:
            return "invalid_client_id"
        if asked.get("response_type") != "code":
            return "unsupported_response_type"
        if "openid" not in wanted or not wanted <= SCOPES & self._slack.app.user_scopes:
            return "invalid_scope"
        if asked.get("redirect_uri") not in self._slack.app.redirect_urls:
            return "bad_redirect_uri"
        return ""

    def _back(self, asked: Mapping[str, str], team: str, user: str) -> web.Response:
        code = secrets.token_urlsafe(24)
        self._codes[code] = _Allowed(team, user, dict(asked), self._slack.rules.now())
        return _leave(asked["redirect_uri"], {"code": code}, asked)

    def _start(self) -> str:
        """Where the app begins a sign-in: beside where it wants people back."""
        ours = (url for url in self._slack.app.redirect_urls if url.endswith("/slack/callback"))
        return next(ours, "/").removesuffix("/callback")

    def _page(self, name: str, *, status: int = 200, **shown: object) -> web.Response:
        text = self._pages.get_template(name).render(**shown)
        return web.Response(text=text, content_type="text/html", status=status)


def routes(slack: SlackState) -> list[web.AbstractRouteDef]:
    """Pages for people, and the two that programs call."""
    pages = OpenIdPages(slack)
    return [
        web.get("/slack/openid/connect/authorize", pages.authorize),
        web.post("/slack/openid/connect/authorize", pages.decide),
        web.get("/slack/openid/connect/keys", pages.keys, name="slack:openid.connect.keys"),
        web.post("/slack/api/openid.connect.token", pages.token, name="slack:openid.connect.token"),
        web.get("/panel/dashboard", pages.enter),
    ]


def _leave(to: str, told: Mapping[str, str], asked: Mapping[str, str]) -> web.Response:
    state = {"state": asked["state"]} if "state" in asked else {}
    return web.Response(status=302, headers={"Location": f"{to}?{urlencode({**told, **state})}"})
