"""slack_sdk's checks, made quickly: the same checks, for every model there is."""

from collections.abc import Iterator

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.basic_objects import JsonObject
from slack_sdk.models.blocks import ButtonElement, SectionBlock
from slack_sdk.models.views import View

from bot.slack.slack_models import checks, patch_slack_models
from views.kit import blocks as kit
from views.kit.controls import Button, Choice, Several, Text

# Taken before anybody quickens it.
DRAWN_BY_SLACK_SDK = JsonObject.get_non_null_attributes


def every_model(kind: type[JsonObject] = JsonObject) -> Iterator[type[JsonObject]]:
    """All that importing the blocks and views brings along."""
    for below in kind.__subclasses__():
        yield below
        yield from every_model(below)


def found_by_slack_sdk(kind: type[JsonObject]) -> tuple[str, ...]:
    """As `JsonObject.validate_json` of the pinned version looks for them, on an empty object."""
    blank = kind.__new__(kind)
    attributes = (name for name in dir(blank) if not name.startswith("__"))
    found = ((name, getattr(blank, name, None)) for name in attributes)
    return tuple(name for name, one in found if callable(one) and hasattr(one, "validator"))


def test_every_check_of_every_model_is_still_made() -> None:
    models = {kind for kind in every_model() if not getattr(kind, "__abstractmethods__", None)}
    assert View in models
    assert len(models) > 50
    assert {kind: checks(kind) for kind in models} == {
        kind: found_by_slack_sdk(kind) for kind in models
    }
    assert any(checks(kind) for kind in models)


def test_what_slack_would_refuse_is_still_refused_here() -> None:
    patch_slack_models()
    long = ButtonElement(action_id="a", text="x" * 76)
    with pytest.raises(SlackObjectFormationError, match="75"):
        SectionBlock(text="fine", accessory=long).to_dict()


def test_what_is_drawn_stays_the_same_to_the_letter() -> None:
    field = Text("x.field", multiline=True).draw("Label", "typed", hint="hint", optional=True)
    chosen = Several("x.several").draw(
        "Label", (Choice("One", "1"), Choice("Two", "2")), frozenset({"2"})
    )
    sure = kit.confirm("Sure?", "Really *sure*", "Yes", "No")
    buttons = kit.actions(Button("x.go").draw("Go", "1", style="primary", confirm=sure))
    blocks = [kit.section("text"), kit.context("a", "b"), field, chosen, buttons, kit.divider()]
    view = kit.modal("x.modal", "Title", blocks, submit="Send", close="Close", metadata="m")
    before = DRAWN_BY_SLACK_SDK(view)
    patch_slack_models()
    assert view.to_dict() == before
