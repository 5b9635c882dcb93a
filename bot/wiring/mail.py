"""E-mails: by which server they leave, and who writes them."""

from collections.abc import Mapping

from bot.settings.settings import BadSettings, Settings
from bot.wiring.foundation import Foundation
from handlers.slack.outbound.ops_room import SlackOpsRoom
from integrations.http import ClientOptions
from integrations.smtp.client import Mailer
from integrations.smtp.types import read_server
from services import MailServices
from services.mail import Emails, LostEmails, Post, Writer


def build_post(base: Foundation) -> Post:
    """How e-mails leave; raises BadSettings for an SMTP_URL that cannot be read."""
    options = ClientOptions(observe=base.metrics.vendor)
    return Post(_mailer(base.settings, options), base.settings.email_from)


def build_mail(
    base: Foundation, post: Post, room: SlackOpsRoom, writers: Mapping[str, Writer]
) -> MailServices:
    """`writers` by kind of e-mail; the ops room hears of those that got lost."""
    return MailServices(
        emails=Emails(base.database, post, writers, base.clock),
        lost_emails=LostEmails(base.database, room),
    )


def _mailer(settings: Settings, options: ClientOptions) -> Mailer | None:
    url = settings.smtp_url.get_secret_value()
    try:
        return Mailer(read_server(url), options) if url else None
    except ValueError as error:
        raise BadSettings(f"SMTP_URL: {error}") from None
