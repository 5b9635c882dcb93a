"""The panel's page and its API, except for the outside world, journal and faults (panel_data)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from integrations.sandbox.panel.events import stream_changes
from integrations.sandbox.slack import Slack
from integrations.sandbox.slack.errors import Impossible
from integrations.sandbox.slack.panel.gestures import GESTURES, perform, upload
from integrations.sandbox.slack.panel.sight import client_json, messages_json, world_json

STATIC = Path(__file__).parent / "static"
FRESH = {"Cache-Control": "no-store"}


def routes(slack: Slack) -> list[web.AbstractRouteDef]:
    """The page, its files, what it shows and what can be done in it."""

    async def page(_: web.Request) -> web.FileResponse:
        return web.FileResponse(STATIC / "index.html", headers=FRESH)

    async def world(_: web.Request) -> web.Response:
        return web.json_response(world_json(slack))

    async def client(request: web.Request) -> web.Response:
        return _answer(lambda: _client(slack, request))

    async def messages(request: web.Request) -> web.Response:
        return _answer(lambda: _messages(slack, request))

    async def events(request: web.Request) -> web.StreamResponse:
        return await stream_changes(request, slack)

    async def gesture(request: web.Request) -> web.Response:
        return await perform(request, slack)

    async def uploading(request: web.Request) -> web.Response:
        return await upload(request, slack)

    names = "|".join(GESTURES)
    return [
        web.get("/", page),
        web.static("/panel/static", STATIC),
        web.get("/panel/api/world", world),
        web.get("/panel/api/client", client),
        web.get("/panel/api/messages", messages),
        web.get("/panel/api/events", events),
        web.post("/panel/api/upload", uploading),
        web.post(f"/panel/api/{{gesture:{names}}}", gesture),
    ]


def _client(slack: Slack, request: web.Request) -> dict[str, Any]:
    team = slack.team(request.query.get("team", ""))
    return client_json(slack, team, team.member(request.query.get("user", "")).id)


def _messages(slack: Slack, request: web.Request) -> dict[str, Any]:
    team = slack.team(request.query.get("team", ""))
    user = team.member(request.query.get("user", "")).id
    room = team.room(user, request.query.get("channel", ""))
    return messages_json(slack, team, user, room)


def _answer(read: Callable[[], dict[str, Any]]) -> web.Response:
    try:
        return web.json_response(read(), headers=FRESH)
    except Impossible as error:
        return web.json_response({"error": str(error)}, status=404)
