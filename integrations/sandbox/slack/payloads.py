"""The bodies Slack sends to the app, field by field as its payload references show them."""

import time
from typing import Any

from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.blockkit.values import Values, initial_values, value_name
from integrations.sandbox.slack.rooms import Post, Room
from integrations.sandbox.slack.shape import Person
from integrations.sandbox.slack.state import Team
from integrations.sandbox.slack.views import View

TOKEN = "deprecated"  # noqa: S105 - the verification token, which nobody may rely on


def user_json(team: Team, person: Person) -> Json:
    """The `user` of an interaction."""
    return {
        "id": person.id,
        "username": person.name,
        "name": person.name,
        "team_id": team.id,
    }


def interaction(team: Team, person: Person, kind: str) -> Json:
    """What all interactions have in common."""
    return {
        "type": kind,
        "team": {"id": team.id, "domain": team.workspace.domain},
        "user": user_json(team, person),
        "api_app_id": team.app_id,
        "token": TOKEN,
        "enterprise": team.enterprise,
        "is_enterprise_install": team.whole,
    }


def view_part(team: Team, view: View) -> Json:
    """Container and view of an interaction inside a view."""
    return {
        "container": {"type": "view", "view_id": view.id},
        "view": team.views.as_json(view, with_values=True),
    }


def message_part(team: Team, room: Room, post: Post, user: str) -> Json:
    """Container, channel, state and message of an interaction on a message.

    An ephemeral message itself is left out: Slack does not keep it.
    """
    part: Json = {
        "container": {
            "type": "message",
            "message_ts": post.ts,
            "channel_id": room.id,
            "is_ephemeral": bool(post.only_for),
        },
        "channel": {"id": room.id, "name": room.slack_name},
        "state": {"values": post_values(post, user)},
    }
    if not post.only_for:
        part["message"] = message_json(team, post)
    return part


def post_values(post: Post, user: str) -> Values:
    """What this person has chosen in a message's elements."""
    return post.chosen.get(user) or initial_values(post.blocks)


def message_json(team: Team, post: Post) -> Json:
    """A message as the Web API and interactions give it."""
    workspace = team.workspace
    message: Json = {
        "type": "message",
        "user": post.user,
        "ts": post.ts,
        "text": post.text,
        "team": team.id,
        "blocks": post.blocks,
    }
    if post.by_app:
        message["bot_id"] = workspace.bot_id
        message["app_id"] = team.app_id
        message["bot_profile"] = {
            "id": workspace.bot_id,
            "app_id": team.app_id,
            "team_id": team.id,
            "deleted": False,
        }
    if post.attachments:
        message["attachments"] = post.attachments
    if post.files:
        message["files"] = [team.uploads.shown(one) for one in post.files]
        message["upload"] = False
    if post.thread_ts:
        message["thread_ts"] = post.thread_ts
    if post.edited:
        message["edited"] = {"user": post.user, "ts": post.edited}
    return message


def action_json(block: Json, element: Json, chosen: Json) -> Json:
    """The one entry of `actions`; `chosen` is the element's state, or the overflow's option."""
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": f"{time.time():.6f}",
    }
    for name in ("text", "value", "style", "placeholder", "url"):
        if name in element and element["type"] in ("button", "icon_button"):
            action[name] = element[name]
    if "placeholder" in element:
        action["placeholder"] = element["placeholder"]
    action.update(_chosen(element, chosen))
    return action


def _chosen(element: Json, chosen: Json) -> dict[str, Any]:
    kind = element["type"]
    if kind == "overflow":
        return {"selected_option": chosen["selected_option"]}
    if kind == "feedback_buttons":
        return {"text": chosen["text"], "value": chosen["value"]}
    name = value_name(kind)
    if not name:
        return {}
    result = {name: chosen.get(name)}
    initial = {key: value for key, value in element.items() if key.startswith("initial_")}
    return {**initial, **result}
