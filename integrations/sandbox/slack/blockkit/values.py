"""What a person has put into the elements of a surface: Slack's `state.values`."""

import re
from typing import Any

from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.blockkit.drawing import completed_text
from integrations.sandbox.slack.blockkit.elements import MOST_FILES
from integrations.sandbox.slack.blockkit.objects import bare, offered_options
from integrations.sandbox.slack.blockkit.surfaces import interactive

# block id → action id → element state
Values = dict[str, dict[str, Json]]

# type → (name of the value in the state, name of the initial value in the block, when empty)
_STATEFUL: dict[str, tuple[str, str, Any]] = {
    "plain_text_input": ("value", "initial_value", None),
    "email_text_input": ("value", "initial_value", None),
    "url_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
    "rich_text_input": ("rich_text_value", "initial_value", None),
    "static_select": ("selected_option", "initial_option", None),
    "external_select": ("selected_option", "initial_option", None),
    "radio_buttons": ("selected_option", "initial_option", None),
    "users_select": ("selected_user", "initial_user", None),
    "channels_select": ("selected_channel", "initial_channel", None),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "multi_static_select": ("selected_options", "initial_options", []),
    "multi_external_select": ("selected_options", "initial_options", []),
    "checkboxes": ("selected_options", "initial_options", []),
    "multi_users_select": ("selected_users", "initial_users", []),
    "multi_channels_select": ("selected_channels", "initial_channels", []),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", []),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
    "file_input": ("files", "initial_files", []),
}
_SHAPES = {
    "selected_date": r"\d{4}-\d{2}-\d{2}",
    "selected_time": r"([01]\d|2[0-3]):[0-5]\d",
}
_OWN_OPTIONS = frozenset({"static_select", "multi_static_select", "radio_buttons", "checkboxes"})


class NotPossible(Exception):
    """A value that no real client could have produced; says which and why."""


def value_name(kind: str) -> str:
    """Where the state of an element of this type keeps its value; "" for stateless elements."""
    return _STATEFUL[kind][0] if kind in _STATEFUL else ""


def initial_values(blocks: list[Json]) -> Values:
    """The state of a surface nobody has touched."""
    values: Values = {}
    for block in blocks:
        for element in interactive(block):
            if element["type"] in _STATEFUL:
                state = values.setdefault(block["block_id"], {})
                state[element["action_id"]] = _initial(element)
    return values


def kept_values(old: Values, blocks: list[Json]) -> Values:
    """The state after a redrawing: what was there stays where block_id, action_id and type do.

    An initial value never replaces what stands in an input that was already on the screen
    (slackapi/bolt-js#290): to show a new one, the app must rotate an id. Options that are no
    longer offered go, since no client could show them.
    """
    return merged_values(initial_values(blocks), blocks, possible_values(blocks, old))


def possible_values(blocks: list[Json], given: Values) -> Values:
    """The part of `given` which fits what is drawn; the rest belongs to an earlier drawing."""
    elements = _elements(blocks)
    fitting: Values = {}
    for block_id, actions in given.items():
        for action_id, state in actions.items():
            element = elements.get((block_id, action_id))
            if element is not None and _fits(element, state):
                fitting.setdefault(block_id, {})[action_id] = state
    return fitting


def merged_values(values: Values, blocks: list[Json], given: Values) -> Values:
    """`values` with what the client says was put in; elements it does not name stay as they are.

    NotPossible when the client names an element that is not there or a value it could not have.
    """
    merged = {block_id: dict(actions) for block_id, actions in values.items()}
    elements = _elements(blocks)
    for block_id, actions in given.items():
        for action_id, state in actions.items():
            element = elements.get((block_id, action_id))
            if element is None or element["type"] not in _STATEFUL:
                raise NotPossible(f"no input {action_id} in block {block_id}")
            merged[block_id][action_id] = _accepted(element, state)
    return merged


def invalid_inputs(blocks: list[Json], values: Values) -> dict[str, str]:
    """Block id → what the client itself says about an input that cannot be submitted."""
    errors: dict[str, str] = {}
    for block in blocks:
        if block["type"] == "input":
            element = block["element"]
            value = current_value(values, block["block_id"], element)
            complaint = _complaint(element, value, optional=bool(block.get("optional")))
            if complaint:
                errors[block["block_id"]] = complaint
    return errors


def current_value(values: Values, block_id: str, element: Json) -> Any:
    """What stands in an element now."""
    name, _, empty = _STATEFUL[element["type"]]
    return values.get(block_id, {}).get(element["action_id"], {}).get(name, empty)


def _elements(blocks: list[Json]) -> dict[tuple[str, str], Json]:
    return {(b["block_id"], e["action_id"]): e for b in blocks for e in interactive(b)}


def _fits(element: Json, state: Json) -> bool:
    if element["type"] not in _STATEFUL:
        return False
    try:
        _accepted(element, state)
    except NotPossible:
        return False
    return True


def _initial(element: Json) -> Json:
    return _state(element, element.get(_STATEFUL[element["type"]][1]))


def _state(element: Json, value: Any) -> Json:
    name, _, empty = _STATEFUL[element["type"]]
    state = {"type": element["type"], name: completed_text(value or empty)}
    if element.get("timezone"):
        state["timezone"] = element["timezone"]
    return state


def _accepted(element: Json, state: Json) -> Json:
    name = value_name(element["type"])
    value = state.get(name)
    if state.get("type", element["type"]) != element["type"]:
        raise NotPossible(f"{element['action_id']} is no {state['type']}")
    if element["type"] in _OWN_OPTIONS:
        value = _among_options(element, value)
    if name in _SHAPES and value and not re.fullmatch(_SHAPES[name], value):
        raise NotPossible(f"{value!r} is no {name}")
    if element["type"] == "file_input":
        _check_files(element, value)
    if isinstance(value, list) and len(value) > element.get("max_selected_items", 100):
        raise NotPossible(f"{element['action_id']} takes fewer choices")
    return _state(element, value)


def _among_options(element: Json, value: Any) -> Any:
    offered = {option["value"]: option for option in offered_options(element)}
    chosen = value if isinstance(value, list) else [value] if value else []
    for option in chosen:
        if bare(offered.get(option["value"])) != bare(option):
            raise NotPossible(f"{option['value']!r} is not offered by {element['action_id']}")
    found = [offered[option["value"]] for option in chosen]
    if isinstance(value, list):
        return found
    return found[0] if found else None


def _check_files(element: Json, value: Any) -> None:
    files = value or []
    if len(files) > element.get("max_files", MOST_FILES):
        raise NotPossible(f"{element['action_id']} takes fewer files")
    allowed = [kind.lower() for kind in element.get("filetypes") or ()]
    for file in files:
        extension = str(file.get("name", "")).rpartition(".")[2].lower()
        if allowed and extension not in allowed:
            raise NotPossible(f"{file.get('name')} is not of the types {', '.join(allowed)}")


def _complaint(element: Json, value: Any, *, optional: bool) -> str:
    if value in (None, "", []):
        return "" if optional else "Please complete this required field."
    kind = element["type"]
    if kind == "plain_text_input":
        return _length_complaint(element, value)
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not re.fullmatch(r"https?://\S+", value):
        return "Please enter a valid URL."
    if kind == "number_input":
        return _number_complaint(element, value)
    return ""


def _length_complaint(element: Json, value: str) -> str:
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if len(value) > element.get("max_length", 3000):
        return f"Please enter at most {element.get('max_length', 3000)} characters."
    return ""


def _number_complaint(element: Json, value: str) -> str:
    form = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(form, value):
        return "Please enter a valid number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return ""
