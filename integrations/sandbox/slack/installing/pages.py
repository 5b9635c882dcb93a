"""Slack's consent page for an app, and the panel's own page where it is installed and removed.

Strict where Slack is: the client, the redirect URL and the scopes must be the manifest's.
"""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, select_autoescape

from integrations.sandbox.slack.gestures import places
from integrations.sandbox.slack.state import SlackState, Team

ASKED = ("client_id", "redirect_uri", "scope", "user_scope", "state", "team")
TEMPLATES = Path(__file__).parent / "templates"
WHOLE = ":whole"


class InstallPages:
    """Consent, and the list."""

    def __init__(self, slack: SlackState) -> None:
        self._slack = slack
        self._pages = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(default=True)
        )

    async def authorize(self, request: web.Request) -> web.Response:
        """GET: who is it, and into what may the app come?"""
        asked = {name: request.query[name] for name in ASKED if name in request.query}
        if error := self._error(asked):
            return self._page("install_error.html", status=400, error=error)
        teams = [t for t in self._slack.teams.values() if asked.get("team") in (None, "", t.id)]
        scopes = sorted(filter(None, asked.get("scope", "").split(",")))
        return self._page(
            "install_allow.html",
            asked=asked,
            teams=teams,
            scopes=scopes,
            organisations=self._slack.organisations,
        )

    async def decide(self, request: web.Request) -> web.Response:
        """POST: back with a code, or with `access_denied`."""
        form = await request.post()
        asked = {name: str(form[name]) for name in ASKED if name in form}
        if error := self._error(asked):
            return self._page("install_error.html", status=400, error=error)
        place, wholly, _ = str(form.get("person", "")).partition(WHOLE)
        team_id, _, user = place.partition(":")
        team = self._slack.teams.get(team_id)
        known = team is not None and team.person(user) is not None
        if form.get("decision") != "allow" or team is None or not known:
            return _back(asked, {"error": "access_denied"})
        whole = bool(wholly and team.organisation)
        code = self._slack.tickets.code(team.id, user, asked.get("redirect_uri", ""), whole=whole)
        return _back(asked, {"code": code})

    async def apps(self, _: web.Request) -> web.Response:
        """GET, the panel's: every workspace, whether the app is in it, and what can be done."""
        slack = self._slack
        rows = [(team, slack.grants.of(slack.key_of(team))) for team in slack.teams.values()]
        return self._page(
            "apps.html",
            rows=rows,
            organisations=slack.organisations,
            start=f"{slack.app.origin}/slack/install",
            rotates=slack.rules.rotate_tokens,
        )

    async def change(self, request: web.Request) -> web.Response:
        """POST, the panel's: remove the app, switch rotation, let tokens lapse."""
        form, slack = await request.post(), self._slack
        team = slack.teams.get(str(form.get("team", "")))
        if form.get("do") == "rotate":
            slack.rules.rotate_tokens = not slack.rules.rotate_tokens
        elif team is not None and team.installed:
            self._change(team, str(form.get("do")))
        return web.Response(status=303, headers={"Location": "/panel/apps"})

    def _change(self, team: Team, wish: str) -> None:
        if wish == "uninstall":
            places.uninstall(self._slack, team)
        elif wish == "lapse":
            self._slack.grants.expire(self._slack.key_of(team))

    def _error(self, asked: Mapping[str, str]) -> str:
        app, scopes = self._slack.app, set(filter(None, asked.get("scope", "").split(",")))
        if asked.get("client_id") != self._slack.world.client_id:
            return "invalid_client_id"
        if asked.get("redirect_uri") not in (None, "", *app.redirect_urls):
            return "bad_redirect_uri"
        if not scopes or not scopes <= app.scopes:
            return "invalid_scope"
        return ""

    def _page(self, name: str, *, status: int = 200, **shown: object) -> web.Response:
        text = self._pages.get_template(name).render(**shown)
        headers = {"Cache-Control": "no-store"}
        return web.Response(text=text, content_type="text/html", status=status, headers=headers)


def routes(slack: SlackState) -> list[web.AbstractRouteDef]:
    """Pages for people."""
    pages = InstallPages(slack)
    return [
        web.get("/slack/oauth/v2/authorize", pages.authorize),
        web.post("/slack/oauth/v2/authorize", pages.decide),
        web.get("/slack/app_redirect", _to_panel),
        web.get("/panel/apps", pages.apps),
        web.post("/panel/apps", pages.change),
    ]


async def _to_panel(request: web.Request) -> web.Response:
    """Where Slack's own clients open: here it is the panel."""
    team = request.query.get("team", "")
    return web.Response(status=302, headers={"Location": f"/#team={team}" if team else "/"})


def _back(asked: Mapping[str, str], told: Mapping[str, str]) -> web.Response:
    state = {"state": asked["state"]} if "state" in asked else {}
    where = f"{asked['redirect_uri']}?{urlencode({**told, **state})}"
    return web.Response(status=302, headers={"Location": where})
