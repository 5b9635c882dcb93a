"""What the ops channel is told of subscriptions."""

from handlers.slack.outbound.ops_room import LANGUAGE, SlackOpsRoom
from services.billing import CardOffer
from views.slack import billing as views


class SlackBillingRoom:
    """Speaks in the ops channel."""

    def __init__(self, room: SlackOpsRoom) -> None:
        self._room = room

    async def card(self, offer: CardOffer) -> None:
        """Post one card; raises Temporary while Slack is away."""
        await self._room.say(views.card(offer, LANGUAGE))
