"""Answers given back where an interaction happened: response URLs and command replies."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from integrations.sandbox.slack.api.chat import redraw
from integrations.sandbox.slack.content import read_content
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.rooms import Post, Room
from integrations.sandbox.slack.state import SlackState
from integrations.sandbox.slack.tickets import Response

_KNOWN = frozenset(
    {
        "text",
        "blocks",
        "attachments",
        "response_type",
        "replace_original",
        "delete_original",
        "thread_ts",
        "unfurl_links",
        "unfurl_media",
        "mrkdwn",
        "metadata",
    }
)


class ResponseUrls:
    """Answers `/slack/response/{id}`: five posts within thirty minutes (contracts, C1)."""

    def __init__(self, slack: SlackState) -> None:
        self._slack = slack

    async def handle(self, request: web.Request) -> web.Response:
        """One post."""
        try:
            response = self._slack.tickets.use_response(request.match_info["id"])
        except SlackError as refusal:
            return _refused(refusal, 404)
        try:
            apply_response(self._slack, response, await _fields(request))
        except SlackError as refusal:
            return _refused(refusal, 400)
        return web.Response(text="ok")


def apply_response(slack: SlackState, response: Response, fields: Mapping[str, Any]) -> None:
    """Post, replace or delete. SlackError when the fields are not sound."""
    unknown = sorted(set(fields) - _KNOWN)
    if unknown or fields.get("response_type") not in (None, "ephemeral", "in_channel"):
        raise SlackError("invalid_payload", unknown=unknown)
    team = slack.teams[response.team]
    room = team.rooms.find(response.channel)
    if room is None:
        raise SlackError("channel_not_found")
    if fields.get("delete_original"):
        room.posts.remove(_original(room, response))
    elif fields.get("replace_original"):
        post, content = _original(room, response), read_content(fields)
        redraw(post, content.text, content.blocks, team.rooms.next_ts())
        post.attachments = content.attachments
    else:
        _post(slack, response, room, fields)
    slack.said(room)


def _post(slack: SlackState, response: Response, room: Room, fields: Mapping[str, Any]) -> None:
    team = slack.teams[response.team]
    content = read_content(fields)
    public = fields.get("response_type") == "in_channel"
    team.rooms.add(
        room,
        user=team.workspace.bot_user_id,
        by_app=True,
        only_for="" if public else response.user,
        text=content.text,
        blocks=content.blocks,
        attachments=content.attachments,
        metadata=content.metadata,
        thread_ts=str(fields.get("thread_ts") or ""),
    )


def _original(room: Room, response: Response) -> Post:
    # A slash command has no message of its own to be replaced or deleted.
    post = room.find(response.ts) if response.ts else None
    if post is None:
        raise SlackError("message_not_found")
    return post


async def _fields(request: web.Request) -> dict[str, Any]:
    raw: Any = await request.read()
    if request.content_type == "application/x-www-form-urlencoded":
        raw = (await request.post()).get("payload", "")
    try:
        fields = json.loads(raw)
    except ValueError as error:
        raise SlackError("invalid_payload") from error
    if not isinstance(fields, dict):
        raise SlackError("invalid_payload")
    return fields


def _refused(refusal: SlackError, status: int) -> web.Response:
    return web.json_response({"ok": False, "error": refusal.code, **refusal.extra}, status=status)
