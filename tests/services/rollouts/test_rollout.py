"""A rollout from its check to its end: waves, watches, halts, ways out, the way back."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from integrations.tenant_databases.outcomes import (
    Fingerprint,
    SchemaDifference,
    SchemaDrifted,
    ServerHalted,
    StatementFailed,
    TenantDeferred,
    TryOutResult,
    Vitals,
)
from services.errors import Conflict, Invalid
from tests.kit.rollout_stage import ADA, GRACE, MINUTES, RolloutStage

BROKEN = StatementFailed(1, "23502", "column “c” contains null values")
GONE = TenantDeferred("unreachable")


async def failing_seventh(stage: RolloutStage) -> tuple[str, str]:
    """A rollout over everybody at once, whose seventh tenant fails; its id and that tenant."""
    made = await stage.propose(stage.order())
    for step in ("check", "consent"):
        await stage.operations.advance((await stage.rollouts.get(made)).operation_id, "1", step)
    seventh = (await stage.rollouts.targets(made))[6].tenant_id
    stage.tenancy.outcomes[seventh] = [BROKEN]
    await stage.drive(made)
    return made, seventh


async def test_everybody_gets_it_once_and_it_is_over(stage: RolloutStage) -> None:
    made = await stage.rolled()
    seen = await stage.rollouts.get(made)
    assert (seen.state, seen.counts) == ("done", {"done": 20})
    assert len(stage.tenancy.applied) == 20
    assert not seen.failed


async def test_waves_grow_and_each_is_watched_before_the_next(stage: RolloutStage) -> None:
    options = replace(MINUTES, canary_watch=timedelta(minutes=90))
    made = await stage.rolled(strategy="canary_gradual", options=options)
    sizes = [len(stage.tenancy.applied)]
    for pause in (timedelta(minutes=90), timedelta(minutes=10), timedelta(minutes=10)):
        await stage.later(made, pause - timedelta(minutes=3))
        assert len(stage.tenancy.applied) == sizes[-1]
        await stage.later(made, timedelta(minutes=3))
        sizes.append(len(stage.tenancy.applied))
    assert sizes == [1, 2, 10, 20]
    assert (await stage.rollouts.get(made)).state == "done"


async def test_the_seventh_of_twenty_fails_is_mended_retried_and_the_rest_follows(
    stage: RolloutStage,
) -> None:
    made, seventh = await failing_seventh(stage)
    seen = await stage.rollouts.get(made)
    assert (seen.control, seen.counts) == ("halt", {"done": 6, "failed": 1, "waiting": 13})
    assert [(one.code, one.tenant) for one in seen.breaches] == [("failures", seventh)]
    assert "null values" in seen.breaches[0].detail
    assert stage.heard.halts == [made]
    assert seen.failed
    await stage.controls.retry_failed(GRACE, made)
    await stage.drive(made)
    assert (await stage.rollouts.get(made)).counts == {"done": 20}
    assert Counter(tenant for tenant, _ in stage.tenancy.applied).most_common(1)[0][1] == 1


async def test_who_fails_again_halts_it_again(stage: RolloutStage) -> None:
    made, seventh = await failing_seventh(stage)
    stage.tenancy.outcomes[seventh] = [BROKEN]
    await stage.controls.retry_failed(ADA, made)
    await stage.drive(made)
    assert (await stage.rollouts.get(made)).control == "halt"


async def test_resumed_in_spite_of_a_failure_it_goes_on_and_ends_without_that_tenant(
    stage: RolloutStage,
) -> None:
    made, _ = await failing_seventh(stage)
    await stage.controls.resume(ADA, made)
    await stage.drive(made)
    halted = await stage.rollouts.get(made)
    assert (halted.control, halted.breaches[0].code) == ("halt", "failed_left")
    await stage.controls.resume(ADA, made)
    await stage.drive(made)
    over = await stage.rollouts.get(made)
    assert (over.state, over.counts, over.failed) == ("done", {"done": 19, "failed": 1}, True)


async def test_below_its_threshold_a_large_wave_goes_on(stage: RolloutStage) -> None:
    options = replace(MINUTES, threshold=3)
    stage.tenancy.outcomes[stage.tenant(3)] = [BROKEN]
    stage.tenancy.outcomes[stage.tenant(9)] = [BROKEN]
    made = await stage.rolled(options=options)
    seen = await stage.rollouts.get(made)
    assert seen.counts == {"done": 18, "failed": 2}
    assert seen.breaches[0].code == "failed_left"


async def test_a_pause_begins_nobody_and_resume_goes_on(stage: RolloutStage) -> None:
    made = await stage.rolled(strategy="gradual")
    await stage.controls.pause(ADA, made)
    await stage.later(made, timedelta(hours=1))
    assert len(stage.tenancy.applied) == 2
    await stage.controls.pause(ADA, made)
    await stage.controls.resume(GRACE, made)
    await stage.later(made, timedelta(hours=1))
    assert (await stage.rollouts.get(made)).state == "done"


async def test_a_hold_stops_at_the_end_of_the_wave_until_somebody_resumes(
    stage: RolloutStage,
) -> None:
    made = await stage.rolled(strategy="gradual")
    await stage.controls.hold(ADA, made)
    await stage.later(made, timedelta(hours=2))
    assert len(stage.tenancy.applied) == 2
    await stage.controls.resume(ADA, made)
    await stage.drive(made)
    assert len(stage.tenancy.applied) == 10


async def test_watched_enough_begins_the_next_wave_at_once(stage: RolloutStage) -> None:
    made = await stage.rolled(strategy="canary")
    await stage.controls.watched_enough(ADA, made)
    await stage.drive(made)
    assert (await stage.rollouts.get(made)).state == "done"
    with pytest.raises(Conflict):
        await stage.controls.watched_enough(ADA, made)


async def test_an_abort_leaves_what_is_done(stage: RolloutStage) -> None:
    made = await stage.rolled(strategy="gradual")
    await stage.controls.abort(ADA, made)
    await stage.drive(made)
    seen = await stage.rollouts.get(made)
    assert (seen.state, seen.counts) == ("aborted", {"done": 2, "waiting": 18})
    await stage.controls.abort(ADA, made)
    with pytest.raises(Conflict):
        await stage.controls.resume(ADA, made)


async def test_rolled_back_are_those_whose_own_journal_says_done_for_this_rollout(
    stage: RolloutStage,
) -> None:
    made, _ = await failing_seventh(stage)
    done = [tenant for tenant, _ in stage.tenancy.applied]
    stage.tenancy.write(done[2], "other:v9:up", "v9", up=True)
    await stage.controls.roll_back(ADA, made, (await stage.rollouts.get(made)).version)
    await stage.drive(made)
    seen = await stage.rollouts.get(made)
    undone = [tenant for tenant, direction in stage.tenancy.applied if direction == "down"]
    assert seen.state == "rolled_back"
    assert undone == [one for one in reversed(done) if one != done[2]]
    assert seen.counts == {"done": 5, "kept": 1, "untouched": 14}
    kept = next(one for one in await stage.rollouts.targets(made) if one.state == "kept")
    assert (kept.tenant_id, kept.code, kept.facts) == (
        done[2],
        "later_version",
        {"version": "v9"},
    )


async def test_what_was_applied_by_another_rollout_is_not_rolled_back(stage: RolloutStage) -> None:
    first = await stage.propose(stage.order(version="v1", tenants=(stage.tenant(1),)))
    await stage.drive(first)
    second = await stage.rolled(version="v1")
    await stage.controls.roll_back(ADA, second, "v1")
    await stage.drive(second)
    states = await stage.states(second)
    assert states[stage.tenant(1)] == "untouched"
    assert Counter(states.values()) == {"done": 19, "untouched": 1}


async def test_after_its_end_it_can_be_rolled_back_with_the_version_typed(
    stage: RolloutStage,
) -> None:
    made = await stage.rolled()
    version = (await stage.rollouts.get(made)).version
    with pytest.raises(Invalid) as refused:
        await stage.controls.roll_back(ADA, made, "yes")
    assert refused.value.field == "typed"
    await stage.controls.roll_back(ADA, made, version)
    await stage.controls.roll_back(ADA, made, version)
    await stage.drive(made)
    assert (await stage.rollouts.get(made)).state == "rolled_back"
    assert len(stage.tenancy.applied) == 40
    newcomer = stage.tenancy.join("new")
    assert newcomer.parts is not None
    assert await stage.catch_up.catch_up("new", newcomer.parts) == 0


async def test_without_a_proven_way_back_none_is_offered(stage: RolloutStage) -> None:
    stage.tenancy.trial = TryOutResult({}, down_returns=False)
    made = await stage.rolled()
    with pytest.raises(Conflict):
        await stage.controls.roll_back(ADA, made, "")


async def test_a_breach_while_watching_halts_and_says_why_or_rolls_back_if_planned(
    stage: RolloutStage,
) -> None:
    made = await stage.rolled(strategy="gradual")
    first = stage.tenancy.applied[0][0]
    stage.tenancy.vitals_of[first] = Vitals(timedelta(seconds=9), 0, 0)
    seen = await stage.later(made, timedelta(minutes=5))
    assert (seen.control, [(b.code, b.tenant, b.detail) for b in seen.breaches]) == (
        "halt",
        [("locked", first, "9")],
    )
    await stage.controls.resume(ADA, made)
    assert (await stage.later(made, timedelta(hours=1))).state == "done"

    planned = await stage.rolled(
        strategy="gradual", options=replace(MINUTES, return_by_itself=True)
    )
    tenant = stage.tenancy.applied[-1][0]
    stage.tenancy.vitals_of[tenant] = Vitals(timedelta(seconds=9), 0, 0)
    assert (await stage.later(planned, timedelta(minutes=5))).state == "rolled_back"


@pytest.mark.parametrize(
    ("what", "code"), [("away", "unreachable"), ("site", "site"), ("rollbacks", "failing")]
)
async def test_each_gate_halts(stage: RolloutStage, what: str, code: str) -> None:
    made = await stage.rolled(strategy="gradual")
    tenant = stage.tenancy.applied[1][0]
    if what == "away":
        stage.tenancy.away.add(tenant)
    elif what == "site":
        stage.tenancy.sites[tenant] = "500"
    else:
        stage.tenancy.vitals_of[tenant] = Vitals(timedelta(0), 100, 50)
    seen = await stage.later(made, timedelta(minutes=5))
    assert [(one.code, one.tenant) for one in seen.breaches] == [(code, tenant)]


async def test_who_is_out_of_reach_is_deferred_and_caught_up_by_itself(stage: RolloutStage) -> None:
    stage.tenancy.outcomes[stage.tenant(4)] = [GONE, GONE]
    made = await stage.rolled()
    seen = await stage.rollouts.get(made)
    assert (seen.state, seen.control, seen.counts) == ("open", "run", {"done": 19, "deferred": 1})
    assert not seen.failed
    assert (await stage.later(made, timedelta(minutes=5))).counts == {"done": 20}


async def test_finished_without_those_out_of_reach_they_are_caught_up_later(
    stage: RolloutStage,
) -> None:
    stage.tenancy.outcomes[stage.tenant(4)] = [GONE]
    made = await stage.rolled()
    await stage.controls.finish_without(ADA, made)
    await stage.drive(made)
    seen = await stage.rollouts.get(made)
    assert (seen.state, seen.counts) == ("done", {"done": 19, "left": 1})
    stage.now += timedelta(hours=1)
    assert await stage.catch_up.bring_up(stage.tenancy) == 1
    assert (await stage.rollouts.get(made)).counts == {"done": 20}
    assert await stage.catch_up.bring_up(stage.tenancy) == 0


async def test_a_drifted_tenant_is_in_quarantine_fails_nobody_and_has_two_ways_out(
    stage: RolloutStage,
) -> None:
    difference = SchemaDifference(unexpected=("table odd",), missing=("column t.b",))
    odd = SchemaDrifted("before", Fingerprint(18, "other"), difference)
    stage.tenancy.outcomes[stage.tenant(2)] = [odd, odd]
    stage.tenancy.outcomes[stage.tenant(5)] = [odd]
    made = await stage.rolled()
    seen = await stage.rollouts.get(made)
    assert (seen.state, seen.counts) == ("done", {"done": 18, "drifted": 2})
    drifted = [one for one in await stage.rollouts.targets(made) if one.state == "drifted"]
    assert {one.drift for one in drifted} == {difference}
    await stage.controls.retry_drifted(ADA, made, stage.tenant(5))
    await stage.drive(made)
    with pytest.raises(Conflict):
        await stage.controls.take_as_baseline(ADA, made, stage.tenant(2), "18:unseen")
    await stage.controls.retry_drifted(ADA, made, stage.tenant(2))
    await stage.drive(made)
    await stage.controls.take_as_baseline(ADA, made, stage.tenant(2), "18:other")
    await stage.drive(made)
    assert (await stage.rollouts.get(made)).counts == {"done": 20}
    expected = stage.tenancy.orders[-1].expected[18]
    assert expected.before is not None
    assert (expected.before.hash, expected.after) == ("other", None)


async def test_a_full_disk_halts_at_once_whatever_the_threshold(stage: RolloutStage) -> None:
    stage.tenancy.outcomes[stage.tenant(4)] = [ServerHalted("53100", "No space left on device")]
    made = await stage.rolled(options=replace(MINUTES, threshold=100))
    seen = await stage.rollouts.get(made)
    assert (seen.control, seen.breaches[0].code) == ("halt", "server")


async def test_whom_the_preview_chose_does_not_go_first_when_it_owes_by_the_start(
    stage: RolloutStage,
) -> None:
    made = await stage.propose(stage.order(strategy="canary", start=False))
    await stage.drive(made)
    chosen = (await stage.rollouts.get(made)).canary
    members = stage.tenancy.members
    members[chosen] = replace(members[chosen], dunning=True)
    await stage.controls.start(ADA, made)
    await stage.drive(made)
    first = (await stage.rollouts.get(made)).canary
    assert first not in ("", chosen)
    assert stage.tenancy.applied == [(first, "up")]


async def test_when_nobody_may_go_first_any_more_a_person_is_asked_and_whom_they_name_goes(
    stage: RolloutStage,
) -> None:
    made = await stage.propose(stage.order(strategy="canary", start=False))
    await stage.drive(made)
    for name, one in stage.tenancy.members.items():
        stage.tenancy.members[name] = replace(one, dunning=True)
    await stage.controls.start(ADA, made)
    await stage.drive(made)
    seen = await stage.rollouts.get(made)
    assert (seen.state, seen.wanted, seen.breaches[0].code) == ("proposed", False, "no_canary")
    await stage.controls.withdraw(ADA, made)
    named = await stage.rolled(strategy="canary", canary=stage.tenant(3))
    assert stage.tenancy.applied == [(stage.tenant(3), "up")]
    assert (await stage.rollouts.get(named)).canary == stage.tenant(3)


async def test_a_canary_that_was_not_reached_is_nobody_to_watch(stage: RolloutStage) -> None:
    made = await stage.propose(stage.order(strategy="canary", canary=stage.tenant(8)))
    stage.tenancy.outcomes[stage.tenant(8)] = [GONE]
    await stage.drive(made)
    seen = await stage.rollouts.get(made)
    assert (seen.control, seen.breaches[0].code) == ("halt", "nobody")
    await stage.controls.retry_failed(ADA, made)
    await stage.drive(made)
    assert (await stage.rollouts.get(made)).wave_counts[1] == {"done": 1}
