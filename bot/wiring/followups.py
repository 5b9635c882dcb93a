"""Follow-ups: their sources, their author, and where they are shown."""

from dataclasses import dataclass

from bot.wiring.budgets import BudgetParts, build_budgets
from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from handlers.slack.outbound.recap_room import SlackRecapRoom
from services import ConnectionServices, CrmServices, FollowUpServices
from services.calendar import Calendar
from services.followups import (
    ActionRun,
    Actions,
    ActionSet,
    Author,
    CalendarEventAction,
    Composer,
    CrmActions,
    CrmForms,
    FollowUpClaims,
    FollowUpDisplay,
    FollowUps,
    GmailDraft,
    Mailbox,
    Mails,
    PaidAuthor,
    Recap,
    Sources,
    TemplatePreviews,
    Templates,
    Writing,
)
from services.habits import Habits
from services.meetings import Meetings
from services.operations import Operations
from services.people import Members


@dataclass(frozen=True, slots=True)
class FollowUpDeps:
    """The domains that follow-ups stand on."""

    people: Members
    connections: ConnectionServices
    meetings: Meetings
    crm: CrmServices
    operations: Operations
    calendar: Calendar
    budgets: BudgetParts


def build_followups(
    base: Foundation,
    vendors: Vendors,
    people: Members,
    connections: ConnectionServices,
    crm: CrmServices,
    operations: Operations,
) -> tuple[FollowUpDeps, FollowUpServices]:
    """With what they stand on: meetings, the calendar and the budgets are built here."""
    meetings = Meetings(base.database, vendors.fathom, connections.accounts, people, base.clock)
    calendar = Calendar(vendors.calendar, connections.gmail, people, base.clock)
    budgets = build_budgets(base, people)
    deps = FollowUpDeps(people, connections, meetings, crm, operations, calendar, budgets)
    return deps, _followups(base, vendors, deps)


def _followups(base: Foundation, vendors: Vendors, deps: FollowUpDeps) -> FollowUpServices:
    """All of them draw through one display, one drawing at a time."""
    database, clock, people = base.database, base.clock, deps.people
    habits = Habits(database, clock)
    sources, operations = _sources(vendors, deps, habits), deps.operations
    display = FollowUpDisplay(database, people, base.messenger)
    templates = Templates(database, deps.budgets.admins, clock)
    mailbox = Mailbox(deps.connections.gmail, vendors.google)
    recap = Recap(database, sources.meetings, SlackRecapRoom(base.messenger.clients))
    claims = FollowUpClaims(database, sources.meetings, people, habits, clock)
    composer = Composer(sources, PaidAuthor(Author(vendors.claude), sources.calls))
    writing = Writing(database, sources, composer, claims, operations, clock)
    crm = CrmActions(sources.crm_access, sources.matching, sources.meetings, people, clock)
    # What can be done with a follow-up; a new action is a member of this set.
    event = CalendarEventAction(deps.calendar, clock)
    own = (GmailDraft(database, mailbox), event, recap)
    wired = ActionSet((*own, *crm.all), guards=(claims.guard,))
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
        previews=TemplatePreviews(sources, composer),
        habits=habits,
    )


def _sources(vendors: Vendors, deps: FollowUpDeps, habits: Habits) -> Sources:
    accounts, crm = deps.connections.accounts, deps.crm
    known = (crm.access, crm.context, crm.matching)
    return Sources(
        deps.meetings,
        deps.people,
        accounts,
        *known,
        vendors.fathom,
        deps.budgets.services.calls,
        habits,
    )
