"""Who may operate from Slack, what waits for their yes, and the room where all is told."""

from bot.wiring.foundation import Foundation
from handlers.slack.outbound.ops_room import SlackOpsRoom
from services import OpsServices
from services.audit import Audit
from services.ops import Confirmations, Ops
from services.people import Members


def build_ops_room(base: Foundation) -> SlackOpsRoom:
    """The ops channel of the home workspace."""
    settings = base.settings
    clients = base.messenger.clients
    return SlackOpsRoom(clients, settings.slack_ops_team_id, settings.slack_ops_channel_id)


def build_ops(base: Foundation, log: Audit, people: Members) -> OpsServices:
    """The one rule of every ops command; what it refuses is in `log`."""
    settings = base.settings
    home, channel = settings.slack_ops_team_id, settings.slack_ops_channel_id
    return OpsServices(
        access=Ops(log, people, home, channel, settings.admins),
        confirmations=Confirmations(base.database, base.clock),
    )
