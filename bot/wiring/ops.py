"""Ops commands: the rule, proposals, and what issues licenses from Slack."""

from dataclasses import dataclass

from bot.settings.settings import Settings
from bot.wiring.product import now
from db.store.session import Database
from handlers.slack.outbound.messenger import SlackMessenger
from handlers.slack.outbound.operations import SlackOperationDisplay
from handlers.slack.outbound.ops_messenger import OpsMessenger
from services.audit import Audit
from services.issuing import Bulk, BulkRun, BulkUploads, Issuing, LicensingDeps
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
    bulk_uploads: BulkUploads
    bulk_run: BulkRun


@dataclass(frozen=True, slots=True)
class IssuingDeps:
    """What licenses are issued with."""

    plans: Plans
    licenses: Licenses
    bulk: Bulk


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
    proposals = Confirmations(database, now)
    shelf = LicensingDeps(sold.licenses, sold.plans, members, proposals, ops)
    return OpsServices(
        ops=ops,
        operations=Operations(database, SlackOperationDisplay(messenger.clients, KINDS), now),
        proposals=proposals,
        issuing=Issuing(database, shelf, slack, now),
        bulk_uploads=BulkUploads(sold.bulk, proposals, members, ops, slack),
        bulk_run=BulkRun(database, sold.bulk, sold.licenses, slack, now),
    )
