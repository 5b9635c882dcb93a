"""What leaves the house by itself: e-mails and outgoing webhooks, built from the settings."""

from dataclasses import dataclass

from bot.process.metrics import Metrics
from bot.settings.settings import BadSettings, Settings
from bot.wiring.product import now
from db.store.session import Database
from handlers.slack.outbound.messenger import SlackMessenger
from handlers.slack.outbound.ops_room import SlackOpsRoom
from integrations.http import ClientOptions, is_loopback
from integrations.smtp.client import Mailer
from integrations.smtp.types import read_server
from integrations.webhooks.client import WebhookClient as Receivers
from integrations.webhooks.types import AddressPolicy
from services.licensing import LicenseLetters, letters_licenses
from services.mail import Emails, LostEmails, Post
from services.webhooks import FailureContacts, WebhookDeliveries, Webhooks, letters_webhooks


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The services, and the clients they use."""

    emails: Emails
    lost_emails: LostEmails
    webhooks: Webhooks
    webhook_deliveries: WebhookDeliveries
    receivers: Receivers

    async def start(self) -> None:
        """Nothing connects before it is used."""

    async def close(self) -> None:
        """Give connections back."""
        await self.receivers.close()


def build_outgoing(
    settings: Settings, database: Database, metrics: Metrics, messenger: SlackMessenger
) -> Outgoing:
    """Built once per process."""
    terms = ClientOptions(observe=metrics.vendor)
    reach = webhook_reach(settings)
    post = Post(_mailer(settings, terms), settings.email_from)
    letters = LicenseLetters(now)
    writers = {
        letters_licenses.DELIVERY: letters.delivery,
        letters_licenses.EXPIRING: letters.expiring,
        letters_webhooks.LETTER: letters_webhooks.disabled,
    }
    emails = Emails(database, post, writers, now)
    clients = messenger.clients
    room = SlackOpsRoom(clients, settings.slack_ops_team_id, settings.slack_ops_channel_id)
    receivers = Receivers(reach, terms)
    told = FailureContacts(room, emails, post.address if post.ready else "")
    return Outgoing(
        emails=emails,
        lost_emails=LostEmails(database, room),
        webhooks=Webhooks(database, reach, now),
        webhook_deliveries=WebhookDeliveries(database, receivers, told, now),
        receivers=receivers,
    )


def webhook_reach(settings: Settings) -> AddressPolicy:
    """Whom webhooks may go to: anybody only where PUBLIC_URL itself says loopback.

    Whoever says that is trying the product out, and the receivers are on this machine, too. Not
    having said anything is no reason to drop the guard.
    """
    return AddressPolicy.ANYONE if is_loopback(settings.public_url) else AddressPolicy.PUBLIC


def _mailer(settings: Settings, terms: ClientOptions) -> Mailer | None:
    url = settings.smtp_url.get_secret_value()
    try:
        return Mailer(read_server(url), terms) if url else None
    except ValueError as error:
        raise BadSettings(f"SMTP_URL: {error}") from None
