"""What a person does in the panel, turned into gestures of the imitated Slack."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from integrations.sandbox.slack.blockkit.values import Values, possible_values
from integrations.sandbox.slack.errors import Impossible
from integrations.sandbox.slack.gestures import clicks, modals, places, speech
from integrations.sandbox.slack.gestures.surface import Surface, find_surface
from integrations.sandbox.slack.state import SlackState, Team

Json = dict[str, Any]


class Gesture:
    """A panel request: who does it, and its other fields."""

    def __init__(self, slack: SlackState, fields: Mapping[str, Any]) -> None:
        self.slack = slack
        self.fields = fields
        self.team: Team = slack.team(self.word("team"))
        self.user = self.team.member(self.word("user")).id

    def word(self, name: str) -> str:
        """A field of text that must be there. Impossible."""
        value = self.fields.get(name)
        if not isinstance(value, str) or not value:
            raise Impossible(f"the request lacks {name!r}")
        return value

    @property
    def where(self) -> tuple[str, str]:
        """(block_id, action_id)."""
        return self.word("block_id"), self.word("action_id")

    def surface(self) -> Surface:
        """The view or message the request is about."""
        container = self.fields.get("container")
        if container is None:
            container = {"type": "view", "view_id": self.word("view_id")}
        return find_surface(self.team, self.user, container)

    def state(self, surface: Surface) -> Values:
        """What the page says stands in the inputs.

        What does not fit is left out: the app may have redrawn the view while the page was
        sending.
        """
        return possible_values(surface.blocks, self.fields.get("state") or {})


async def command(gesture: Gesture) -> Json:
    """A slash command."""
    outcome = await speech.command(
        gesture.slack, gesture.team, gesture.user, gesture.word("channel"), gesture.word("text")
    )
    return outcome.as_json()


async def message(gesture: Gesture) -> Json:
    """An ordinary message."""
    files = tuple(map(str, gesture.fields.get("files") or ()))
    text = str(gesture.fields.get("text") or "") if files else gesture.word("text")
    channel = gesture.word("channel")
    speech.say(gesture.slack, gesture.team, gesture.user, channel, text, files)
    return {"ok": True}


async def action(gesture: Gesture) -> Json:
    """A click or a choice."""
    surface = gesture.surface()
    chosen, state = gesture.fields.get("element") or {}, gesture.state(surface)
    outcome = await clicks.act(gesture.slack, surface, gesture.where, chosen, state)
    return outcome.as_json()


async def options(gesture: Gesture) -> Json:
    """What an external menu offers."""
    typed = str(gesture.fields.get("value") or "")
    return await clicks.suggest(gesture.slack, gesture.surface(), gesture.where, typed)


async def submit(gesture: Gesture) -> Json:
    """The submit button of a modal."""
    surface = gesture.surface()
    outcome = await modals.submit(gesture.slack, surface, gesture.state(surface))
    return outcome.as_json()


async def close(gesture: Gesture) -> Json:
    """Closing a modal, or all of them."""
    everything = bool(gesture.fields.get("all"))
    outcome = await modals.close(gesture.slack, gesture.surface(), everything=everything)
    return outcome.as_json()


async def shortcut(gesture: Gesture) -> Json:
    """A global or message shortcut."""
    on_message = (gesture.word("channel"), gesture.word("ts")) if gesture.fields.get("ts") else None
    callback_id = gesture.word("callback_id")
    outcome = await places.shortcut(
        gesture.slack, gesture.team, gesture.user, callback_id, on_message
    )
    return outcome.as_json()


async def home(gesture: Gesture) -> Json:
    """Opening a tab of the app."""
    places.visit_app(gesture.slack, gesture.team, gesture.user, gesture.word("tab"))
    return {"ok": True}


GESTURES: dict[str, Callable[[Gesture], Awaitable[Json]]] = {
    "command": command,
    "message": message,
    "action": action,
    "options": options,
    "submit": submit,
    "close": close,
    "shortcut": shortcut,
    "home": home,
}


async def perform(request: web.Request, slack: SlackState) -> web.Response:
    """Any gesture: 400 for an unreadable request, 409 for what no client would let one do."""
    slack.base_url = slack.base_url or str(request.url.origin())
    try:
        fields = json.loads(await request.read())
    except ValueError:
        return web.json_response({"ok": False, "error": "no JSON"}, status=400)
    try:
        gesture = Gesture(slack, fields)
        return web.json_response(await GESTURES[request.match_info["gesture"]](gesture))
    except Impossible as error:
        return web.json_response({"ok": False, "error": str(error)}, status=409)


async def upload(request: web.Request, slack: SlackState) -> web.Response:
    """A file chosen in the panel: the body is the file, the query says whose it is and its name."""
    slack.base_url = slack.base_url or str(request.url.origin())
    name = request.query.get("name", "")
    try:
        gesture = Gesture(slack, dict(request.query))
        kept = gesture.team.uploads.add(
            gesture.user, gesture.word("name"), await request.read(), slack.base_url
        )
    except Impossible as error:
        return web.json_response({"ok": False, "error": str(error)}, status=409)
    except web.HTTPRequestEntityTooLarge:
        return web.json_response({"ok": False, "error": f"{name} is too large"}, status=409)
    return web.json_response({"ok": True, "file": kept.as_json()})
