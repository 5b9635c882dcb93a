"""What is asked of a rollout: consent, the check, newcomers, and what is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from integrations.tenant_databases.outcomes import (
    TryOutFailure,
    TryOutResult,
)
from services.errors import Conflict, Invalid, NotAllowed
from tests.kit.rollout_stage import ADA, GRACE, Asked, RolloutStage


async def test_what_destroys_waits_for_a_second_admin_who_agrees_to_just_this_sql(
    stage: RolloutStage,
) -> None:
    made = await stage.rolled(up_sql="ALTER TABLE t DROP COLUMN c", down_sql="")
    seen = await stage.rollouts.get(made)
    assert (seen.state, seen.needs_approval, seen.approved_by) == ("proposed", True, "")
    with pytest.raises(NotAllowed):
        await stage.controls.approve(ADA, made, seen.hash)
    with pytest.raises(Conflict):
        await stage.controls.approve(GRACE, made, "another")
    assert stage.tenancy.applied == []
    await stage.controls.approve(GRACE, made, seen.hash)
    await stage.drive(made)
    over = await stage.rollouts.get(made)
    assert (over.state, over.approved_by) == ("done", "Grace")


async def test_a_proposal_waits_for_start_and_a_dry_run_never_starts(stage: RolloutStage) -> None:
    made = await stage.rolled(start=False)
    assert (await stage.rollouts.get(made)).state == "proposed"
    await stage.controls.start(GRACE, made)
    await stage.controls.start(ADA, made)
    await stage.drive(made)
    assert (await stage.rollouts.get(made)).state == "done"
    rehearsed = await stage.rolled(dry_run=True)
    assert (await stage.rollouts.get(rehearsed)).state == "rehearsed"
    assert len(stage.tenancy.applied) == 20


async def test_a_proposal_nobody_starts_expires(stage: RolloutStage) -> None:
    made = await stage.rolled(start=False)
    assert (await stage.later(made, timedelta(days=8))).state == "withdrawn"


async def test_what_failed_on_a_copy_never_runs(stage: RolloutStage) -> None:
    failure = TryOutFailure("up", 1, "42P01", "relation “t” does not exist")
    stage.tenancy.trial = TryOutResult({}, failure=failure)
    made = await stage.rolled()
    seen = await stage.rollouts.get(made)
    assert (seen.state, seen.breaches[0].code, seen.failed) == ("refused", "try_out", True)
    assert "does not exist" in seen.breaches[0].detail
    assert stage.tenancy.applied == []


async def test_the_canary_is_chosen_by_a_survey_and_stands_for_its_version(
    stage: RolloutStage,
) -> None:
    for n in range(1, 21):
        stage.tenancy.join(stage.tenant(n), price=100 * n)
    stage.tenancy.schemas[stage.tenant(1)] = "odd"
    stage.tenancy.away.add(stage.tenant(2))
    made = await stage.rolled(strategy="canary", start=False)
    review = await stage.rollouts.review(made)
    assert review is not None
    assert (review.canary, review.odd, review.away) == (
        stage.tenant(3),
        (stage.tenant(1),),
        (stage.tenant(2),),
    )
    assert stage.tenancy.references == [stage.tenant(3)]
    assert review.sizes == (1, 19)


async def test_no_tenants_is_success_and_new_ones_get_it(stage: RolloutStage) -> None:
    stage.tenancy.members.clear()
    waiting = stage.tenancy.join("pending", ready=False)
    made = await stage.rolled(strategy="canary")
    seen = await stage.rollouts.get(made)
    assert (seen.state, seen.total, seen.failed) == ("done", 0, False)
    review = await stage.rollouts.review(made)
    assert review is not None
    assert review.waits == ("pending",)
    assert waiting.parts is None
    new = stage.tenancy.join("new")
    assert new.parts is not None
    assert await stage.catch_up.catch_up("new", new.parts) == 1
    assert await stage.catch_up.catch_up("new", new.parts) == 0


async def test_a_tenant_that_comes_during_a_rollout_gets_it_in_the_last_wave(
    stage: RolloutStage,
) -> None:
    made = await stage.rolled(strategy="gradual")
    new = stage.tenancy.join("new")
    assert new.parts is not None
    assert await stage.catch_up.catch_up("new", new.parts) == 0
    seen = await stage.later(made, timedelta(hours=1))
    assert (seen.state, seen.counts) == ("done", {"done": 21})
    assert (await stage.rollouts.targets(made))[-1].tenant_id == "new"
    assert await stage.catch_up.catch_up("new", new.parts) == 0


async def test_one_that_was_caught_up_while_a_rollout_finished_is_looked_at_again(
    stage: RolloutStage,
) -> None:
    new = stage.tenancy.join("new", ready=False)
    parts = stage.tenancy.join("other").parts
    assert parts is not None
    await stage.catch_up.catch_up("new", replace(parts, database="new"))
    made = await stage.rolled()
    stage.tenancy.members["new"] = replace(new, ready=True, parts=replace(parts, database="new"))
    assert await stage.catch_up.bring_up(stage.tenancy) == 1
    assert ("new", "up") in stage.tenancy.applied
    # It is the rollout's own, so that rolling back takes it along.
    assert (await stage.states(made))["new"] == "done"


async def test_changed_sql_under_an_old_version_is_refused(stage: RolloutStage) -> None:
    await stage.rolled(version="v1")
    with pytest.raises(Conflict):
        await stage.propose(stage.order(version="v1", up_sql="ALTER TABLE t ADD d int"))
    # Comments and blanks between statements are no change.
    again = await stage.propose(stage.order(version="v1", up_sql="ALTER TABLE t ADD c int ;"))
    await stage.drive(again)
    assert (await stage.rollouts.get(again)).counts == {"done": 20}
    assert len(stage.tenancy.applied) == 20


async def test_two_rollouts_never_have_one_tenant_at_the_same_time(stage: RolloutStage) -> None:
    first = await stage.rolled(strategy="gradual")
    second = await stage.rolled()
    seen = await stage.rollouts.get(second)
    assert (seen.state, seen.breaches[0].code) == ("proposed", "clashes")
    with pytest.raises(Conflict) as refused:
        await stage.controls.start(ADA, second)
    assert first in refused.value.sentence("en")
    await stage.controls.abort(ADA, first)
    await stage.drive(first)
    await stage.controls.start(ADA, second)
    await stage.drive(second)
    assert (await stage.rollouts.get(second)).state == "done"


@pytest.mark.parametrize(
    ("field", "order"),
    [
        ("version", {"version": "no spaces"}),
        ("sql", {"up_sql": "  "}),
        ("sql", {"up_sql": "nonsense"}),
        ("rollback_sql", {"down_sql": "nonsense"}),
        ("strategy", {"strategy": "yolo"}),
        ("tenants", {"tenants": ("nobody",)}),
        ("canary", {"canary": "nobody", "strategy": "canary"}),
    ],
)
async def test_bad_input_is_refused_with_its_field_and_changes_nothing(
    stage: RolloutStage, field: str, order: Asked
) -> None:
    with pytest.raises(Invalid) as refused:
        await stage.propose(stage.order(**order))
    assert refused.value.field == field
    assert await stage.rollouts.list() == ()
