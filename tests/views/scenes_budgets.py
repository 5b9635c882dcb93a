"""Budgets as admins and members see them, in every state."""

from dataclasses import replace
from datetime import date

from services.budgets import BudgetNews, BudgetSheet, MemberBudget, OwnBudget, WorkspaceSpending
from tests.views import samples as some
from tests.views.scenes import Given, Scene, given
from views.slack import budgets

NOVEMBER = date(2026, 11, 1)
DOLLAR = 1_000_000
MEMBERS = (
    MemberBudget("U0ADA", 6_204_100, 71, 5 * DOLLAR),
    MemberBudget("U0BOB", 1_900, 1, 2 * DOLLAR + DOLLAR // 2, is_exception=True),
    MemberBudget("U0EVE", 0, 0, None, is_exception=True),
)
SPENDING = WorkspaceSpending(NOVEMBER, 6_206_000, 91_200, 72, 20 * DOLLAR, MEMBERS)
SHEET = BudgetSheet(SPENDING, 5 * DOLLAR, "Europe/Rome", is_priced=True)
NOTHING = BudgetSheet(WorkspaceSpending(NOVEMBER, 0, 0, 0, None), None, "UTC", is_priced=True)
CROWD = tuple(MemberBudget(f"U{n:04}", 1_000 * n, n, DOLLAR) for n in range(200, 0, -1))
NEWS = BudgetNews(80, NOVEMBER, 16_100_000, 20 * DOLLAR, own=False)


def _sheet(sheet: BudgetSheet, language: str) -> Given:
    return given(sheet, some.member(language))


def _over(language: str) -> Given:
    over = replace(SPENDING, spent_micro=20_400_000, limit_micro=20 * DOLLAR)
    return _sheet(replace(SHEET, spending=over), language)


def _crowd(language: str) -> Given:
    crowd = replace(SPENDING, members=(*CROWD, *MEMBERS[1:]), limit_micro=0)
    return _sheet(replace(SHEET, spending=crowd, is_priced=False), language)


def _own(*, is_spent: bool, language: str) -> Given:
    own = OwnBudget(NOVEMBER, MEMBERS[1 if is_spent else 2], workspace_is_spent=is_spent)
    return given(own, some.member(language))


BUDGETS = (
    Scene(budgets.waiting, "normal", lambda lang: given(some.member(lang))),
    Scene(budgets.sheet, "normal", lambda lang: _sheet(SHEET, lang)),
    Scene(budgets.sheet, "nothing", lambda lang: _sheet(NOTHING, lang)),
    Scene(budgets.sheet, "used_up", _over),
    Scene(budgets.sheet, "crowd_unpriced", _crowd),
    Scene(budgets.member_form, "new", lambda lang: given(some.member(lang))),
    Scene(budgets.member_form, "known", lambda lang: given(some.member(lang), MEMBERS[1])),
    Scene(budgets.own, "without_limit", lambda lang: _own(is_spent=False, language=lang)),
    Scene(budgets.own, "workspace_spent", lambda lang: _own(is_spent=True, language=lang)),
    Scene(budgets.warning, "workspace_80", lambda lang: given(NEWS, lang)),
    Scene(budgets.warning, "own_80", lambda lang: given(replace(NEWS, own=True), lang)),
    Scene(budgets.warning, "workspace_100", lambda lang: given(replace(NEWS, level=100), lang)),
    Scene(
        budgets.warning,
        "own_100",
        lambda lang: given(replace(NEWS, level=100, own=True), lang),
    ),
)
