"""Who opens the dashboard: ops admins through Slack, local admins by a password."""

from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from db.auth import AuthWindows
from db.store.asyncpg_pool import AsyncpgPool
from handlers.slack.outbound.ops_room import SlackOpsRoom
from services import AdminServices, OpsServices
from services.admins import AdminSessions, LocalAdmins, SlackHome, SlackSignIn, SlackSignInDeps
from services.audit import Audit

CALLBACK = "/admin/sign-in/slack/callback"


def build_admins(
    base: Foundation,
    vendors: Vendors,
    pool: AsyncpgPool,
    ops: OpsServices,
    log: Audit,
    room: SlackOpsRoom,
) -> AdminServices:
    """Tries are counted over `pool`; many wrong passwords are told in `room`."""
    settings, database, clock = base.settings, base.database, base.clock
    sessions, windows = AdminSessions(database, ops.access, clock), AuthWindows(pool)
    home = SlackHome(settings.slack_ops_team_id, settings.base_url + CALLBACK)
    openid = vendors.slack_openid if settings.slack_client_id else None
    deps = SlackSignInDeps(sessions, ops.access, log, windows)
    slack = SlackSignIn(database, openid, home, deps, clock)
    return AdminServices(sessions, slack, LocalAdmins(database, sessions, windows, room, clock))
