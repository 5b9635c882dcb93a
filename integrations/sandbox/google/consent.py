"""Google's consent page: choose an account, tick scopes, allow or deny."""

import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, select_autoescape

from integrations.sandbox.google.accounts import (
    CLIENT,
    CODE_LIFE,
    KNOWN_SCOPES,
    SCOPE,
    Code,
    GoogleAccounts,
    Grant,
)

TEMPLATES = Path(__file__).parent / "templates"
ALWAYS = ("openid", "email", "profile", f"{SCOPE}userinfo.email", f"{SCOPE}userinfo.profile")
# With one of these names Google grants the longer scope (its token reply says so too).
EXPANDED = {"email": f"{SCOPE}userinfo.email", "profile": f"{SCOPE}userinfo.profile"}
WORDS = {
    f"{SCOPE}gmail.compose": "Manage drafts and send emails",
    f"{SCOPE}calendar.events": "View and edit events on all your calendars",
    f"{SCOPE}calendar.freebusy": "View your availability in your calendars",
}
CALLBACK = "/oauth/gmail/callback"
LOCAL = ("localhost", "127.0.0.1")
KEPT = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "access_type",
    "prompt",
    "state",
    "login_hint",
    "include_granted_scopes",
    "enable_granular_consent",
    "code_challenge",
    "code_challenge_method",
)


class ConsentPages:
    """Shows the page and takes the decision."""

    def __init__(self, accounts: GoogleAccounts) -> None:
        self._accounts = accounts
        self._pages = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(default=True)
        )

    async def show(self, request: web.Request) -> web.Response:
        """GET: the page, or Google's error page when the request is wrong."""
        asked = dict(request.query)
        error = self._error(asked)
        if error:
            return self._page("google_error.html", status=400, error=error)
        wanted = asked["scope"].split()
        return self._page(
            "google_consent.html",
            fields={name: asked[name] for name in KEPT if name in asked},
            scopes=[(scope, WORDS.get(scope, scope)) for scope in wanted if scope not in ALWAYS],
            workspaces=self._accounts.world.workspaces,
            hint=asked.get("login_hint", "").lower(),
        )

    async def decide(self, request: web.Request) -> web.Response:
        """POST: back to the product, with a code or with `access_denied`."""
        form = await request.post()
        asked = {name: str(form[name]) for name in KEPT if name in form}
        error = self._error(asked)
        if error:
            return self._page("google_error.html", status=400, error=error)
        back = {"state": asked["state"]} if "state" in asked else {}
        person = self._accounts.world.person_by_email(str(form.get("account", "")))
        if form.get("decision") != "allow" or person is None:
            return _redirect(asked["redirect_uri"], {**back, "error": "access_denied"})
        ticked = {str(scope) for scope in form.getall("granted", [])}
        wanted = asked["scope"].split()
        scopes = frozenset(EXPANDED.get(s, s) for s in wanted if s in ALWAYS or s in ticked)
        code = self._code(asked, person.email, scopes)
        granted = {"code": code, "scope": " ".join(sorted(scopes)), "authuser": "0"}
        return _redirect(asked["redirect_uri"], {**back, **granted})

    def _code(self, asked: Mapping[str, str], email: str, scopes: frozenset[str]) -> str:
        """A single-use code. A refresh token comes with the first consent, or a forced one."""
        known = any(g.alive and g.email == email for g in self._accounts.grants)
        is_offline = asked.get("access_type") == "offline"
        forced = "consent" in asked.get("prompt", "").split()
        refresh = None
        if is_offline and (forced or not known):
            refresh = f"1//sandbox-{secrets.token_hex(16)}"
        grant = Grant(email, scopes, refresh)
        code = f"4/sandbox-{secrets.token_urlsafe(24)}"
        self._accounts.codes[code] = Code(
            grant=grant,
            redirect_uri=asked["redirect_uri"],
            challenge=asked.get("code_challenge"),
            expires=time.monotonic() + CODE_LIFE,
        )
        return code

    def _error(self, asked: Mapping[str, str]) -> str | None:
        """Google's error code for a bad authorization request; None when it is good."""
        if asked.get("client_id") != CLIENT[0]:
            return "invalid_client"
        if not _is_registered(asked.get("redirect_uri", "")):
            return "redirect_uri_mismatch"
        if asked.get("response_type") != "code":
            return "unsupported_response_type"
        scopes = asked.get("scope", "").split()
        if not scopes or not set(scopes) <= KNOWN_SCOPES:
            return "invalid_scope"
        return "invalid_request" if _is_malformed(asked) else None

    def _page(self, name: str, *, status: int = 200, **values: object) -> web.Response:
        text = self._pages.get_template(name).render(**values)
        return web.Response(text=text, content_type="text/html", status=status)


def _is_malformed(asked: Mapping[str, str]) -> bool:
    prompts = set(asked.get("prompt", "").split())
    if asked.get("access_type", "online") not in ("online", "offline"):
        return True
    if not prompts <= {"none", "consent", "select_account"}:
        return True
    challenge = asked.get("code_challenge")
    if challenge is None:
        return "code_challenge_method" in asked
    return asked.get("code_challenge_method") != "S256" or not 43 <= len(challenge) <= 128


def _is_registered(uri: str) -> bool:
    """The client of the sandbox has one callback path registered: on localhost, or over https."""
    parts = urlsplit(uri)
    if parts.fragment or parts.query or parts.path != CALLBACK:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)


def _redirect(uri: str, values: Mapping[str, str]) -> web.Response:
    return web.Response(status=302, headers={"Location": f"{uri}?{urlencode(values)}"})
