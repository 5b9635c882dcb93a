"""Alerts: who raises them, what is watched, and where they are told."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from bot.settings.settings import Settings
from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from handlers.slack.outbound.alerts import SlackAlertRoom
from handlers.slack.outbound.ops_room import SlackOpsRoom
from integrations.certificates.client import certificate_ends
from services import AlertServices, BillingServices, MailServices, RolloutServices
from services.alerts import (
    LETTER,
    AlertLetters,
    AlertMail,
    AlertSources,
    AlertTelling,
    AlertWatch,
    runbook_url,
)
from services.mail import Writer

HTTPS = 443


def build_alerts(
    base: Foundation,
    vendors: Vendors,
    ops_room: SlackOpsRoom,
    mail: MailServices,
    billing: BillingServices,
    rollouts: RolloutServices,
) -> AlertServices:
    """Told in the ops channel, else by e-mail."""
    settings, database, clock = base.settings, base.database, base.clock
    alerts = ops_room.alerts
    room = SlackAlertRoom(
        base.messenger.clients,
        ops_room.place,
        lambda cause: runbook_url(settings.base_url, cause),
    )
    letters = AlertMail(mail.emails, alerts_email(settings))
    endings = Endings(settings, vendors)
    watched = AlertSources(
        billing.comparison, rollouts.directory, endings.certificates, endings.keys
    )
    return AlertServices(
        log=alerts,
        watch=AlertWatch(database, alerts, watched, clock),
        telling=AlertTelling(database, room, letters, clock),
    )


def alert_letters(base: Foundation) -> Mapping[str, Writer]:
    """Who writes which kind of e-mail."""
    return {LETTER: AlertLetters(base.settings.base_url).alert}


def alerts_email(settings: Settings) -> str:
    """Who is written to while Slack is away; without a mail server nobody."""
    if not settings.given("smtp_url"):
        return ""
    return settings.alerts_email or parseaddr(settings.email_from)[1]


class Endings:
    """What of this installation has an end: our certificate, and OpenRouter's key."""

    def __init__(self, settings: Settings, vendors: Vendors) -> None:
        self._address = urlsplit(settings.public_url)
        self._has_key = bool(settings.given("openrouter_provisioning_key"))
        self._openrouter = vendors.openrouter

    async def certificates(self) -> Mapping[str, datetime]:
        """That of PUBLIC_URL, as everybody sees it; raises Unreachable."""
        host = self._address.hostname
        if self._address.scheme != "https" or host is None:
            return {}
        return {host: await certificate_ends(host, self._address.port or HTTPS)}

    async def keys(self) -> Mapping[str, datetime]:
        """Those that have an end; raises an IntegrationError."""
        at = await self._openrouter.key_ends() if self._has_key else None
        return {"OpenRouter": at} if at is not None else {}
