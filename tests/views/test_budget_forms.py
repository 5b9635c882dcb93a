"""The budgets' forms come back as they were drawn and as somebody typed."""

import pytest

from tests.views import samples as some
from tests.views.hands import blocks_of, filled, untouched
from tests.views.scenes_budgets import MEMBERS, SHEET
from views.slack import budgets

LANGUAGES = pytest.mark.parametrize("language", ["en", "it"])


@LANGUAGES
def test_limits_untouched_come_back_as_they_are(language: str) -> None:
    view = budgets.sheet(SHEET, some.member(language))
    assert budgets.read_limits(untouched(view)) == ("20", "5")


def test_limits_are_read_as_typed() -> None:
    view = budgets.sheet(SHEET, some.member("en"))
    assert budgets.read_limits(filled(view, workspace="30", default="")) == ("30", "")


def test_a_members_limit_is_shown_as_one_would_type_it() -> None:
    view = budgets.member_form(some.member("it"), MEMBERS[1])
    assert budgets.read_member(untouched(view)) == ("U0BOB", "2,50")
    assert budgets.read_member(untouched(budgets.member_form(some.member("en")))) == ("", "")


def test_the_menu_names_choice_and_member_and_stands_beside_exceptions_only() -> None:
    blocks = blocks_of(budgets.sheet(SHEET, some.member("en")))
    menus = [block["accessory"]["options"] for block in blocks if "accessory" in block]
    read = [[budgets.read_choice(one["value"]) for one in options] for options in menus]
    assert read == [[("change", m), ("remove", m)] for m in ("U0BOB", "U0EVE")]
