"""The services' ops room made real: the ops channel of the home workspace."""

from contextlib import suppress

from handlers.slack.outbound.post import post
from handlers.slack.outbound.reach import Clients, NotInstalled, RefusedBySlack, client_for
from services.actors import Actor
from services.alerts import Alerts, Cause
from services.credits import CreditBreach
from services.operations import Place
from views.kit.blocks import Message
from views.slack import admins as admin_views
from views.slack import alerts as alert_views
from views.slack import credits as credit_views
from views.slack import mail as email_views
from views.slack import webhooks as webhook_views

# One channel for everybody who runs the business.
LANGUAGE = "en"


class SlackOpsRoom:
    """Speaks as the bot of the home workspace; without an ops channel it says nothing.

    What somebody must look at is an alert: told once per cause and hour, and by e-mail where Slack
    is away.
    """

    def __init__(self, clients: Clients, team_id: str, channel_id: str, alerts: Alerts) -> None:
        self._clients = clients
        self._team_id = team_id
        self._channel_id = channel_id
        self.alerts = alerts

    @property
    def place(self) -> Place | None:
        """Where it is; None without one."""
        known = self._team_id and self._channel_id
        return Place(self._team_id, self._channel_id) if known else None

    async def endpoint_off(self, url: str, reason: str) -> None:
        """An outgoing webhook's endpoint was switched off: an alert."""
        said = webhook_views.endpoint_off(url, reason, LANGUAGE)
        await self.raise_alert(Cause.WEBHOOK_OFF, said)

    async def emails_lost(self, failed: int, uncertain: int) -> None:
        """So many e-mails were given up, so many may not have arrived: an alert."""
        said = email_views.lost(failed, uncertain, LANGUAGE)
        await self.raise_alert(Cause.EMAILS_LOST, said)

    async def credits_broken(self, breaches: tuple[CreditBreach, ...], total: int) -> None:
        """So many credit accounts do not prove, these among them: an alert."""
        said = credit_views.broken(breaches, total, LANGUAGE)
        await self.raise_alert(Cause.CREDITS_BROKEN, said)

    async def wrong_passwords(self, name: str, failures: int, address: str) -> None:
        """So many wrong passwords for one admin of the dashboard: an alert."""
        said = admin_views.wrong_passwords(name, failures, address, LANGUAGE)
        await self.raise_alert(Cause.WRONG_PASSWORDS, said)

    async def raise_alert(self, cause: Cause, said: Message, subject: str = "") -> None:
        """What a domain's own view says, as an alert."""
        await self.alerts.fire(cause, subject, alert_views.detail(said))

    async def say(self, message: Message) -> None:
        """Post it there; raises Temporary."""
        if not (self._team_id and self._channel_id):
            return
        # A workspace or channel that is not there is not tried for ever.
        with suppress(NotInstalled, RefusedBySlack):
            client = await client_for(self._clients, Actor(self._team_id, ""))
            await post(client, self._channel_id, message)
