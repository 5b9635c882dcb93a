"""What the panel shows of Slack, as JSON: the world, one person's client, one conversation."""

from typing import Any

from integrations.sandbox.slack.payloads import post_values
from integrations.sandbox.slack.rooms import Post, Room
from integrations.sandbox.slack.state import SlackState, Team

Json = dict[str, Any]


def world_json(slack: SlackState) -> Json:
    """Workspaces, people, channels and what the app offers."""
    return {
        "workspaces": [_workspace(team) for team in slack.teams.values()],
        "app": {
            "id": slack.world.app_id,
            "name": app_name(slack),
            "bot_user_id": next(iter(slack.teams.values())).workspace.bot_user_id,
            "commands": [
                {
                    "command": command.command,
                    "description": command.description,
                    "usage_hint": command.usage_hint,
                }
                for command in slack.app.commands
            ],
            "shortcuts": [
                {
                    "name": shortcut.name,
                    "type": shortcut.kind,
                    "callback_id": shortcut.callback_id,
                    "description": shortcut.description,
                }
                for shortcut in slack.app.shortcuts
            ],
            "messages_read_only": slack.app.messages_read_only,
        },
        "credits": list(slack.world.credits),
        "began": slack.world.started_at.isoformat(),
    }


def app_name(slack: SlackState) -> str:
    """What people call the app."""
    return slack.app.bot_name or slack.app.name


def client_json(slack: SlackState, team: Team, user: str) -> Json:
    """One person's conversations, home tab and open modals."""
    app_im = team.rooms.im(user)
    views, home = team.views, team.views.home(user)
    return {
        "conversations": [_conversation(slack, room, user) for room in team.rooms.of(user)],
        "home": views.as_json(home, with_values=True) if home else None,
        "modals": [views.as_json(view, with_values=True) for view in views.stack(user)],
        "app_im": app_im.id,
        "installed": team.installed,
    }


def messages_json(slack: SlackState, team: Team, user: str, room: Room) -> Json:
    """A conversation as this person sees it; looking at it makes it read."""
    posts = room.seen_by(user)
    if posts:
        room.read[user] = posts[-1].ts
    names = {person.id: person.real_name for person in team.workspace.people}
    names[team.workspace.bot_user_id] = app_name(slack)
    return {"messages": [_message(team, post, user, names) for post in posts]}


def _workspace(team: Team) -> Json:
    workspace = team.workspace
    return {
        "id": workspace.id,
        "name": workspace.name,
        "domain": workspace.domain,
        "bot_user_id": workspace.bot_user_id,
        "people": [
            {
                "id": person.id,
                "name": person.name,
                "real_name": person.real_name,
                "title": person.title,
                "locale": person.locale,
                "tz": person.tz,
                "is_ops_admin": person.is_ops_admin,
                "color": person.color,
            }
            for person in workspace.people
        ],
        "channels": [
            {
                "id": channel.id,
                "name": channel.name,
                "is_private": channel.is_private,
                "is_ops": channel.is_ops,
            }
            for channel in workspace.channels
        ],
    }


def _conversation(slack: SlackState, room: Room, user: str) -> Json:
    return {
        "id": room.id,
        "kind": "app" if room.is_im else "channel",
        "name": app_name(slack) if room.is_im else room.name,
        "is_private": room.is_private,
        "unread": room.unread(user),
        "members": sorted(room.members),
    }


def _message(team: Team, post: Post, user: str, names: dict[str, str]) -> Json:
    return {
        "ts": post.ts,
        "user": post.user,
        "bot": post.by_app,
        "name": names.get(post.user, ""),
        "text": post.text,
        "blocks": post.blocks,
        "attachments": post.attachments,
        "files": [team.uploads.shown(one) for one in post.files],
        "ephemeral": bool(post.only_for),
        "edited": bool(post.edited),
        "thread_ts": post.thread_ts,
        "state": {"values": post_values(post, user)},
    }
