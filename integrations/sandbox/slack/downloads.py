"""Where uploaded files are fetched: with the bot's token, else a sign-in page, as Slack does."""

from aiohttp import web

from integrations.sandbox.slack.api.call import bearer
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.files import PATH, Upload
from integrations.sandbox.slack.state import SlackState, Team

SCOPE = "files:read"
SIGN_IN = "/slack/signin"
SIGN_IN_PAGE = "<!doctype html><title>Sign in | Slack</title><p>Sign in to see this file.</p>"


class Downloads:
    """The handlers. Without a token or its scope the answer is a redirect to HTML, never a 401."""

    def __init__(self, slack: SlackState) -> None:
        self._slack = slack

    async def file(self, request: web.Request) -> web.Response:
        """GET url_private or url_private_download."""
        team_id, _, file_id = request.match_info["key"].partition("-")
        team = self._slack.teams.get(team_id)
        upload = team.uploads.find(file_id) if team is not None else None
        if team is None or not _may_read(self._slack, team, bearer(request, {})):
            raise web.HTTPFound(f"{SIGN_IN}?redir={request.path}")
        unseen = team.uploads.deleted(file_id) or not team.file_seen_by_app(file_id)
        if upload is None or unseen or upload.name.lower() != request.match_info["name"]:
            raise web.HTTPNotFound(text="<!doctype html><p>Not found.</p>")
        return _sent(upload, as_download="download" in request.path)

    async def sign_in(self, _: web.Request) -> web.Response:
        """GET the page on which a person without a session ends."""
        return web.Response(text=SIGN_IN_PAGE, content_type="text/html")


def routes(slack: SlackState) -> list[web.RouteDef]:
    """Files and the sign-in page."""
    downloads = Downloads(slack)
    return [
        web.get(f"{PATH}/{{key}}/{{name}}", downloads.file, name="slack:files.private"),
        web.get(f"{PATH}/{{key}}/download/{{name}}", downloads.file, name="slack:files.download"),
        web.get(SIGN_IN, downloads.sign_in),
    ]


def _may_read(slack: SlackState, team: Team, token: str) -> bool:
    try:
        key = slack.grants.judge(token)
    except SlackError:
        return False
    return key == slack.key_of(team) and SCOPE in team.scopes


def _sent(upload: Upload, *, as_download: bool) -> web.Response:
    headers = {"Content-Disposition": "attachment"} if as_download else {}
    return web.Response(body=upload.content, content_type=upload.mimetype, headers=headers)
