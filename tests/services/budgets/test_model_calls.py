"""Calls of the model are counted exactly, and refused once a budget is used up."""

import asyncio
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest

from db import budgets as table
from db.store.session import Database
from db.store.vault import Vault
from integrations.providers.types import Usage
from services.actors import Actor
from services.budgets import BudgetSpent, ModelPricing
from services.errors import DomainError, Temporary
from services.phrases import Phrase
from tests.kit.budget_stage import DOLLAR, MODEL, NOON, BudgetStage

NOVEMBER = date(2026, 11, 1)
AWAY = Phrase("Away.", "Via.")


async def test_without_a_budget_nothing_is_refused_and_everything_counted(
    database: Database,
) -> None:
    stage = BudgetStage(database)
    ada = stage.member()
    await stage.spend(ada, 30 * DOLLAR, 5)
    await stage.spend(stage.member(), 7)
    spent = await stage.budgets.spent(stage.workspace_id)
    assert (spent.spent_micro, spent.held_micro, spent.calls) == (30 * DOLLAR + 12, 0, 2)
    assert spent.members[0].member_id == ada.member_id
    assert spent.members[0].spent_micro == 30 * DOLLAR + 5


async def test_at_a_hundred_percent_nobody_in_the_workspace_is_let_through(
    database: Database,
) -> None:
    stage = BudgetStage(database)
    await stage.limit(workspace="1")
    await stage.spend(stage.member(), DOLLAR)
    with pytest.raises(BudgetSpent) as refused:
        await stage.spend(stage.member(), 1)
    name = (await stage.people.who(stage.admin)).name
    assert name in refused.value.sentence("en")
    assert "/seguito budget" in refused.value.sentence("it")
    elsewhere = BudgetStage(database)
    await elsewhere.spend(elsewhere.member(), 1)


async def test_one_micro_dollar_below_the_limit_is_let_through(database: Database) -> None:
    stage = BudgetStage(database)
    await stage.limit(workspace="1")
    await stage.spend(stage.member(), DOLLAR - 1)
    await stage.spend(stage.member(), 1)
    with pytest.raises(BudgetSpent):
        await stage.calls.ensure_open(stage.member())


async def test_a_members_budget_stops_that_member_alone(database: Database) -> None:
    stage = BudgetStage(database)
    ada, bob = stage.member(), stage.member()
    await stage.limit(default="1")
    await stage.spend(ada, DOLLAR)
    with pytest.raises(BudgetSpent) as refused:
        await stage.spend(ada, 1)
    assert refused.value.over.scope == "member"
    await stage.spend(bob, 1)


async def test_an_exception_wins_over_the_default_in_both_directions(database: Database) -> None:
    stage = BudgetStage(database)
    ada, bob, eve = stage.member(), stage.member(), stage.member()
    await stage.limit(default="1")
    await stage.budgets.set_member(stage.admin, ada.member_id, "")
    await stage.budgets.set_member(stage.admin, bob.member_id, "0")
    await stage.spend(ada, 5 * DOLLAR)
    await stage.spend(ada, 1)
    with pytest.raises(BudgetSpent):
        await stage.spend(bob, 1)
    await stage.budgets.forget_member(stage.admin, bob.member_id)
    await stage.spend(bob, 1)
    await stage.spend(eve, 1)


async def test_fifty_calls_at_once_in_two_processes_pass_a_limit_by_one_at_most(
    database: Database, vault: Vault
) -> None:
    """Each holds 2,000 micro-dollars, its usual answer; a cent has room for five."""
    other = Database(database.url, vault)
    here = BudgetStage(database)
    there = BudgetStage(other, workspace_id=here.workspace_id, slack=here.slack)
    await here.limit(workspace="0.01")
    in_flight, go = [], asyncio.Event()

    async def one(stage: BudgetStage) -> bool:
        try:
            async with stage.calls.call(stage.member(), "draft", size=0) as meter:
                in_flight.append(meter)
                await go.wait()
                meter.count(MODEL, Usage(0, 2_000))
        except BudgetSpent:
            return False
        return True

    tries = [asyncio.create_task(one(stage)) for stage in (here, there) * 25]
    while sum(task.done() for task in tries) + len(in_flight) < len(tries):
        await asyncio.wait([t for t in tries if not t.done()], timeout=0.01)
    go.set()
    assert sum(await asyncio.gather(*tries)) == 5
    spent = await here.budgets.spent(here.workspace_id)
    assert (spent.spent_micro, spent.held_micro, spent.calls) == (10_000, 0, 5)
    await other.dispose()


