"""Customers, licenses and the AI gateway: their services, and what of them must run."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Protocol

from bot.process.metrics import Metrics
from bot.settings.settings import Settings
from bot.wiring.gateway import GatewayDeps, build_gateway
from bot.wiring.ledger import build_ledger
from bot.wiring.ops import IssuingDeps, build_ops
from bot.wiring.outgoing import build_outgoing
from bot.wiring.product import now
from bot.wiring.validation import build_validation
from db.store.asyncpg_pool import AsyncpgPool
from db.store.session import Database
from handlers.slack.outbound.messenger import SlackMessenger
from services import LicensingServices
from services.audit import AdminKeys, Audit
from services.gateway import UsageReports
from services.licensing import Customers, Licenses, Plans, Sites


class Running(Protocol):
    """Something with connections or tasks of its own."""

    async def start(self) -> None:
        """Begin; called once, before any door opens."""

    async def close(self) -> None:
        """Finish what is in hand and give everything back; called once, after the doors closed."""


@dataclass(frozen=True, slots=True)
class Licensing(LicensingServices):
    """The services, and what of them runs."""

    # In the order of starting; closed in the opposite one.
    running: tuple[Running, ...] = ()

    async def start(self) -> None:
        """Start everything that runs."""
        for part in self.running:
            await part.start()

    async def close(self) -> None:
        """Close everything that runs, also what was never started."""
        for part in reversed(self.running):
            await part.close()

    def parts(self) -> Mapping[str, Any]:
        """The services by their names in Services."""
        return {one.name: getattr(self, one.name) for one in fields(LicensingServices)}


def build_licensing(
    settings: Settings, database: Database, metrics: Metrics, messenger: SlackMessenger
) -> Licensing:
    """Built once per process; nothing connects before `Licensing.start`."""
    pepper = settings.pepper()
    outgoing = build_outgoing(settings, database, metrics, messenger)
    announce, plans = outgoing.webhooks.announce, Plans(database, now)
    licenses = Licenses(database, pepper, plans, announce, outgoing.emails, now)
    hot = AsyncpgPool(database.url)
    ledger = build_ledger(settings, hot)
    sites = Sites(database, plans, announce, now)
    validating = build_validation(settings, hot, plans, sites)
    facts = validating.validation.facts
    gates = build_gateway(settings, metrics, GatewayDeps(database, hot, ledger, facts))
    ops = build_ops(settings, database, messenger, IssuingDeps(plans, licenses))
    return Licensing(
        audit=Audit(database),
        admin_keys=AdminKeys(database, pepper, settings.admin_api_key.get_secret_value(), now),
        plans=plans,
        customers=Customers(database, now),
        licenses=licenses,
        sites=sites,
        bulk=ops.bulk,
        bulk_uploads=ops.bulk_uploads,
        bulk_run=ops.bulk_run,
        ops=ops.ops,
        operations=ops.operations,
        proposals=ops.proposals,
        issuing=ops.issuing,
        emails=outgoing.emails,
        lost_emails=outgoing.lost_emails,
        webhooks=outgoing.webhooks,
        webhook_deliveries=outgoing.webhook_deliveries,
        ledger=ledger,
        usage=UsageReports(database, ledger, now),
        validation=validating.validation,
        strangers=validating.validation.strangers,
        receipts=validating.receipts,
        gateway=gates.gateway,
        pacing=gates.pacing,
        provider_keys=gates.provider_keys,
        # Closed backwards: what settles before what it settles with.
        running=(outgoing, hot, validating.touches, ledger, gates.gateway, ops.operations.live),
    )
