"""Follow-ups: their sources, their author, and where they are shown."""

from collections.abc import Callable

from bot.settings.settings import Settings
from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from services import ConnectionServices, FollowUpServices
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
from services.operations import Operations


def build_followups(
    base: Foundation,
    vendors: Vendors,
    connections: ConnectionServices,
    sources: Sources,
    operations: Operations,
) -> FollowUpServices:
    """All of them draw through one display, one drawing at a time."""
    database, clock, people = base.database, base.clock, sources.members
    display = FollowUpDisplay(database, people, base.messenger)
    templates = Templates(database, _is_admin(base.settings), clock)
    mailbox = Mailbox(connections.gmail, vendors.google)
    writing = Writing(database, sources, Author(vendors.claude), operations, clock)
    operations.register(writing.kind, display)
    return FollowUpServices(
        drafts=FollowUps(database, sources, templates, operations, display, clock),
        writing=writing,
        mails=Mails(database, mailbox, people, display, clock),
        templates=templates,
    )


def _is_admin(settings: Settings) -> Callable[[Actor], bool]:
    def is_admin(actor: Actor) -> bool:
        home = actor.workspace_id == settings.slack_ops_team_id
        return home and actor.member_id in settings.admins

    return is_admin
