"""The services' greeter made real: a direct message to whoever installed us."""

from contextlib import suppress

from handlers.slack.outbound.post import post
from handlers.slack.outbound.reach import Clients, RefusedBySlack, client_for
from services.people import Member
from views.slack.workspaces import welcome


class SlackGreeter:
    """Speaks as the bot of the workspace that was just installed."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def greet(self, member: Member) -> None:
        """Say what comes next; raises Temporary."""
        client = await client_for(self._clients, member.actor)
        with suppress(RefusedBySlack):
            await post(client, member.actor.member_id, welcome(member.language))
