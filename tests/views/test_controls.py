"""Every kind of field gives back what was drawn into it and what was typed."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import walk_packages

import pytest

import views.slack
from integrations.sandbox.slack.blockkit.surfaces import interactive
from tests.views.scenes import Scene
from tests.views.scenes_evidence import EVIDENCE
from tests.views.scenes_followups import FOLLOWUPS
from tests.views.scenes_operations import OPERATIONS
from tests.views.scenes_others import OTHERS
from views.kit.blocks import Block, Message, View, link_button
from views.kit.controls import (
    Button,
    Choice,
    LongText,
    Menu,
    Radio,
    Search,
    Select,
    Several,
    Text,
    Ticks,
)
from views.kit.pickers import Date, Suggest, Time
from views.kit.state import State
from views.slack import connections

CHOICES = (Choice("One", "1"), Choice("Two", "2"), Choice("Three", "3"))


def untouched(*blocks: Block) -> State:
    """The state Slack reports of a view nobody touched: initial values, by block and action."""
    values: dict[str, dict[str, Mapping[str, object]]] = {}
    for block in blocks:
        drawn = block.to_dict()
        assert drawn["type"] == "input"
        element = drawn["element"]
        values[drawn["block_id"]] = {
            element["action_id"]: {
                "value": element.get("initial_value"),
                "selected_option": element.get("initial_option"),
                "selected_options": element.get("initial_options", []),
                "selected_date": element.get("initial_date"),
                "selected_time": element.get("initial_time"),
            }
        }
    return State(values)


def ids_of(scene: Scene) -> set[str]:
    """The action ids of a scene, those of a long text's fields by their common part."""
    shown = scene.draw("en")
    blocks = shown.blocks if isinstance(shown, Message) else ()
    if isinstance(shown, View):
        blocks = shown.fields["blocks"]
    drawn = [element for block in blocks for element in interactive(block)]
    return {element["action_id"].split(":")[0] for element in drawn}


def declared() -> set[str]:
    """The action ids of all controls of the views."""
    rooms = [
        import_module(room.name) for room in walk_packages(views.slack.__path__, "views.slack.")
    ]
    constants = [value for room in rooms for value in vars(room).values()]
    return {value.action_id for value in constants if hasattr(type(value), "draw")}


def test_a_text_field_reads_what_it_drew() -> None:
    field = Text("x.field")
    assert field.read(untouched(field.draw("Label", "typed"))) == "typed"


def test_an_empty_text_field_reads_as_nothing() -> None:
    field = Text("x.field")
    assert field.read(untouched(field.draw("Label"))) == ""


def test_a_search_field_reads_what_it_drew() -> None:
    field = Search("x.search")
    assert field.read(untouched(field.draw("Label", "hint", "acme"))) == "acme"


@pytest.mark.parametrize("kind", [Select, Radio])
def test_a_choice_reads_what_was_chosen(kind: type[Select] | type[Radio]) -> None:
    field = kind("x.choice")
    assert field.read(untouched(field.draw("Label", CHOICES, "2"))) == "2"


def test_what_was_searched_reads_what_was_chosen() -> None:
    field = Suggest("x.search_as_you_type")
    assert field.read(untouched(field.draw("Label", "hint", CHOICES[1]))) == "2"
    assert field.read(untouched(field.draw("Label", "hint"))) == ""


def test_a_day_and_a_time_read_as_they_were_drawn() -> None:
    day, at = Date("x.day"), Time("x.at")
    drawn = untouched(day.draw("Day", "2026-12-01"), at.draw("Time", "16:45"))
    assert (day.read(drawn), at.read(drawn)) == ("2026-12-01", "16:45")
    empty = untouched(day.draw("Day"), at.draw("Time"))
    assert (day.read(empty), at.read(empty)) == ("", "")


def test_ticks_read_what_is_ticked() -> None:
    field = Ticks("x.ticks")
    assert field.read(untouched(field.draw("Label", CHOICES, frozenset({"1", "3"})))) == ("1", "3")
    assert field.read(untouched(field.draw("Label", CHOICES, frozenset()))) == ()


def test_several_read_in_order() -> None:
    field = Several("x.several")
    assert field.read(untouched(field.draw("Label", CHOICES, frozenset({"3", "1"})))) == ("1", "3")


def test_nothing_chosen_reads_as_nothing() -> None:
    field = Several("x.several")
    assert field.read(untouched(field.draw("Label", CHOICES, frozenset()))) == ()


@pytest.mark.parametrize("text", ["short", "\n\n".join(["par " * 200] * 40).strip(), "y" * 8_000])
def test_a_long_text_comes_back_to_the_letter(text: str) -> None:
    field = LongText("x.long")
    blocks = field.draw("Label", text, turn=3)
    assert field.read(untouched(*blocks)) == text


def test_a_new_turn_rotates_every_block_of_a_long_text() -> None:
    field = LongText("x.long")
    before, after = (
        {b.fields["block_id"] for b in field.draw("L", "z" * 6_000, turn=t)} for t in (1, 2)
    )
    assert not before & after


def test_an_error_about_a_long_text_goes_to_its_first_block() -> None:
    field = LongText("x.long")
    blocks = field.draw("Label", "a b " * 2_000, turn=1)
    assert field.block(untouched(*blocks)) == blocks[0].fields["block_id"]


def test_every_control_is_drawn_in_some_state_and_nothing_else_is() -> None:
    shown = set().union(*(ids_of(scene) for scene in (*FOLLOWUPS, *EVIDENCE, *OPERATIONS, *OTHERS)))
    assert shown == declared() | {connections.OPEN_LINK}


def test_a_button_brings_its_value() -> None:
    element = Button("x.press").draw("Press", "7").to_dict()
    assert (element["action_id"], element["value"]) == ("x.press", "7")


def test_a_button_without_a_value_brings_none() -> None:
    assert "value" not in Button("x.press").draw("Press").to_dict()


def test_a_link_button_keeps_its_address() -> None:
    url = "https://example.org/a?b=c&d=e"
    assert link_button("x.go", "Go", url).to_dict()["url"] == url


def test_a_menu_brings_the_value_of_its_choice() -> None:
    drawn_menu = Menu("x.menu").draw((Choice("One", "a:1"), Choice("Two", "b:1"))).to_dict()
    assert [option["value"] for option in drawn_menu["options"]] == ["a:1", "b:1"]
