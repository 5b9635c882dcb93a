"""Follow-ups: their sources, their author, and where they are shown."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.settings.settings import Settings
from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from handlers.slack.outbound.recap_room import SlackRecapRoom
from services import ConnectionServices, FollowUpServices
from services.actors import Actor
from services.followups import (
    ActionRun,
    Actions,
    ActionSet,
    Author,
    CrmActions,
    CrmForms,
    FollowUpClaims,
    FollowUpDisplay,
    FollowUps,
    GmailDraft,
    Mailbox,
    Mails,
    Recap,
    Sources,
    Templates,
    Writing,
)
from services.operations import Operations


@dataclass(frozen=True, slots=True)
class FollowUpDeps:
    """The domains that follow-ups stand on."""

    connections: ConnectionServices
    sources: Sources
    operations: Operations


def build_followups(base: Foundation, vendors: Vendors, deps: FollowUpDeps) -> FollowUpServices:
    """All of them draw through one display, one drawing at a time."""
    database, clock, people = base.database, base.clock, deps.sources.members
    sources, operations = deps.sources, deps.operations
    display = FollowUpDisplay(database, people, base.messenger)
    templates = Templates(database, _is_admin(base.settings), clock)
    mailbox = Mailbox(deps.connections.gmail, vendors.google)
    recap = Recap(database, sources.meetings, SlackRecapRoom(base.messenger.clients))
    claims = FollowUpClaims(database, sources.meetings, people, clock)
    writing = Writing(database, sources, Author(vendors.claude), claims, operations, clock)
    crm = CrmActions(sources.crm_access, sources.matching, sources.meetings, people, clock)
    # What can be done with a follow-up; a new action is a member of this set.
    wired = ActionSet((GmailDraft(database, mailbox), recap, *crm.all), guards=(claims.guard,))
    actions = Actions(database, wired, operations, people, clock)
    run = ActionRun(database, wired, operations, people, clock)
    for kind in (writing.kind, *run.kinds):
        operations.register(kind, display)
    return FollowUpServices(
        drafts=FollowUps(database, sources, templates, operations, display, clock),
        claims=claims,
        writing=writing,
        actions=actions,
        action_run=run,
        recap=recap,
        crm=CrmForms(actions, crm),
        mails=Mails(mailbox, actions, people, display),
        templates=templates,
    )


def _is_admin(settings: Settings) -> Callable[[Actor], bool]:
    def is_admin(actor: Actor) -> bool:
        home = actor.workspace_id == settings.slack_ops_team_id
        return home and actor.member_id in settings.admins

    return is_admin
