"""The panel's Slack client: what it shows and what can be done in it."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from integrations.sandbox.slack.errors import Impossible
from integrations.sandbox.slack.panel.gestures import GESTURES, perform, upload
from integrations.sandbox.slack.panel.sight import client_json, messages_json, world_json
from integrations.sandbox.slack.state import SlackState

API = "/panel/api"
FRESH = {"Cache-Control": "no-store"}


def routes(slack: SlackState) -> list[web.AbstractRouteDef]:
    """World, client, conversations, uploads and gestures."""

    async def world(_: web.Request) -> web.Response:
        return web.json_response(world_json(slack))

    async def client(request: web.Request) -> web.Response:
        return _answer(lambda: _client(slack, request))

    async def messages(request: web.Request) -> web.Response:
        return _answer(lambda: _messages(slack, request))

    async def gesture(request: web.Request) -> web.Response:
        return await perform(request, slack)

    async def uploading(request: web.Request) -> web.Response:
        return await upload(request, slack)

    names = "|".join(GESTURES)
    return [
        web.get(f"{API}/world", world),
        web.get(f"{API}/client", client),
        web.get(f"{API}/messages", messages),
        web.post(f"{API}/upload", uploading),
        web.post(f"{API}/{{gesture:{names}}}", gesture),
    ]


def _client(slack: SlackState, request: web.Request) -> dict[str, Any]:
    team = slack.team(request.query.get("team", ""))
    return client_json(slack, team, team.member(request.query.get("user", "")).id)


def _messages(slack: SlackState, request: web.Request) -> dict[str, Any]:
    team = slack.team(request.query.get("team", ""))
    user = team.member(request.query.get("user", "")).id
    room = team.room(user, request.query.get("channel", ""))
    return messages_json(slack, team, user, room)


def _answer(read: Callable[[], dict[str, Any]]) -> web.Response:
    try:
        return web.json_response(read(), headers=FRESH)
    except Impossible as error:
        return web.json_response({"error": str(error)}, status=404)
