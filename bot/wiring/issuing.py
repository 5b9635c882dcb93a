"""Issuing licenses: one from Slack, thousands from a file."""

from bot.wiring.foundation import Foundation
from handlers.slack.outbound.issuing import BulkResults
from handlers.slack.outbound.operations import SlackOperationDisplay
from handlers.slack.outbound.ops_messenger import OpsMessenger
from services import IssuingServices, LicensingServices, OpsServices
from services.issuing import BULK_ISSUE, Bulk, BulkRun, BulkUploads, Issuing, LicensingDeps
from services.operations import Operations
from services.people import Members


def build_bulk(
    base: Foundation,
    licensing: LicensingServices,
    operations: Operations,
    display: SlackOperationDisplay,
) -> Bulk:
    """Bulk issues; the card of their operation shows their results too."""
    bulk = Bulk(base.database, licensing.licenses, operations, base.clock)
    display.add(BULK_ISSUE, BulkResults(bulk).draw)
    return bulk


def build_issuing(
    base: Foundation,
    people: Members,
    ops: OpsServices,
    licensing: LicensingServices,
    bulk: Bulk,
    operations: Operations,
) -> IssuingServices:
    """What is issued goes through `licensing`, whoever asks."""
    database, licenses = base.database, licensing.licenses
    slack = OpsMessenger(base.messenger.clients, people)
    deps = LicensingDeps(licenses, licensing.plans, people, ops.confirmations, ops.access)
    bulk_run = BulkRun(database, licenses, operations)
    operations.register(bulk_run.kind)
    return IssuingServices(
        single=Issuing(database, deps, slack, base.clock),
        bulk=bulk,
        bulk_run=bulk_run,
        uploads=BulkUploads(bulk, ops.confirmations, people, ops.access, slack),
    )
