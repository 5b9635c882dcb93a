"""What nobody raises is looked at: vendors, queues, rollouts, Stripe, certificates and keys."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from services.alerts import Cause
from services.billing import Compared
from tests.kit.alert_stage import AlertStage
from tests.views.scenes_rollouts import HALT

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WAITING = text(
    "INSERT INTO dbos.workflow_status (workflow_uuid, status, name, queue_name, application_name,"
    " created_at, updated_at) VALUES ('w1', 'ENQUEUED', 'x', 'work', 'seguito', :at, :at)"
)
BEGUN = text("UPDATE dbos.workflow_status SET status = 'PENDING'")


async def firing(stage: AlertStage) -> set[tuple[str, str]]:
    """What lasts now."""
    return {(one.cause, one.subject) for one in await stage.alerts.lively() if one.is_firing}


async def test_a_vendor_that_is_away_and_back_is_an_alert_and_its_end(stage: AlertStage) -> None:
    await stage.watch.vendors({"fathom": True, "claude": False, "webhooks": True})
    # Other people's servers are no vendors of ours.
    assert await firing(stage) == {(Cause.VENDOR_DOWN, "Fathom")}
    await stage.watch.vendors({"fathom": False})
    assert await firing(stage) == set()


async def test_a_job_that_waits_too_long_is_told_until_it_begins(stage: AlertStage) -> None:
    since = int((stage.now - 11 * MINUTE).timestamp() * 1000)
    async with stage.database.transaction() as session:
        await session.execute(WAITING, {"at": since})
    await stage.watch.look()
    assert await firing(stage) == {(Cause.JOBS_WAIT, "work")}
    async with stage.database.transaction() as session:
        await session.execute(BEGUN)
    await stage.watch.look()
    assert await firing(stage) == set()


async def test_a_rollout_that_goes_on_ends_its_alert(stage: AlertStage) -> None:
    stage.world.rollouts = (HALT,)
    await stage.alerts.fire(Cause.ROLLOUT_HALTED, HALT.version)
    await stage.watch.look()
    assert await firing(stage) == {(Cause.ROLLOUT_HALTED, HALT.version)}
    stage.world.rollouts = ()
    await stage.watch.look()
    assert await firing(stage) == set()


@pytest.mark.parametrize("state", ["incomplete", "complete"])
async def test_a_comparison_is_drift_until_it_is_clean(stage: AlertStage, state: str) -> None:
    clean = state == "complete"
    stage.world.compared = Compared("cmp_1", state, 250, "", stage.now, stage.now, ())
    await stage.watch.look()
    assert await firing(stage) == (set() if clean else {(Cause.DRIFT, "Stripe")})


async def test_what_ends_within_two_weeks_is_told_until_it_is_renewed(stage: AlertStage) -> None:
    stage.world.certificates = {"seguito.example": stage.now + 13 * DAY}
    stage.world.keys = {"OpenRouter": stage.now + 60 * DAY}
    await stage.watch.turn()
    assert await firing(stage) == {(Cause.CERTIFICATE, "seguito.example")}
    stage.world.certificates = {"seguito.example": stage.now + 90 * DAY}
    # Looked at every six hours.
    stage.now += timedelta(hours=6)
    await stage.watch.turn()
    assert await firing(stage) == set()
