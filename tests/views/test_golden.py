"""Every view and message as it was last approved, in both languages.

After a wanted change run `UPDATE_GOLDEN=1 make test ARGS=tests/views/test_golden.py`, then read the
difference in `tests/views/golden` as a user would. Without it a file that is missing is a failure.
"""

import inspect
import os
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType

import pytest

import views
from tests.views.scenes import Scene, as_json, problems
from tests.views.scenes_api import API
from tests.views.scenes_evidence import EVIDENCE
from tests.views.scenes_followups import FOLLOWUPS
from tests.views.scenes_operations import OPERATIONS
from tests.views.scenes_others import OTHERS
from tests.views.scenes_pricing import PRICING
from views.kit.blocks import Message, View

GOLDEN = Path(__file__).parent / "golden"
UPDATE = bool(os.environ.get("UPDATE_GOLDEN"))
SCENES = {
    scene.name: scene for scene in (*FOLLOWUPS, *EVIDENCE, *OPERATIONS, *OTHERS, *PRICING, *API)
}
EVERY = [
    pytest.param(scene, language, id=f"{name}.{language}")
    for name, scene in SCENES.items()
    for language in scene.languages
]
# These make views of whatever they are given; every scene goes through them.
MAKERS = "views.kit.blocks"


def shown(module: ModuleType) -> set[str]:
    """The public functions of a module that draw something whole."""
    whole = (View, Message, bytes) + ((str,) if ".pages." in module.__name__ else ())
    return {
        f"{module.__name__.removeprefix('views.')}.{name}"
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
        if inspect.signature(function).return_annotation in whole
    }


def every_module() -> list[ModuleType]:
    """The modules of the views."""
    found = walk_packages(views.__path__, "views.")
    return [import_module(module.name) for module in found if module.name != MAKERS]


@pytest.mark.parametrize(("scene", "language"), EVERY)
def test_a_view_looks_as_it_was_approved(scene: Scene, language: str) -> None:
    file = GOLDEN / f"{scene.name}.{language}.json"
    drawn = as_json(scene.draw(language))
    if UPDATE:
        file.write_text(drawn, encoding="utf-8")
    assert file.exists(), f"{file.name} is missing: see the docstring of this file"
    assert drawn == file.read_text(encoding="utf-8")


@pytest.mark.parametrize(("scene", "language"), EVERY)
def test_slack_takes_every_view(scene: Scene, language: str) -> None:
    assert problems(scene.draw(language)) == []


def test_every_view_and_message_has_a_golden_file() -> None:
    drawn = {name.rpartition(".")[0] for name in SCENES}
    missing = {name for module in every_module() for name in shown(module)} - drawn
    assert not missing, "add a scene for each"


def test_what_draws_is_recognised() -> None:
    found = {name for module in every_module() for name in shown(module)}
    assert {
        "slack.followups.card.card",
        "slack.home.home",
        "pages.page.problem",
        "api.kit.health.health_json",
    } <= found


def test_no_golden_file_is_left_over() -> None:
    wanted = {
        f"{name}.{language}.json" for name, scene in SCENES.items() for language in scene.languages
    }
    assert {file.name for file in GOLDEN.iterdir()} == wanted
