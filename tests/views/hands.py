"""What a person does to a view: leave it as it is, type into its fields, choose."""

from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.blockkit.drawing import drawn
from integrations.sandbox.slack.blockkit.surfaces import interactive
from integrations.sandbox.slack.blockkit.values import Values, initial_values, merged_values
from views.kit.blocks import View
from views.kit.state import State

# A text, the value of a choice, or the values of several.
Typed = str | list[str]


def blocks_of(view: View) -> list[Json]:
    """The blocks as Slack keeps them, with every id there."""
    return drawn(view.to_dict()["blocks"])


def untouched(view: View) -> State:
    """What Slack reports of a view nobody has touched."""
    return State(initial_values(blocks_of(view)))


def filled(view: View, **typed: Typed) -> State:
    """The same after typing and choosing; a name's last part tells which field is meant."""
    blocks = blocks_of(view)
    put: Values = {}
    for block in blocks:
        for element in interactive(block):
            key = element.get("action_id", "").rpartition(".")[2]
            if key in typed:
                put[block["block_id"]] = {element["action_id"]: entered(element, typed[key])}
    assert len(put) == len(typed), "a field is not in this view"
    return State(merged_values(initial_values(blocks), blocks, put))


def entered(element: Json, value: Typed) -> Json:
    """The state of one element in which this was typed or chosen, by its values."""
    kind = element["type"]
    if kind == "plain_text_input":
        return {"type": kind, "value": value}
    if kind == "file_input":
        return {"type": kind, "files": [{"id": one, "name": "licenses.csv"} for one in value]}
    if kind in ("datepicker", "timepicker"):
        return {"type": kind, f"selected_{kind.removesuffix('picker')}": value or None}
    if kind == "external_select":
        option = {"text": {"type": "plain_text", "text": str(value)}, "value": value}
        return {"type": kind, "selected_option": option}
    if kind == "conversations_select":
        return {"type": kind, "selected_conversation": value}
    offered = {option["value"]: option for option in element["options"]}
    if kind in ("multi_static_select", "checkboxes"):
        return {"type": kind, "selected_options": [offered[one] for one in value]}
    return {"type": kind, "selected_option": offered[value]}
