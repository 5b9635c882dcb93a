"""The card of an operation in Slack: posted once, drawn anew where it is."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress

from handlers.slack.outbound.post import Posted, draw
from handlers.slack.outbound.reach import Clients, NotInstalled, RefusedBySlack, client_for, log
from services.actors import Actor
from services.operations import Operation, Place
from views.kit.blocks import Block
from views.slack import operations as views
from views.words.operations import KindWords

# What a domain says on its cards besides, as it stands now.
Extra = Callable[[Operation], Awaitable[Sequence[Block]]]


class SlackOperationDisplay:
    """Draws operations that name a channel; those that name none are not drawn."""

    def __init__(self, clients: Clients, words: Mapping[str, KindWords]) -> None:
        """`words` by kind of operation."""
        self._clients = clients
        self._words = words
        self._extras: dict[str, Extra] = {}

    def add(self, kind: str, extra: Extra) -> None:
        """Let a domain say more on the cards of a kind of its own; called by the wiring."""
        self._extras[kind] = extra

    async def draw(self, operation: Operation) -> Place | None:
        """Post or update the card. Raises Temporary while Slack is away."""
        if not (operation.workspace_id and operation.channel_id):
            return None
        extra = self._extras.get(operation.kind)
        more = await extra(operation) if extra else ()
        message = views.card(operation, self._words[operation.kind], more)
        try:
            client = await client_for(self._clients, Actor(operation.workspace_id, ""))
        except NotInstalled as error:
            nowhere(operation, error)
            return None
        at = Posted(operation.channel_id, operation.message_ts)
        for channel_id in (operation.channel_id, *_asker(operation)):
            with suppress(RefusedBySlack):
                at = await draw(client, at, channel_id, message)
                return Place(operation.workspace_id, at.channel_id, at.ts)
        return None


def nowhere(operation: Operation, error: NotInstalled) -> None:
    """Log that the card of an operation is drawn nowhere: its job does not wait for Slack."""
    log.warning(
        "slack.card_nowhere",
        kind=operation.kind,
        operation=operation.id,
        workspace_id=operation.workspace_id,
        detail=error.sentence("en"),
    )


def _asker(operation: Operation) -> tuple[str, ...]:
    """Whom to tell where the channel is closed to us; nobody when they are not of that Slack."""
    workspace_id, _, member_id = operation.actor_id.partition(":")
    return (member_id,) if workspace_id == operation.workspace_id and member_id else ()
