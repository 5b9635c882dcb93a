"""Warnings: once a month and limit, to the admins who set it, or to the member."""

import pytest
from sqlalchemy import text

from db.store.session import Database
from services.budgets import BudgetSpent
from tests.kit.budget_stage import DOLLAR, BudgetStage

STARTED = text(
    "SELECT workflow_uuid FROM dbos.workflow_status WHERE workflow_uuid LIKE :id"
    " ORDER BY created_at, workflow_uuid"
)


async def tell(stage: BudgetStage) -> list[tuple[str, int, bool]]:
    """Who was told by the jobs that were started, of which level, and whether of their own."""
    async with stage.database.transaction() as session:
        given = {"id": f"budgets.tell:{stage.workspace_id}:%"}
        rows = (await session.execute(STARTED, given)).scalars().all()
    stage.slack.told.clear()
    for job_id in rows:
        await stage.telling.tell(*job_id.split(":")[1:])
    return [(who, news.level, news.own) for who, news in stage.slack.told]


async def test_eighty_percent_is_told_once_to_the_admin_who_set_it(database: Database) -> None:
    stage = BudgetStage(database)
    await stage.limit(workspace="1")
    await stage.spend(stage.member(), DOLLAR * 79 // 100)
    assert await tell(stage) == []
    await stage.spend(stage.member(), DOLLAR // 100)
    await stage.spend(stage.member(), DOLLAR // 100)
    assert await tell(stage) == [(stage.admin.member_id, 80, False)]
    ((_, news),) = stage.slack.told
    assert (news.spent_micro, news.limit_micro) == (810_000, DOLLAR)


async def test_a_jump_past_the_limit_tells_only_that_it_is_used_up(database: Database) -> None:
    stage = BudgetStage(database)
    await stage.limit(workspace="1")
    await stage.spend(stage.member(), 2 * DOLLAR)
    with pytest.raises(BudgetSpent):
        await stage.spend(stage.member(), 1)
    assert await tell(stage) == [(stage.admin.member_id, 100, False)]


async def test_a_members_own_budget_is_told_to_that_member(database: Database) -> None:
    stage = BudgetStage(database)
    ada = stage.member()
    await stage.limit(default="1")
    await stage.spend(ada, DOLLAR * 9 // 10)
    await stage.spend(ada, DOLLAR)
    assert await tell(stage) == [(ada.member_id, 80, True), (ada.member_id, 100, True)]


async def test_a_raised_limit_warns_anew(database: Database) -> None:
    stage = BudgetStage(database)
    await stage.limit(workspace="1")
    await stage.spend(stage.member(), DOLLAR * 9 // 10)
    await stage.limit(workspace="2")
    await stage.spend(stage.member(), DOLLAR * 8 // 10)
    assert [level for _, level, _ in await tell(stage)] == [80, 80]


async def test_a_limit_set_below_what_is_spent_is_told_at_the_first_refusal(
    database: Database,
) -> None:
    stage = BudgetStage(database)
    await stage.spend(stage.member(), DOLLAR)
    await stage.limit(workspace="0.50")
    for _ in range(2):
        with pytest.raises(BudgetSpent):
            await stage.spend(stage.member(), 1)
    assert await tell(stage) == [(stage.admin.member_id, 100, False)]


async def test_who_is_no_admin_any_more_is_not_told(database: Database) -> None:
    stage = BudgetStage(database)
    await stage.limit(workspace="1")
    other = stage.member()
    stage.slack.admins.add(other.member_id)
    await stage.budgets.set(other, workspace="1", default="50")
    await stage.spend(stage.member(), DOLLAR * 9 // 10)
    again = BudgetStage(database, workspace_id=stage.workspace_id, slack=stage.slack)
    stage.slack.admins.discard(stage.admin.member_id)
    stage.telling = again.telling
    assert await tell(stage) == [(other.member_id, 80, False)]
