"""Ops commands: the rule, proposals, and what issues licenses from Slack."""

from dataclasses import dataclass

from bot.messenger import SlackMessenger
from bot.ops_messenger import OpsMessenger
from bot.settings import Settings
from bot.wiring import now
from db.session import Database
from services.audit import Audit
from services.bulk import Bulk
from services.bulk_run import BulkRun
from services.bulk_uploads import BulkUploads
from services.issuing import Issuing, Shelf
from services.licenses import Licenses
from services.members import Members
from services.ops import Ops
from services.plans import Plans
from services.proposals import Proposals


@dataclass(frozen=True, slots=True)
class OpsServices:
    """The services by their names in Services."""

    ops: Ops
    proposals: Proposals
    issuing: Issuing
    bulk_uploads: BulkUploads
    bulk_run: BulkRun


@dataclass(frozen=True, slots=True)
class Sold:
    """What licenses are issued with."""

    plans: Plans
    licenses: Licenses
    bulk: Bulk


def build_ops(
    settings: Settings, database: Database, messenger: SlackMessenger, sold: Sold
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
    proposals = Proposals(database, now)
    shelf = Shelf(sold.licenses, sold.plans, members, proposals, ops)
    return OpsServices(
        ops=ops,
        proposals=proposals,
        issuing=Issuing(database, shelf, slack, now),
        bulk_uploads=BulkUploads(sold.bulk, proposals, members, ops, slack),
        bulk_run=BulkRun(database, sold.bulk, sold.licenses, slack, now),
    )
