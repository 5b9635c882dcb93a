"""Only admins set and see budgets; everybody sees their own."""

import json

import pytest

from db.store.session import Database
from services.audit import Audit
from services.budgets import dollars
from services.errors import Invalid, NotAllowed
from tests.kit.budget_stage import DOLLAR, BudgetStage

GOOD = {
    "": None,
    " 20 ": 20 * DOLLAR,
    "7.5": 7_500_000,
    "7,50": 7_500_000,
    "$0.01": 10_000,
    "20 USD": 20 * DOLLAR,
    "0": 0,
    "100000": 100_000 * DOLLAR,
}
BAD = ("-1", "1.000,50", "1,000", "ten", "1e3", "7.505", "100001", "٣", "€5", "5 5", "NaN", "1" * 9)


@pytest.mark.parametrize(("typed", "micro"), GOOD.items())
def test_amounts_are_read_as_people_type_them(typed: str, micro: int | None) -> None:
    assert dollars(typed, field="amount") == micro


@pytest.mark.parametrize("typed", BAD)
def test_what_is_no_amount_is_refused_beside_its_field(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        dollars(typed, field="amount")
    assert refused.value.field == "amount"


async def test_who_is_no_admin_changes_nothing(database: Database) -> None:
    stage = BudgetStage(database)
    ada = stage.member()
    for change in (
        stage.budgets.set(ada, workspace="1", default="1"),
        stage.budgets.set_member(ada, ada.member_id, ""),
        stage.budgets.forget_member(ada, ada.member_id),
        stage.budgets.sheet(ada),
    ):
        with pytest.raises(NotAllowed):
            await change
    sheet = await stage.budgets.sheet(stage.admin)
    assert (sheet.spending.limit_micro, sheet.default_micro) == (None, None)


async def test_an_admin_of_another_workspace_is_none_here(database: Database) -> None:
    here, there = BudgetStage(database), BudgetStage(database)
    stranger = here.admin.__class__(there.workspace_id, here.admin.member_id)
    there.slack.admins.discard(here.admin.member_id)
    with pytest.raises(NotAllowed):
        await there.budgets.sheet(stranger)


async def test_what_is_set_is_seen_and_an_empty_field_takes_it_away(database: Database) -> None:
    stage = BudgetStage(database)
    ada = stage.member()
    await stage.limit(workspace="20", default="2,50")
    await stage.budgets.set_member(stage.admin, ada.member_id, "9")
    sheet = await stage.budgets.sheet(stage.admin)
    assert (sheet.spending.limit_micro, sheet.default_micro) == (20 * DOLLAR, 2_500_000)
    (one,) = sheet.spending.members
    assert (one.member_id, one.limit_micro, one.is_exception) == (ada.member_id, 9 * DOLLAR, True)
    await stage.limit()
    sheet = await stage.budgets.sheet(stage.admin)
    assert (sheet.spending.limit_micro, sheet.default_micro) == (None, None)
    assert sheet.spending.members[0].limit_micro == 9 * DOLLAR


async def test_a_bad_amount_in_one_field_leaves_the_other_unset(database: Database) -> None:
    stage = BudgetStage(database)
    with pytest.raises(Invalid) as refused:
        await stage.limit(workspace="5", default="much")
    assert refused.value.field == "default"
    assert (await stage.budgets.sheet(stage.admin)).spending.limit_micro is None


async def test_a_member_sees_their_own_and_not_what_others_spent(database: Database) -> None:
    stage = BudgetStage(database)
    ada, bob = stage.member(), stage.member()
    await stage.limit(workspace="1", default="3")
    await stage.spend(bob, DOLLAR)
    own = await stage.budgets.own(ada)
    assert (own.own.spent_micro, own.own.limit_micro) == (0, 3 * DOLLAR)
    assert own.workspace_is_spent


async def test_every_change_is_in_the_audit_log_and_none_without_one(database: Database) -> None:
    stage = BudgetStage(database)
    await stage.limit(workspace="20")
    await stage.limit(workspace="20")
    await stage.limit(workspace="30")
    lines = await Audit(database).lines(subject_id=f"{stage.workspace_id}:")
    changes = [(json.loads(one.before), json.loads(one.after)) for one in lines]
    assert changes == [
        ({"limit_micro": 20 * DOLLAR}, {"limit_micro": 30 * DOLLAR}),
        ({"limit_micro": None}, {"limit_micro": 20 * DOLLAR}),
    ]
    assert lines[0].operator.id == f"{stage.workspace_id}:{stage.admin.member_id}"
