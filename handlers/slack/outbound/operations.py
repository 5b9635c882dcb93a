"""The card of an operation in Slack: posted once, drawn anew where it is."""

from collections.abc import Mapping

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.slack.kit.context import code_of
from handlers.slack.outbound.messenger import CARD_GONE, Clients, reaching_slack
from services.actors import Actor
from services.errors import AWAY, DomainError, Temporary
from services.operations import Operation, Place
from views.kit.blocks import Message
from views.slack import operations as views
from views.words.operations import KindWords

log = structlog.get_logger(__name__)


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
        client = await self._client(operation)
        if operation.message_ts and await _updated(client, operation, message):
            return Place(operation.workspace_id, operation.channel_id, operation.message_ts)
        try:
            with reaching_slack():
                posted = await client.chat_postMessage(
                    channel=operation.channel_id, text=message.text, blocks=message.blocks
                )
        except SlackApiError as error:
            log.warning("slack.not_told", reason=code_of(error))
            return None
        return Place(operation.workspace_id, posted["channel"], posted["ts"])

    async def _client(self, operation: Operation) -> AsyncWebClient:
        try:
            return await self._clients(Actor(operation.workspace_id, ""))
        except DomainError as error:
            raise Temporary(AWAY, vendor="Slack") from error


async def _updated(client: AsyncWebClient, operation: Operation, message: Message) -> bool:
    try:
        with reaching_slack():
            await client.chat_update(
                channel=operation.channel_id,
                ts=operation.message_ts,
                text=message.text,
                blocks=message.blocks,
            )
    except SlackApiError as error:
        if code_of(error) not in CARD_GONE:
            log.warning("slack.not_told", reason=code_of(error))
            return True
        return False
    return True
