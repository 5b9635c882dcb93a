"""Templates come back from their forms, also by way of a preview."""

import pytest

from services.followups import NewTemplate, Template
from tests.views import samples as some
from tests.views.hands import filled, untouched
from views.kit.blocks import View
from views.kit.state import State
from views.slack.followups import templates

ENGLISH = some.member("en")


@pytest.mark.parametrize(("scope", "shared"), [("me", False), ("all", True)])
def test_a_new_template_is_read(scope: str, *, shared: bool) -> None:
    view = templates.form(ENGLISH)
    typed = filled(view, name="N", outline="O", scope=scope)
    assert templates.read_template(typed, metadata(view)) == NewTemplate("N", "O", shared=shared)


def test_a_new_template_is_its_makers_own_unless_asked_otherwise() -> None:
    view = templates.form(ENGLISH)
    assert templates.read_template(untouched(view), metadata(view)) == NewTemplate("", "")


def test_a_template_to_change_comes_back_with_its_id_and_version() -> None:
    version = "2026-11-20T09:30:00+00:00"
    known = Template("t1", "N", "O\nP", mine=True, shared=True, version=version)
    view = templates.form(ENGLISH, known)
    expected = NewTemplate("N", "O\nP", shared=True, id="t1", version=version)
    assert templates.read_template(untouched(view), metadata(view)) == expected
    assert templates.read_at(metadata(view)) == templates.TemplateAt("t1", version)


@pytest.mark.parametrize("outline", ["", "One", "One\n\nTwo|three\n", "x" * 2_000])
def test_what_was_typed_travels_through_the_preview(outline: str) -> None:
    new = NewTemplate("A | b", outline, shared=True, id="t1", version="v")
    view = templates.pick(ENGLISH, some.page(some.meeting(3)), new)
    assert templates.read_typed(metadata(view)) == new
    assert templates.read_meeting(untouched(view)) == 9_003
    assert templates.read_meeting(State({})) == 0


def metadata(view: View) -> str:
    """What travels with a view."""
    return str(view.fields["private_metadata"])
