"""What members are told of meetings that arrive: in their direct messages, never in a channel."""

from handlers.slack.outbound.messenger import SlackMessenger
from handlers.slack.outbound.post import Posted, draw, post
from handlers.slack.outbound.reach import RefusedBySlack, client_for
from services.actors import Actor
from services.arrivals import ArrivalCard, ArrivalPlace
from services.errors import DomainError, NotFound
from services.people import Member
from views.slack import arrivals as views


class SlackArrivalRoom:
    """Speaks to members as the bot of their own workspace."""

    def __init__(self, messenger: SlackMessenger) -> None:
        self._messenger = messenger

    async def installed(self, workspace_id: str) -> bool | None:
        """Whether the app is in that workspace; None while nobody knows."""
        try:
            # An organisation that installed us as a whole is one workspace.
            whole = workspace_id if workspace_id.startswith("E") else None
            await self._messenger.clients(Actor(workspace_id, "", whole))
        except NotFound:
            return False
        except DomainError:
            return None
        return True

    async def show(
        self, member: Member, card: ArrivalCard, at: ArrivalPlace
    ) -> ArrivalPlace | None:
        """Draw the card there, or post it; None when Slack refuses. Raises Temporary."""
        client = await client_for(self._messenger.clients, member.actor)
        place, person = Posted(at.channel, at.ts), member.actor.member_id
        try:
            posted = await draw(client, place, person, views.card(card, member))
        except RefusedBySlack:
            return None
        return ArrivalPlace(posted.channel_id, posted.ts)

    async def withdraw(self, member: Member, at: ArrivalPlace) -> None:
        """Take back a card that turned out to be the second."""
        await self._messenger.withdraw(member.actor, at.channel, at.ts)

    async def remind(self, member: Member, title: str, at: ArrivalPlace) -> None:
        """Say below the card that its draft was not used. Raises Temporary, RefusedBySlack."""
        client = await client_for(self._messenger.clients, member.actor)
        message = views.reminder(title, member)
        await post(client, at.channel, message, thread_ts=at.ts)
