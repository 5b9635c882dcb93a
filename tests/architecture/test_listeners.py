"""What is drawn is listened to, and what is listened to is drawn."""

import ast
import inspect
from collections.abc import Set
from types import ModuleType

import pytest
from drawn import SPEAKS, SUGGESTS, WAITS, Drawn, Undeclared, collect, control_kinds, drawn, resolve
from source import Source

from handlers.slack import FEATURES
from handlers.slack.kit.routing import Listeners
from views.kit.controls import Button

ANSWERS = {f"turn.{verb}" for verb in ("ack", "errors", "replace", "clear", "options")}
SAMPLE = """
GO = Button("samples.go")
def form(): return kit.modal(FORM, "Title", [], submit="Go", close="No")
def link(): return kit.link_button("samples.link", "Open", "https://example.com")
"""


@pytest.fixture(scope="module")
def ids() -> Drawn:
    """Every id the views draw."""
    return drawn()


def unheard(drawn_ids: Set[str], listened: Set[str]) -> set[str]:
    """Ids nobody listens to; a listener hears an id with a suffix after the first colon too."""
    return {one for one in drawn_ids if one not in listened and one.split(":")[0] not in listened}


def test_every_drawn_button_is_listened_to(ids: Drawn, listeners: Listeners) -> None:
    assert unheard(ids.actions, listeners.ids("action")) == set()


def test_every_action_listened_to_is_drawn(ids: Drawn, listeners: Listeners) -> None:
    assert unheard(listeners.ids("action"), ids.actions) == set()


def test_every_form_that_can_be_submitted_is_listened_to(ids: Drawn, listeners: Listeners) -> None:
    assert unheard(ids.forms, listeners.ids("view")) == set()


def test_every_form_listened_to_is_drawn(ids: Drawn, listeners: Listeners) -> None:
    assert unheard(listeners.ids("view"), ids.forms) == set()


def test_every_closed_modal_listened_to_is_drawn(ids: Drawn, listeners: Listeners) -> None:
    assert unheard(listeners.ids("closed"), ids.forms | ids.modals) == set()


def test_suggestions_are_asked_for_exactly_where_they_are_given(
    ids: Drawn, listeners: Listeners
) -> None:
    assert ids.suggestions == listeners.ids("options")


def test_ids_begin_with_the_name_of_a_feature_and_are_not_used_twice(ids: Drawn) -> None:
    every = [*ids.actions, *ids.suggestions, *ids.fields, *ids.forms, *ids.modals]
    assert [one for one in every if "." not in one] == []
    forms_and_fields = [ids.actions - ids.suggestions, ids.suggestions, ids.fields]
    assert sum(map(len, forms_and_fields)) == len(set().union(*forms_and_fields))


def test_every_kind_of_control_is_known_to_these_tests() -> None:
    assert control_kinds() <= SPEAKS | SUGGESTS | WAITS


def answering(module: ast.Module) -> set[str]:
    """Listeners registered as answered at the door which would still answer."""
    at_once = {
        call.args[1].id
        for call in ast.walk(module)
        if isinstance(call, ast.Call)
        and any(keyword.arg == "at_once" for keyword in call.keywords)
        and isinstance(call.args[1], ast.Name)
    }
    return {
        function.name
        for function in module.body
        if isinstance(function, ast.AsyncFunctionDef) and function.name in at_once
        for node in ast.walk(function)
        if ast.unparse(node) in ANSWERS
    }


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.__name__)
def test_who_is_answered_at_the_door_does_not_answer_again(feature: ModuleType) -> None:
    assert answering(ast.parse(inspect.getsource(feature))) == set()


def test_an_answer_after_the_one_at_the_door_is_found() -> None:
    listener = "async def go(turn): await turn.ack()\nasync def run(turn): await turn.open(1)"
    registered = (
        "def register(on):\n    on.command('/a', go, at_once=True)\n    on.action('b', run)"
    )
    assert answering(ast.parse(f"{listener}\n{registered}")) == {"go"}


def test_a_sample_view_shows_its_button_its_link_and_its_form() -> None:
    module = ModuleType("sample")
    module.GO, module.FORM = Button("samples.go"), "samples.form"  # type: ignore[attr-defined] # made up
    found = Drawn()
    collect(Source.of("views/slack/sample.py", SAMPLE), module, found)
    assert found.actions == {"samples.go", "samples.link"}
    assert found.forms == {"samples.form"}


def test_an_id_made_up_while_drawing_is_refused() -> None:
    with pytest.raises(Undeclared, match="is not a constant"):
        resolve(ast.parse("f'x{y}'", mode="eval").body, ModuleType("sample"))


def test_a_button_without_a_listener_is_found() -> None:
    assert unheard({"a.go", "a.go:1", "a.stop"}, {"a.go"}) == {"a.stop"}
