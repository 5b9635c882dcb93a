"""Whatever happens to calls in whatever order, a month's sums are those of its calls."""

from contextlib import AbstractAsyncContextManager, suppress
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import text

from db.store.session import Database
from integrations.providers.types import Usage
from services.budgets import BudgetSpent, CallMeter
from services.errors import Temporary
from services.phrases import Phrase
from tests.kit.budget_stage import MODEL, NOON, BudgetStage

CALLS = text("""
    SELECT coalesce(sum(cost_micro), 0),
        coalesce(sum(estimate_micro) FILTER (WHERE state = 'held'), 0),
        count(*) FILTER (WHERE state <> 'held')
    FROM model_calls WHERE workspace_id = :workspace AND (member_id = :member OR :member = '')
""")
SUMS = text("""
    SELECT spent_micro, held_micro, calls FROM model_spending
    WHERE workspace_id = :workspace AND member_id = :member
""")
STEPS = 40


async def ensure_proven(stage: BudgetStage, member_id: str) -> None:
    """The sums of this owner are those of the calls."""
    given = {"workspace": stage.workspace_id, "member": member_id}
    async with stage.database.transaction() as session:
        calls = (await session.execute(CALLS, given)).one()
        sums = (await session.execute(SUMS, given)).one_or_none()
    assert tuple(sums or (0, 0, 0)) == tuple(map(int, calls))


@pytest.mark.parametrize("seed", range(4))
async def test_sums_are_those_of_the_calls(database: Database, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - a history, no secret
    stage = BudgetStage(database)
    people = [stage.member() for _ in range(3)]
    await stage.limit(workspace="0.10", default="0.05")
    under_way: list[tuple[AbstractAsyncContextManager[CallMeter], CallMeter]] = []
    for _ in range(STEPS):
        if chance.random() < 0.5 or not under_way:
            new = stage.calls.call(chance.choice(people), "draft", size=chance.randrange(9_000))
            with suppress(BudgetSpent):
                under_way.append((new, await new.__aenter__()))
        elif chance.random() < 0.2:
            stage.now += timedelta(minutes=20)
            await stage.calls.expire()
        else:
            call, meter = under_way.pop(chance.randrange(len(under_way)))
            for _ in range(chance.randrange(3)):
                meter.count(MODEL, Usage(chance.randrange(5_000), chance.randrange(3_000)))
            away = Temporary(Phrase("Away.", "Via."))
            with suppress(Temporary):
                failed = chance.random() < 0.3
                await call.__aexit__(*((Temporary, away, None) if failed else (None, None, None)))
        await ensure_proven(stage, "")
    stage.now = NOON + timedelta(days=1)
    await stage.calls.expire()
    for owner in ("", *(one.member_id for one in people)):
        await ensure_proven(stage, owner)
