"""The card of a rollout, drawn anew where it is, and what the ops channel is told of a halt."""

from contextlib import suppress

from handlers.slack.outbound.operations import nowhere
from handlers.slack.outbound.ops_room import LANGUAGE, SlackOpsRoom
from handlers.slack.outbound.post import Posted, draw
from handlers.slack.outbound.reach import Clients, NotInstalled, RefusedBySlack, client_for
from services.actors import Actor
from services.alerts import Cause
from services.operations import Operation, Place
from services.rollouts import Rollouts
from views.slack.rollouts import card as views


class SlackRolloutDisplay:
    """Draws a rollout whichever of its operations asks; without a channel it is not drawn."""

    def __init__(self, clients: Clients, rollouts: Rollouts) -> None:
        self._clients = clients
        self._rollouts = rollouts

    async def draw(self, operation: Operation) -> Place | None:
        """Post or update the card. Raises Temporary while Slack is away."""
        if not (operation.workspace_id and operation.channel_id):
            return None
        rollout_id = operation.subject_id
        found = await self._rollouts.get(rollout_id)
        review = await self._rollouts.review(rollout_id)
        tenants = await self._rollouts.targets(rollout_id)
        message = views.card(found, review, tenants, operation.language)
        try:
            client = await client_for(self._clients, Actor(operation.workspace_id, ""))
        except NotInstalled as error:
            nowhere(operation, error)
            return None
        at = Posted(operation.channel_id, operation.message_ts)
        with suppress(RefusedBySlack):
            at = await draw(client, at, operation.channel_id, message)
            return Place(operation.workspace_id, at.channel_id, at.ts)
        return None


class SlackRolloutRoom:
    """An alert in the ops channel: a card that changes rings nobody's bell."""

    def __init__(self, room: SlackOpsRoom, rollouts: Rollouts) -> None:
        self._room = room
        self._rollouts = rollouts

    async def halted(self, rollout_id: str) -> None:
        """It stands still, and why."""
        found = await self._rollouts.get(rollout_id)
        await self._room.raise_alert(
            Cause.ROLLOUT_HALTED, views.reasons(found, LANGUAGE), found.version
        )
