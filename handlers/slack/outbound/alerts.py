"""Alerts in the ops channel: posted, drawn anew, and said to be over."""

from collections.abc import Callable
from contextlib import suppress

from slack_sdk.web.async_client import AsyncWebClient

from handlers.slack.outbound.post import Posted, post, update
from handlers.slack.outbound.reach import Clients, NotInstalled, RefusedBySlack, client_for
from services.actors import Actor
from services.alerts import Alert, NoRoom
from services.operations import Place
from services.phrases import Phrase
from views.kit.blocks import Message
from views.slack import alerts as views

# One channel for everybody who runs the business.
LANGUAGE = "en"
NO_ROOM = Phrase(
    "There is no ops channel, or Seguito is not in it.",
    "Non c’è un canale ops, oppure Seguito non ne fa parte.",
)


class SlackAlertRoom:
    """Speaks in the ops channel; raises Temporary while Slack is away, NoRoom where it may not."""

    def __init__(
        self, clients: Clients, place: Place | None, runbook: Callable[[str], str]
    ) -> None:
        """`runbook`: where the page of a cause is."""
        self._clients = clients
        self._place = place
        self._runbook = runbook

    async def post(self, alert: Alert) -> Place:
        """A new message, and where it is."""
        client, place = await self._there()
        at = await self._posted(client, place, self._message(alert))
        return Place(place.workspace_id, at.channel_id, at.ts)

    async def draw(self, place: Place, alert: Alert) -> None:
        """The message as things stand now; one that somebody deleted stays deleted."""
        client, _ = await self._there()
        await update(client, Posted(place.channel_id, place.message_ts), self._message(alert))

    async def recovered(self, alert: Alert) -> None:
        """That it is over."""
        client, place = await self._there()
        with suppress(NoRoom):
            await self._posted(client, place, views.recovered(alert, LANGUAGE))

    def _message(self, alert: Alert) -> Message:
        return views.alert(alert, self._runbook(alert.cause), LANGUAGE)

    async def _there(self) -> tuple[AsyncWebClient, Place]:
        if self._place is None:
            raise NoRoom(NO_ROOM)
        try:
            actor = Actor(self._place.workspace_id, "")
            return await client_for(self._clients, actor), self._place
        except NotInstalled as error:
            raise NoRoom(NO_ROOM) from error

    async def _posted(self, client: AsyncWebClient, place: Place, message: Message) -> Posted:
        try:
            return await post(client, place.channel_id, message)
        except RefusedBySlack as error:
            raise NoRoom(NO_ROOM) from error
