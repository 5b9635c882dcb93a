"""Ops commands: the rule, proposals, and what issues licenses from Slack."""

from dataclasses import dataclass

from bot.settings.settings import Settings
from bot.wiring.product import now
from db.store.session import Database
from handlers.slack.outbound.issuing import BulkResults
from handlers.slack.outbound.messenger import SlackMessenger
from handlers.slack.outbound.operations import SlackOperationDisplay
from handlers.slack.outbound.ops_messenger import OpsMessenger
from services.audit import Audit
from services.issuing import BULK_ISSUE, Bulk, BulkRun, BulkUploads, Issuing, LicensingDeps
from services.licensing import Licenses, Plans
from services.operations import Operations
from services.ops import Confirmations, Ops
from services.people import Members
from views.slack.operations import KINDS


@dataclass(frozen=True, slots=True)
class OpsServices:
    """The services by their names in Services."""

    ops: Ops
    operations: Operations
    proposals: Confirmations
    issuing: Issuing
    bulk: Bulk
    bulk_uploads: BulkUploads
    bulk_run: BulkRun


@dataclass(frozen=True, slots=True)
class IssuingDeps:
    """What licenses are issued with."""

    plans: Plans
    licenses: Licenses


def build_ops(
    settings: Settings, database: Database, messenger: SlackMessenger, sold: IssuingDeps
) -> OpsServices:
    """Built once per process."""
    members = Members(database, messenger, now)
    slack = OpsMessenger(messenger.clients, members)
    ops = Ops(
        Audit(database),
        members,
        settings.slack_ops_team_id,
        settings.slack_ops_channel_id,
        settings.admins,
    )
    display = SlackOperationDisplay(messenger.clients, KINDS)
    operations = Operations(database, display, now)
    bulk = Bulk(database, sold.licenses, operations, now)
    bulk_run = BulkRun(database, sold.licenses, operations)
    operations.register(bulk_run.kind)
    display.add(BULK_ISSUE, BulkResults(bulk).draw)
    proposals = Confirmations(database, now, {BULK_ISSUE: bulk.begin})
    shelf = LicensingDeps(sold.licenses, sold.plans, members, proposals, ops)
    return OpsServices(
        ops=ops,
        operations=operations,
        proposals=proposals,
        issuing=Issuing(database, shelf, slack, now),
        bulk=bulk,
        bulk_uploads=BulkUploads(bulk, proposals, members, ops, slack),
        bulk_run=bulk_run,
    )
