"""Slack on localhost: a strict imitation of its wire, built from the contract.

slack = build(world, journal, manifest=Path("manifest.yml"), app_url="http://127.0.0.1:3000")
app.router.add_routes(routes(slack))
slack.base_url = "http://127.0.0.1:4000"     # where the sandbox itself can be reached
ada = slack.person("T0HOME", "U0ADA")
await ada.command("/followup acme")
await slack.close()
"""

from pathlib import Path

from aiohttp import web

from integrations.sandbox.kit.changes import Changes
from integrations.sandbox.slack import downloads
from integrations.sandbox.slack.api.server import WebApi
from integrations.sandbox.slack.gestures import places
from integrations.sandbox.slack.manifest import read_manifest
from integrations.sandbox.slack.responses import ResponseUrls
from integrations.sandbox.slack.rules import Rules
from integrations.sandbox.slack.shape import Journal, World
from integrations.sandbox.slack.state import SlackState
from integrations.sandbox.slack.visitor import Visitor


class Slack(SlackState):
    """The imitated Slack with its people."""

    def person(self, team_id: str, user_id: str) -> Visitor:
        """Somebody at a client. Impossible when there is no such person."""
        return Visitor(self, team_id, user_id)

    def uninstall(self, team_id: str) -> None:
        """Remove the app from a workspace and tell it so."""
        places.uninstall(self, self.team(team_id))

    def install_code(self, team_id: str, user_id: str, redirect_uri: str = "") -> str:
        """The code a consent page would hand out for oauth.v2.access."""
        return places.install_code(self, self.team(team_id), user_id, redirect_uri)


def build(
    world: World,
    journal: Journal,
    *,
    manifest: Path,
    app_url: str,
    changes: Changes | None = None,
    rules: Rules | None = None,
) -> Slack:
    """The imitated Slack for one app. ManifestError when its manifest is not sound."""
    app = read_manifest(manifest, app_url)
    return Slack(world, app, journal, changes=changes, rules=rules)


def routes(slack: Slack) -> list[web.RouteDef]:
    """Web API, response URLs, uploaded files and Socket Mode."""
    api, responses = WebApi(slack), ResponseUrls(slack)

    async def socket(request: web.Request) -> web.WebSocketResponse:
        return await slack.delivery.sockets.serve(request, enabled=slack.delivery.socket_mode)

    # Named vendor:operation, so that the sandbox's middleware journals and spoils them; the
    # operation of the Web API is its {method}. A socket is not one request and stays unnamed.
    return [
        web.route("*", "/slack/api/{method}", api.handle, name="slack:api"),
        web.post("/slack/response/{id}", responses.handle, name="slack:response"),
        web.get("/slack/socket/{ticket}", socket),
        *downloads.routes(slack),
    ]
