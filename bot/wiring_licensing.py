"""Customers, licenses and the AI gateway: their services, and what of them must run."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Protocol

from bot.messenger import SlackMessenger
from bot.metrics import Metrics
from bot.settings import Settings
from bot.wiring import now
from bot.wiring_gateway import build_gateway
from bot.wiring_ledger import build_ledger
from bot.wiring_ops import Sold, build_ops
from bot.wiring_outgoing import build_outgoing
from bot.wiring_validation import build_validation
from db.hot import Hot
from db.session import Database
from services.admin_keys import AdminKeys
from services.audit import Audit
from services.bulk import Bulk
from services.bulk_run import BulkRun
from services.bulk_uploads import BulkUploads
from services.customers import Customers
from services.emails import Emails
from services.gateway import Gateway
from services.issuing import Issuing
from services.ledger import Ledger
from services.licenses import Licenses
from services.ops import Ops
from services.plans import Plans
from services.proposals import Proposals
from services.provider_keys import ProviderKeys
from services.receipts import Receipts
from services.sites import Sites
from services.usage import Usage
from services.validation import Validation
from services.webhook_deliveries import WebhookDeliveries
from services.webhooks import Webhooks

RUNNING = "running"


class Running(Protocol):
    """Something with connections or tasks of its own."""

    async def start(self) -> None:
        """Begin; called once, before any door opens."""

    async def close(self) -> None:
        """Finish what is in hand and give everything back; called once, after the doors closed."""


@dataclass(frozen=True, slots=True)
class Licensing:
    """Services that `bot/wiring.py` spreads into Services under the same names, and what runs.

    Add a service here, in `services.Services` (same name, same type) and in `build_licensing`.
    """

    audit: Audit
    admin_keys: AdminKeys
    plans: Plans
    customers: Customers
    licenses: Licenses
    sites: Sites
    bulk: Bulk
    bulk_uploads: BulkUploads
    bulk_run: BulkRun
    ops: Ops
    proposals: Proposals
    issuing: Issuing
    emails: Emails
    webhooks: Webhooks
    webhook_deliveries: WebhookDeliveries
    ledger: Ledger
    usage: Usage
    validation: Validation
    gateway: Gateway
    provider_keys: ProviderKeys
    receipts: Receipts

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
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != RUNNING}


def build_licensing(
    settings: Settings, database: Database, metrics: Metrics, messenger: SlackMessenger
) -> Licensing:
    """Built once per process; nothing connects before `Licensing.start`."""
    pepper = settings.pepper()
    outgoing = build_outgoing(settings, database, metrics, messenger)
    announce, plans = outgoing.webhooks.announce, Plans(database, now)
    licenses = Licenses(database, pepper, plans, announce, outgoing.emails, now)
    bulk = Bulk(database, licenses, now)
    hot = Hot(database.url)
    ledger = build_ledger(settings, hot)
    sites = Sites(database, plans, announce, now)
    validating = build_validation(settings, hot, plans, sites)
    facts = validating.validation.facts
    gates = build_gateway(settings, database, metrics, ledger, facts)
    ops = build_ops(settings, database, messenger, Sold(plans, licenses, bulk))
    return Licensing(
        audit=Audit(database),
        admin_keys=AdminKeys(database, pepper, settings.admin_api_key.get_secret_value(), now),
        plans=plans,
        customers=Customers(database, now),
        licenses=licenses,
        sites=sites,
        bulk=bulk,
        bulk_uploads=ops.bulk_uploads,
        bulk_run=ops.bulk_run,
        ops=ops.ops,
        proposals=ops.proposals,
        issuing=ops.issuing,
        emails=outgoing.emails,
        webhooks=outgoing.webhooks,
        webhook_deliveries=outgoing.webhook_deliveries,
        ledger=ledger,
        usage=Usage(database, ledger, now),
        validation=validating.validation,
        receipts=validating.receipts,
        gateway=gates.gateway,
        provider_keys=gates.provider_keys,
        # Closed backwards: what settles before what it settles with.
        running=(outgoing, hot, validating.touches, ledger, gates.gateway),
    )
