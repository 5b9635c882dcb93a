"""A rollout that stands still is an alert that says which tenant and why."""

from handlers.slack.outbound.ops_room import SlackOpsRoom
from handlers.slack.outbound.rollouts import SlackRolloutRoom
from services.alerts import Cause
from services.rollouts import Rollout
from tests.kit.alert_stage import AlertStage
from tests.kit.wired import nobody
from tests.views.scenes_rollouts import HALT
from views.slack import alerts as views


class Directory:
    """One rollout, which is halted."""

    async def get(self, rollout_id: str) -> Rollout:
        """It."""
        return HALT


async def test_a_halt_is_told_as_an_alert_with_the_reason(alert_stage: AlertStage) -> None:
    ops = SlackOpsRoom(nobody, "T0HOME", "C0OPS", alert_stage.alerts)
    room = SlackRolloutRoom(ops, Directory())  # type: ignore[arg-type] # all that it asks
    await room.halted(HALT.id)
    await room.halted(HALT.id)
    await alert_stage.telling.turn()
    (posted,) = alert_stage.channel.posted
    assert (posted.cause, posted.subject) == (Cause.ROLLOUT_HALTED, HALT.version)
    said = str(views.alert(posted, "https://x.example", "en"))
    assert f"Rollout {HALT.version} is halted" in said
    assert HALT.breaches[0].tenant in said
