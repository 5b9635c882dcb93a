"""The door of the Web API: token, scopes and rate first, then the method."""

from aiohttp import web

from integrations.sandbox.slack.api import apps, chat, modals, oauth, people, uploads
from integrations.sandbox.slack.api.call import (
    Call,
    Method,
    bearer,
    client_credentials,
    read_arguments,
)
from integrations.sandbox.slack.api.limits import Limits
from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.state import SlackState, Team

METHODS: dict[str, Method] = {
    **apps.METHODS,
    **chat.METHODS,
    **modals.METHODS,
    **people.METHODS,
    **uploads.METHODS,
}


class WebApi:
    """Answers `/slack/api/{method}`; refusals come with status 200, as Slack's do."""

    def __init__(self, slack: SlackState) -> None:
        self._slack = slack
        self._limits = Limits(slack.rules)

    async def handle(self, request: web.Request) -> web.Response:
        """One call."""
        self._slack.base_url = self._slack.base_url or str(request.url.origin())
        name = request.match_info["method"]
        headers: dict[str, str] = {}
        try:
            arguments = await read_arguments(request)
            if name == "oauth.v2.access":
                body = oauth.access(self._slack, client_credentials(request, arguments), arguments)
            else:
                body = self._call(name, bearer(request, arguments), arguments, headers)
        except SlackError as refusal:
            return _refused(refusal, headers)
        return web.json_response({"ok": True, **body}, headers=headers)

    def _call(self, name: str, token: str, arguments: Json, headers: dict[str, str]) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        team = self._team(method, token, str(arguments.get("team_id") or ""))
        headers["X-OAuth-Scopes"] = ",".join(sorted(team.scopes))
        headers["X-Accepted-OAuth-Scopes"] = ",".join(method.scopes)
        lacking = [scope for scope in method.scopes if scope not in team.scopes]
        call = Call(self._slack, team, arguments)
        if lacking:
            needed, provided = ",".join(lacking), people.provided(call)
            raise SlackError("missing_scope", needed=needed, provided=provided)
        self._limits.count(team.id, name, method.tier, call.text("channel"))
        return method.handler(call)

    def _team(self, method: Method, token: str, wanted: str) -> Team:
        """The workspace a token speaks in; an organisation's in the one it names, or its first."""
        teams = self._slack.teams.values()
        if method.token == "none":  # noqa: S105 - the kind of token
            return next(iter(teams))
        if not token:
            raise SlackError("not_authed")
        if any(token == team.workspace.app_token for team in teams):
            if method.token != "app":  # noqa: S105 - the kind
                raise SlackError("not_allowed_token_type")
            return next(iter(teams))
        key = self._slack.grants.judge(token)
        if key is None:
            raise SlackError("invalid_auth")
        if method.token == "app":  # noqa: S105 - the kind
            raise SlackError("not_allowed_token_type")
        served = self._slack.served_by(key)
        return next((team for team in served if team.id == wanted), served[0])


def _refused(refusal: SlackError, headers: dict[str, str]) -> web.Response:
    extra = dict(refusal.extra)
    status = 200
    if refusal.code == "ratelimited":
        headers["Retry-After"] = str(extra.pop("retry_after"))
        status = 429
    body = {"ok": False, "error": refusal.code, **extra}
    return web.json_response(body, status=status, headers=headers)
