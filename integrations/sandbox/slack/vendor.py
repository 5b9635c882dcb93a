"""Slack as the sandbox knows it: the vendor whose client the panel plays."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from integrations.sandbox.kit.plugin import Json, Vendor
from integrations.sandbox.kit.stage import Stage
from integrations.sandbox.slack import downloads
from integrations.sandbox.slack.api.server import WebApi
from integrations.sandbox.slack.gestures import places
from integrations.sandbox.slack.installing.pages import routes as install_routes
from integrations.sandbox.slack.manifest import read_manifest
from integrations.sandbox.slack.openid.flow import routes as openid_routes
from integrations.sandbox.slack.panel import server as panel
from integrations.sandbox.slack.responses import ResponseUrls
from integrations.sandbox.slack.rules import Rules
from integrations.sandbox.slack.shape import Workspace
from integrations.sandbox.slack.state import SlackState
from integrations.sandbox.slack.visitor import Visitor


class Slack(SlackState, Vendor):
    """The imitated Slack with its people."""

    name = "slack"
    place = 90
    color = "#2f8f74"
    open_headers = frozenset(
        {"x-slack-request-timestamp", "x-slack-retry-num", "x-slack-retry-reason"}
    )
    secret_fields = frozenset({"authed_user_token", "bot_token"})

    def person(self, team_id: str, user_id: str) -> Visitor:
        """Somebody at a client. Impossible when there is no such person."""
        return Visitor(self, team_id, user_id)

    def uninstall(self, team_id: str) -> None:
        """Remove the app from a workspace and tell it so."""
        places.uninstall(self, self.team(team_id))

    def install_code(self, team_id: str, user_id: str, redirect_uri: str = "") -> str:
        """The code a consent page would hand out for oauth.v2.access."""
        return places.install_code(self, self.team(team_id), user_id, redirect_uri)

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Web API, response URLs, uploaded files, Socket Mode, and the client in the panel."""
        api, responses = WebApi(self), ResponseUrls(self)

        async def socket(request: web.Request) -> web.WebSocketResponse:
            return await self.delivery.sockets.serve(request, enabled=self.delivery.socket_mode)

        # Named vendor:operation, so that the sandbox's middleware journals and spoils them; the
        # operation of the Web API is its {method}. A socket is not one request and stays unnamed.
        return [
            *openid_routes(self),
            *install_routes(self),
            web.route("*", "/slack/api/{method}", api.handle, name="slack:api"),
            web.post("/slack/response/{id}", responses.handle, name="slack:response"),
            web.get("/slack/socket/{ticket}", socket),
            *downloads.routes(self),
            *panel.routes(self),
        ]

    def environment(self, origin: str) -> Mapping[str, str]:
        """The app's credentials and the ops channel of the first workspace."""
        world, home = self.world, self.world.workspaces[0]
        return {
            "SLACK_BOT_TOKEN": home.bot_token,
            "SLACK_APP_TOKEN": home.app_token,
            "SLACK_SIGNING_SECRET": world.signing_secret,
            "SLACK_CLIENT_ID": world.client_id,
            "SLACK_CLIENT_SECRET": world.client_secret,
            "SLACK_API_URL": f"{origin}/slack/api/",
            "SLACK_URL": f"{origin}/slack",
            "SLACK_OPS_TEAM_ID": home.id,
            "SLACK_OPS_CHANNEL_ID": next((c.id for c in home.channels if c.is_ops), ""),
            "SLACK_OPS_ADMINS": ",".join(p.id for p in home.people if p.is_ops_admin),
        }

    def seed(self) -> Mapping[str, object]:
        """The other workspaces have installed the app."""
        others = [one for one in self.world.workspaces[1:] if one.installed]
        return {"installations": [self._installation(workspace) for workspace in others]}

    def error_body(self, status: int, code: str | None, message: str) -> Json:
        """A refusal says ok false."""
        return {"ok": False, "error": code or ("ratelimited" if status == 429 else "fatal_error")}

    def _installation(self, workspace: Workspace) -> Mapping[str, object]:
        return {
            "team_id": workspace.id,
            "team_name": workspace.name,
            "bot_token": workspace.bot_token,
            "bot_id": workspace.bot_id,
            "bot_user_id": workspace.bot_user_id,
            "app_id": self.world.app_id,
            "scopes": sorted(self.team(workspace.id).scopes),
        }


def vendors(stage: Stage) -> Sequence[Vendor]:
    """One app in every workspace of the cast. ManifestError when its manifest is not sound."""
    app = read_manifest(stage.options.manifest, stage.options.app_url)
    rules = Rules(socket_mode=True) if stage.options.socket else None
    return [Slack(stage.world, app, stage.journal, changes=stage.changes, rules=rules)]
