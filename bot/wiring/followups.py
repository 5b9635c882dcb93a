"""Follow-ups: their sources, their author, and where they are shown."""

from collections.abc import Callable

from bot.settings.settings import Settings
from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from services import ConnectionServices, CrmServices, FollowUpServices
from services.actors import Actor
from services.followups import (
    Author,
    FollowUpDisplay,
    FollowUps,
    Mailbox,
    Mails,
    Sources,
    Templates,
    Writing,
)
from services.meetings import Meetings
from services.people import Members


def build_followups(
    base: Foundation,
    vendors: Vendors,
    people: Members,
    connections: ConnectionServices,
    meetings: Meetings,
    crm: CrmServices,
) -> FollowUpServices:
    """All of them draw through one display, one drawing at a time."""
    database, clock = base.database, base.clock
    display = FollowUpDisplay(database, people, base.messenger)
    templates = Templates(database, _is_admin(base.settings), clock)
    sources = Sources(
        meetings, people, connections.accounts, crm.access, crm.context, vendors.fathom
    )
    mailbox = Mailbox(connections.gmail, vendors.google)
    return FollowUpServices(
        drafts=FollowUps(database, meetings, templates, display, clock),
        writing=Writing(database, sources, Author(vendors.claude), display, clock),
        mails=Mails(database, mailbox, people, display, clock),
        templates=templates,
    )


def _is_admin(settings: Settings) -> Callable[[Actor], bool]:
    def is_admin(actor: Actor) -> bool:
        home = actor.workspace_id == settings.slack_ops_team_id
        return home and actor.member_id in settings.admins

    return is_admin
