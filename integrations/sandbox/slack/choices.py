"""From what a person says they choose to the state Slack's client would send."""

from collections.abc import Callable, Sequence

from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.blockkit.objects import offered_options
from integrations.sandbox.slack.blockkit.values import value_name
from integrations.sandbox.slack.errors import Impossible
from integrations.sandbox.slack.state import Team


def chosen_state(
    team: Team, element: Json, choices: Sequence[str], options: Sequence[Json]
) -> Json:
    """The element's new state for choices given by value, text, name or id.

    `options` are those an external menu was offered; other menus bring their own.
    """
    kind = element["type"]
    if kind == "feedback_buttons":
        return {"value": _feedback(element, choices[0])}
    name = "selected_option" if kind == "overflow" else value_name(kind)
    own = list(options) or offered_options(element)
    pick: dict[str, Callable[[str], object]] = {
        "selected_option": lambda choice: _option(own, choice),
        "selected_user": lambda choice: _person(team, choice),
        "selected_channel": lambda choice: _channel(team, choice),
        "selected_conversation": lambda choice: _channel(team, choice),
    }
    if name.endswith("s"):
        return {name: [pick[name[:-1]](choice) for choice in choices]}
    if not choices:
        return {name: None}
    if name == "selected_date_time":
        return {name: int(choices[0])}
    return {name: pick.get(name, str)(choices[0])}


def typed_state(element: Json, text: str) -> Json:
    """The state of an input after `text` was typed into it."""
    if element["type"] != "rich_text_input":
        return {value_name(element["type"]): text or None}
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"rich_text_value": {"type": "rich_text", "elements": [section]}}


def _option(options: Sequence[Json], choice: str) -> Json:
    for option in options:
        if choice in (option["value"], option["text"]["text"]):
            return option
    shown = [option["text"]["text"] for option in options]
    raise Impossible(f"{choice!r} is not among {shown}")


def _feedback(element: Json, choice: str) -> str:
    buttons = [element["positive_button"], element["negative_button"]]
    option: Json = _option(buttons, choice)
    return str(option["value"])


def _person(team: Team, choice: str) -> str:
    for person in team.workspace.people:
        if choice in (person.id, person.name, person.real_name):
            return person.id
    raise Impossible(f"nobody is called {choice!r}")


def _channel(team: Team, choice: str) -> str:
    for channel in team.workspace.channels:
        if choice in (channel.id, channel.name):
            return channel.id
    raise Impossible(f"no channel is called {choice!r}")
