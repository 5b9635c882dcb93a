"""The check-up: who is asked how connections and the workspace stand."""

from bot.slack.app import SCOPES
from bot.wiring.foundation import Foundation
from db import installations
from handlers.slack.outbound.probe import SlackProber
from services import ConnectionServices, CrmServices, DoctorServices, OpsServices
from services.actors import Actor
from services.doctor import Checkups, Standing
from views.pages.installs import START


def build_doctor(
    base: Foundation, connections: ConnectionServices, crm: CrmServices, ops: OpsServices
) -> DoctorServices:
    """A member's own part, and the admins' one."""

    async def lapses(actor: Actor) -> bool:
        whole = actor.workspace_id.startswith("E")
        key = (actor.workspace_id, "") if whole else ("", actor.workspace_id)
        async with base.database.transaction() as session:
            found = await installations.find(session, *key)
        return bool(found and found.expires_at and not found.refresh_token)

    probe = SlackProber(base.messenger.clients, SCOPES, lapses)
    url = base.settings.base_url + START
    people = (base.messenger, ops.access)
    standing = Standing(base.database, probe, people, connections.crm_keys, url, base.clock)
    checkups = Checkups(connections.accounts, connections.gmail, crm.access)
    return DoctorServices(checkups, standing)
