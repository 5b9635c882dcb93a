"""Outgoing webhooks: whom they may go to, and who hears of endpoints that are dead."""

from collections.abc import Mapping

from bot.settings.settings import Settings
from bot.wiring.foundation import Foundation
from integrations.http import is_loopback
from integrations.webhooks.client import WebhookClient
from integrations.webhooks.types import AddressPolicy
from services import WebhookServices
from services.mail import Writer
from services.webhooks import FailureContacts, WebhookDeliveries, Webhooks, letters_webhooks


def build_webhooks(
    base: Foundation, client: WebhookClient, contacts: FailureContacts
) -> WebhookServices:
    """Endpoints are checked by the rule that `client` connects by."""
    return WebhookServices(
        endpoints=Webhooks(base.database, webhook_reach(base.settings), base.clock),
        deliveries=WebhookDeliveries(base.database, client, contacts, base.clock),
    )


def webhook_letters() -> Mapping[str, Writer]:
    """Who writes which kind of e-mail."""
    return {letters_webhooks.LETTER: letters_webhooks.disabled}


def webhook_reach(settings: Settings) -> AddressPolicy:
    """Whom webhooks may go to: anybody only where PUBLIC_URL itself says loopback.

    Whoever says that is trying the product out, and the receivers are on this machine, too. Not
    having said anything is no reason to drop the guard.
    """
    return AddressPolicy.ANYONE if is_loopback(settings.public_url) else AddressPolicy.PUBLIC
