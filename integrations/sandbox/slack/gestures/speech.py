"""Typing into the message box: slash commands and messages."""

import re

from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.content import Content, read_content
from integrations.sandbox.slack.deliver_http import Answer
from integrations.sandbox.slack.errors import Impossible, SlackError
from integrations.sandbox.slack.gestures.surface import Outcome, outcome_of
from integrations.sandbox.slack.manifest import SlashCommand
from integrations.sandbox.slack.payloads import TOKEN
from integrations.sandbox.slack.responses import apply_response
from integrations.sandbox.slack.rooms import Room
from integrations.sandbox.slack.shape import Person
from integrations.sandbox.slack.state import SlackState, Team
from integrations.sandbox.slack.tickets import Response


async def command(slack: SlackState, team: Team, user: str, channel: str, text: str) -> Outcome:
    """A slash command with its words; a reply in the acknowledgement is shown at once."""
    person, room = team.member(user), team.room(user, channel)
    if text.strip().lower() == f"/invite @{slack.app.bot_name}".lower():
        # Slack's own: it never reaches the app.
        room.members.add(team.workspace.bot_user_id)
        slack.said(room)
        return Outcome(True)
    known = slack.app.command(text.strip().partition(" ")[0])
    if known is None:
        return Outcome(False, error="unknown_command")
    if not team.installed:
        return Outcome(False, error="dispatch_failed")
    answer = await slack.delivery.command(known, _form(slack, team, person, room, text))
    if answer.error:
        return outcome_of(answer)
    return _show_reply(slack, Response(team.id, user, room.id, 0.0), answer, known)


def say(
    slack: SlackState, team: Team, user: str, channel: str, text: str, files: tuple[str, ...] = ()
) -> None:
    """An ordinary message with the ids of uploads; the app hears of it when it subscribed."""
    team.member(user)
    room = team.room(user, channel)
    if room.is_im and slack.app.messages_read_only:
        raise Impossible("sending messages to this app has been turned off")
    escaped = _escaped(text)
    content = Content("") if files and not text else read_content({"text": escaped})
    for one in files:
        team.uploads.post(team.uploads.owned(user, one).id, room.id)
    post = team.rooms.add(room, user=user, text=content.text, files=files)
    slack.said(room)
    kind = "im" if room.is_im else "group" if room.is_private else "channel"
    if team.installed and team.workspace.bot_user_id in room.members:
        event: Json = {
            "type": "message",
            "channel": room.id,
            "channel_type": kind,
            "user": user,
            "team": team.id,
            "text": escaped,
            "ts": post.ts,
            "event_ts": post.ts,
        }
        if files:
            event["subtype"] = "file_share"
            event["files"] = [team.uploads.shown(one) for one in files]
        slack.events.publish(team.sender, event)


def _form(slack: SlackState, team: Team, person: Person, room: Room, text: str) -> dict[str, str]:
    name, _, words = text.strip().partition(" ")
    known = slack.app.command(name)
    escape = known is not None and known.should_escape
    # Fields as in contracts, C9; the enterprise ones are absent outside Enterprise Grid.
    return {
        "token": TOKEN,
        "team_id": team.id,
        "team_domain": team.workspace.domain,
        "channel_id": room.id,
        "channel_name": room.slack_name,
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": _mentions(team, words.strip()) if escape else _escaped(words.strip()),
        "api_app_id": team.app_id,
        "is_enterprise_install": str(team.whole).lower(),
        **({"enterprise_id": team.organisation} if team.organisation else {}),
        "response_url": slack.response_url(team.id, person.id, room.id),
        "trigger_id": slack.tickets.trigger(team.id, person.id, room.id),
    }


def _show_reply(slack: SlackState, to: Response, answer: Answer, known: SlashCommand) -> Outcome:
    body = answer.json()
    if body is None or (body and answer.content_type != "application/json"):
        body = {"text": answer.body.decode(errors="replace")}
    if not body:
        return outcome_of(answer)
    try:
        apply_response(slack, to, body)
    except SlackError as refusal:
        slack.delivery.misused(known.command, refusal.code, body)
        return Outcome(False, answer.ms, refusal.code)
    return outcome_of(answer)


def _mentions(team: Team, words: str) -> str:
    """What should_escape does: people, channels and links become their ids (contracts, C9)."""
    people = {person.name: person.id for person in team.workspace.people}
    rooms = {channel.name: channel for channel in team.workspace.channels}

    def link(found: re.Match[str]) -> str:
        mark, name = found[0][0], found[0][1:]
        if mark == "@" and name in people:
            return f"<@{people[name]}>"
        if mark == "#" and name in rooms:
            shown = "" if rooms[name].is_private else name
            return f"<#{rooms[name].id}|{shown}>"
        return found[0]

    linked = re.sub(r"(?<!\S)https?://\S+", lambda found: f"<{found[0]}>", _escaped(words))
    return re.sub(r"(?<![\w<@#])[@#][\w.-]+", link, linked)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
