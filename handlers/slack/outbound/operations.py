"""The card of an operation in Slack: posted once, drawn anew where it is."""

from collections.abc import Mapping

from handlers.slack.outbound.post import Posted, draw
from handlers.slack.outbound.reach import Clients, Refused, client_for
from services.actors import Actor
from services.operations import Operation, Place
from views.slack import operations as views
from views.words.operations import KindWords


class SlackOperationDisplay:
    """Draws operations that name a channel; those that name none are not drawn."""

    def __init__(self, clients: Clients, words: Mapping[str, KindWords]) -> None:
        """`words` by kind of operation."""
        self._clients = clients
        self._words = words

    async def draw(self, operation: Operation) -> Place | None:
        """Post or update the card. Raises Temporary while Slack is away."""
        if not (operation.workspace_id and operation.channel_id):
            return None
        message = views.card(operation, self._words[operation.kind])
        client = await client_for(self._clients, Actor(operation.workspace_id, ""))
        at = Posted(operation.channel_id, operation.message_ts)
        try:
            at = await draw(client, at, operation.channel_id, message)
        except Refused:
            return None
        return Place(operation.workspace_id, at.channel_id, at.ts)
