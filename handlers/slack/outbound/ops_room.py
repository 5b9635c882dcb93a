"""The services' ops room made real: the ops channel of the home workspace."""

from contextlib import suppress

from handlers.slack.outbound.post import post
from handlers.slack.outbound.reach import Clients, NotInstalled, RefusedBySlack, client_for
from services.actors import Actor
from services.credits import CreditBreach
from services.operations import Place
from views.kit.blocks import Message
from views.slack import admins as admin_views
from views.slack import credits as credit_views
from views.slack import mail as email_views
from views.slack import webhooks as webhook_views

# One channel for everybody who runs the business.
LANGUAGE = "en"


class SlackOpsRoom:
    """Speaks as the bot of the home workspace; without an ops channel it says nothing."""

    def __init__(self, clients: Clients, team_id: str, channel_id: str) -> None:
        self._clients = clients
        self._team_id = team_id
        self._channel_id = channel_id

    @property
    def place(self) -> Place | None:
        """Where it is; None without one."""
        known = self._team_id and self._channel_id
        return Place(self._team_id, self._channel_id) if known else None

    async def endpoint_off(self, url: str, reason: str) -> None:
        """An outgoing webhook's endpoint was switched off; raises Temporary."""
        await self.say(webhook_views.endpoint_off(url, reason, LANGUAGE))

    async def emails_lost(self, failed: int, uncertain: int) -> None:
        """So many e-mails were given up, so many may not have arrived; raises Temporary."""
        await self.say(email_views.lost(failed, uncertain, LANGUAGE))

    async def credits_broken(self, breaches: tuple[CreditBreach, ...], total: int) -> None:
        """So many credit accounts do not prove, these among them; raises Temporary."""
        await self.say(credit_views.broken(breaches, total, LANGUAGE))

    async def wrong_passwords(self, name: str, failures: int, address: str) -> None:
        """So many wrong passwords for one admin of the dashboard; raises Temporary."""
        await self.say(admin_views.wrong_passwords(name, failures, address, LANGUAGE))

    async def say(self, message: Message) -> None:
        """Post it there; raises Temporary."""
        if not (self._team_id and self._channel_id):
            return
        # A workspace or channel that is not there is not tried for ever.
        with suppress(NotInstalled, RefusedBySlack):
            client = await client_for(self._clients, Actor(self._team_id, ""))
            await post(client, self._channel_id, message)
