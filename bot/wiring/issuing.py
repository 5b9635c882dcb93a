"""Issuing licenses: one from Slack, thousands from a file."""

from bot.wiring.foundation import Foundation
from handlers.slack.outbound.ops_messenger import OpsMessenger
from services import IssuingServices, LicensingServices, OpsServices
from services.issuing import Bulk, BulkRun, BulkUploads, Issuing, LicensingDeps
from services.people import Members


def build_issuing(
    base: Foundation, people: Members, ops: OpsServices, licensing: LicensingServices
) -> IssuingServices:
    """What is issued goes through `licensing`, whoever asks."""
    database, clock, licenses = base.database, base.clock, licensing.licenses
    slack = OpsMessenger(base.messenger.clients, people)
    deps = LicensingDeps(licenses, licensing.plans, people, ops.confirmations, ops.access)
    bulk = Bulk(database, licenses, clock)
    return IssuingServices(
        single=Issuing(database, deps, slack, clock),
        bulk=bulk,
        bulk_run=BulkRun(database, bulk, licenses, slack, clock),
        uploads=BulkUploads(bulk, ops.confirmations, people, ops.access, slack),
    )