async def test_a_call_that_fails_costs_what_its_answers_took(database: Database) -> None:
    stage = BudgetStage(database)
    ada = stage.member()
    with suppress(DomainError):
        async with stage.calls.call(ada, "draft", size=0) as meter:
            meter.count(MODEL, Usage(0, 40))
            raise DomainError(AWAY)
    with suppress(Temporary):
        async with stage.calls.call(ada, "draft", size=0):
            raise Temporary(AWAY)
    spent = await stage.budgets.spent(stage.workspace_id)
    assert (spent.spent_micro, spent.held_micro) == (40, 0)


async def test_what_nobody_ended_is_charged_its_guess_once(database: Database) -> None:
    stage = BudgetStage(database)
    ada = stage.member()
    left = stage.calls.call(ada, "draft", size=4_000)
    await left.__aenter__()
    await stage.calls.expire()
    assert (await stage.budgets.spent(stage.workspace_id)).spent_micro == 0
    stage.now = NOON + timedelta(minutes=16)
    await stage.calls.expire()
    await stage.calls.expire()
    spent = await stage.budgets.spent(stage.workspace_id)
    assert (spent.spent_micro, spent.held_micro, spent.calls) == (3_000, 0, 1)


async def test_a_call_that_ends_after_all_costs_what_it_took(database: Database) -> None:
    stage = BudgetStage(database)
    async with stage.calls.call(stage.member(), "draft", size=4_000) as meter:
        stage.now = NOON + timedelta(minutes=16)
        await stage.calls.expire()
        meter.count(MODEL, Usage(0, 50))
    spent = await stage.budgets.spent(stage.workspace_id)
    assert (spent.spent_micro, spent.held_micro, spent.calls) == (50, 0, 1)


async def test_a_cancelled_call_stays_held_until_it_is_charged(database: Database) -> None:
    stage = BudgetStage(database)
    begun = asyncio.Event()

    async def ask(actor: Actor) -> None:
        async with stage.calls.call(actor, "draft", size=0):
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(ask(stage.member()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await stage.budgets.spent(stage.workspace_id)).held_micro == 2_000
    stage.now = NOON + timedelta(minutes=16)
    await stage.calls.expire()
    assert (await stage.budgets.spent(stage.workspace_id)).spent_micro == 2_000


async def test_a_new_month_of_the_business_begins_anew(database: Database) -> None:
    """In Rome December has begun at 23:00 UTC."""
    stage = BudgetStage(database, zone="Europe/Rome")
    await stage.limit(workspace="1")
    stage.now = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)
    await stage.spend(stage.member(), DOLLAR)
    with pytest.raises(BudgetSpent):
        await stage.spend(stage.member(), 1)
    stage.now = datetime(2026, 11, 30, 23, tzinfo=UTC)
    await stage.spend(stage.member(), 1)
    assert (await stage.budgets.spent(stage.workspace_id)).month == date(2026, 12, 1)
    old = await stage.budgets.spent(stage.workspace_id, NOVEMBER)
    assert old.spent_micro == DOLLAR


async def test_a_call_over_midnight_belongs_to_the_month_it_began_in(database: Database) -> None:
    stage = BudgetStage(database)
    stage.now = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
    async with stage.calls.call(stage.member(), "draft", size=0) as meter:
        stage.now = datetime(2026, 12, 1, 0, 1, tzinfo=UTC)
        meter.count(MODEL, Usage(0, 9))
    assert (await stage.budgets.spent(stage.workspace_id, NOVEMBER)).spent_micro == 9
    assert (await stage.budgets.spent(stage.workspace_id)).spent_micro == 0


async def test_single_calls_are_forgotten_and_the_sums_stay(database: Database) -> None:
    stage = BudgetStage(database)
    await stage.spend(stage.member(), 9)
    stage.now = NOON + timedelta(days=500)
    await stage.calls.forget()
    async with database.transaction() as session:
        assert await table.forgotten(session, stage.now, 1) == []
    assert (await stage.budgets.spent(stage.workspace_id, NOVEMBER)).spent_micro == 9


def test_a_model_that_answers_by_a_longer_name_costs_what_was_asked_for() -> None:
    priced = ModelPricing("m", lambda model, usage: usage.output_tokens * (model == "m"))
    assert priced.of("m-20261101", Usage(0, 5)) == 5
    assert priced.is_known
    assert not ModelPricing("x", lambda model, usage: 0).is_known
