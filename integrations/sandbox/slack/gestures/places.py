"""Going somewhere: the app's home and messages, its shortcuts, installing and leaving."""

import time
from typing import Any

from integrations.sandbox.slack.errors import Impossible
from integrations.sandbox.slack.gestures.surface import Outcome, outcome_of
from integrations.sandbox.slack.payloads import interaction, message_json
from integrations.sandbox.slack.state import SlackState, Team

TABS = ("home", "messages", "about")


def visit_app(slack: SlackState, team: Team, user: str, tab: str) -> None:
    """Open a tab of the app: the app hears app_home_opened, not for the about tab."""
    person = team.member(user)
    if tab not in TABS:
        raise Impossible(f"the app has no tab {tab!r}")
    room = team.rooms.im(person.id)
    slack.changes.announce("client")
    shown = {"home": slack.app.home_tab, "messages": slack.app.messages_tab, "about": False}
    if not shown[tab] or not team.installed:
        return
    event: dict[str, Any] = {
        "type": "app_home_opened",
        "user": person.id,
        "channel": room.id,
        "tab": tab,
        "event_ts": f"{time.time():.6f}",
    }
    home = team.views.home(person.id)
    if home is not None and tab == "home":
        event["view"] = team.views.as_json(home, with_values=True)
    slack.events.publish(team.sender, event)


async def shortcut(
    slack: SlackState, team: Team, user: str, callback_id: str, message: tuple[str, str] | None
) -> Outcome:
    """Use a shortcut; a message shortcut on `message`, that is (channel, ts)."""
    person = team.member(user)
    known = slack.app.shortcut(callback_id)
    if known is None or (known.kind == "message") != (message is not None):
        raise Impossible(f"the app has no such shortcut: {callback_id}")
    kind = "shortcut" if message is None else "message_action"
    payload = {
        **interaction(team, person, kind),
        "callback_id": callback_id,
        "action_ts": f"{time.time():.6f}",
        "trigger_id": slack.tickets.trigger(team.id, user, message[0] if message else ""),
    }
    if message is not None:
        channel, ts = message
        room, post = team.room(user, channel), team.post(user, channel, ts)
        payload["channel"] = {"id": room.id, "name": room.slack_name}
        payload["message_ts"] = ts
        payload["message"] = message_json(team, post)
        payload["response_url"] = slack.response_url(team.id, user, channel, ts)
    return outcome_of(await slack.delivery.interaction(payload))


def uninstall(slack: SlackState, team: Team) -> None:
    """Remove the app from a workspace, or its organisation: tokens die, then the app is told."""
    sender, key = team.sender, slack.key_of(team)
    slack.grants.revoke(key)
    for one in slack.served_by(key):
        one.installed = one.whole = False
    ts = f"{time.time():.6f}"
    tokens = {"oauth": [], "bot": [team.workspace.bot_user_id]}
    slack.events.publish(sender, {"type": "tokens_revoked", "tokens": tokens, "event_ts": ts})
    slack.events.publish(sender, {"type": "app_uninstalled", "event_ts": ts})
    slack.changes.announce("client")


def install_code(slack: SlackState, team: Team, user: str, redirect_uri: str) -> str:
    """The code which Slack's consent page sends the person back with."""
    person = team.member(user)
    if redirect_uri and not redirect_uri.startswith(slack.app.redirect_urls):
        raise Impossible(f"{redirect_uri} does not match a redirect URL of the manifest")
    return slack.tickets.code(team.id, person.id, redirect_uri)
