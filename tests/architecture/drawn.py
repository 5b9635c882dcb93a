"""What the views draw, read from the views themselves: every id that Slack may send back."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType

from source import Source, house

from views.kit import controls

# What Slack sends at a press, at each letter typed, and only when the form is submitted.
SPEAKS = frozenset({"Button", "Filter", "Menu", "Search"})
SUGGESTS = frozenset({"Suggest"})
WAITS = frozenset(
    {
        *("Text", "LongText", "Select", "Radio", "Several", "Ticks"),
        *("Date", "Time", "Person", "People", "Conversation", "FileField", "TextPerName"),
    }
)


class Undeclared(Exception):
    """An id is made up where it is drawn, so nobody can listen to it by name."""


@dataclass(slots=True)
class Drawn:
    """The ids of all views, by what Slack sends for them."""

    actions: set[str] = field(default_factory=set)
    suggestions: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    modals: set[str] = field(default_factory=set)


def drawn() -> Drawn:
    """Every id drawn in views/slack."""
    found = Drawn()
    for source in house():
        if source.within("views/slack") and source.path.suffix == ".py":
            name = ".".join(source.path.with_suffix("").parts).removesuffix(".__init__")
            collect(source, import_module(name), found)
    return found


def collect(source: Source, module: ModuleType, found: Drawn) -> None:
    """Add the ids of one module: its controls, its link buttons and its modals."""
    for value in vars(module).values():
        if isinstance(action_id := getattr(value, "action_id", None), str):
            dispatch = getattr(value, "dispatch", False)
            place = _place(found, type(value).__name__)
            # A choice that is told at once is a click; what suggests does both.
            if dispatch:
                found.actions.add(action_id)
            if not dispatch or place is found.suggestions:
                place.add(action_id)
    for call in _calls(source.tree):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if name == "link_button":
            found.actions.add(resolve(call.args[0], module))
        elif name == "modal":
            callback_id = resolve(call.args[0], module)
            submits = any(keyword.arg == "submit" for keyword in call.keywords)
            (found.forms if submits else found.modals).add(callback_id)


def resolve(node: ast.expr, module: ModuleType) -> str:
    """The text an expression stands for: a literal, a constant, or a control's `action_id`."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    value: object = module
    for name in ast.unparse(node).split("."):
        value = getattr(value, name, None)
    if not isinstance(value, str):
        raise Undeclared(
            f"{module.__name__}:{node.lineno}: `{ast.unparse(node)}` is not a constant"
        )
    return value


def _place(found: Drawn, kind: str) -> set[str]:
    places = {SPEAKS: found.actions, SUGGESTS: found.suggestions, WAITS: found.fields}
    for kinds, ids in places.items():
        if kind in kinds:
            return ids
    raise Undeclared(f"control {kind}: say in tests/architecture/drawn.py when Slack sends it")


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    # The makers themselves pass on what they are given; only calls with a first argument draw.
    makers = {"link_button", "modal"}
    inside = {
        id(node)
        for maker in ast.walk(tree)
        if isinstance(maker, ast.FunctionDef) and maker.name in makers
        for node in ast.walk(maker)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and id(node) not in inside:
            yield node


def control_kinds() -> set[str]:
    """Names of the control classes that controls.py declares."""
    return {
        name
        for name, value in vars(controls).items()
        if isinstance(value, type) and "action_id" in getattr(value, "__slots__", ())
    }
