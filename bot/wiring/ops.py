"""Who may operate from Slack, what waits for their yes, and the room where all is told."""

from collections.abc import Mapping

from bot.wiring.foundation import Foundation
from handlers.slack.outbound.ops_room import SlackOpsRoom
from services import OpsServices
from services.alerts import Alerts
from services.audit import Audit
from services.ops import Confirmations, Ops, Starter
from services.people import Members


def build_ops_room(base: Foundation) -> SlackOpsRoom:
    """The ops channel of the home workspace; what somebody must look at becomes an alert."""
    alerts = Alerts(base.database, base.clock)
    team, channel = base.settings.slack_ops_team_id, base.settings.slack_ops_channel_id
    return SlackOpsRoom(base.messenger.clients, team, channel, alerts)


def build_ops(
    base: Foundation, log: Audit, people: Members, starters: Mapping[str, Starter]
) -> OpsServices:
    """The one rule of every ops command; what it refuses is in `log`.

    `starters` begin, by command, what a yes starts as an operation.
    """
    settings = base.settings
    home, channel = settings.slack_ops_team_id, settings.slack_ops_channel_id
    return OpsServices(
        access=Ops(log, people, home, channel, settings.admins),
        confirmations=Confirmations(base.database, base.clock, starters),
    )
