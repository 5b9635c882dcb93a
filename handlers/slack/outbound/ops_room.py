"""The services' ops room made real: the ops channel of the home workspace."""

import structlog
from slack_sdk.errors import SlackApiError

from handlers.slack.kit.context import code_of
from handlers.slack.outbound.messenger import Clients, reaching_slack
from services.actors import Actor
from views.kit.blocks import Message
from views.slack import mail as email_views
from views.slack import webhooks as webhook_views

# One channel for everybody who runs the business.
LANGUAGE = "en"

log = structlog.get_logger(__name__)


class SlackOpsRoom:
    """Speaks as the bot of the home workspace; without an ops channel it says nothing."""

    def __init__(self, clients: Clients, team_id: str, channel_id: str) -> None:
        self._clients = clients
        self._team_id = team_id
        self._channel_id = channel_id

    async def endpoint_off(self, url: str, reason: str) -> None:
        """An outgoing webhook's endpoint was switched off; raises Temporary."""
        await self._say(webhook_views.endpoint_off(url, reason, LANGUAGE))

    async def emails_lost(self, failed: int, uncertain: int) -> None:
        """So many e-mails were given up, so many may not have arrived; raises Temporary."""
        await self._say(email_views.lost(failed, uncertain, LANGUAGE))

    async def _say(self, message: Message) -> None:
        if not (self._team_id and self._channel_id):
            return
        try:
            with reaching_slack():
                client = await self._clients(Actor(self._team_id, ""))
                await client.chat_postMessage(
                    channel=self._channel_id, text=message.text, blocks=message.blocks
                )
        except SlackApiError as error:
            log.warning("ops_room.not_told", reason=code_of(error))
