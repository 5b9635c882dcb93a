"""Meetings that arrive: where Fathom reaches us, and what they stand on."""

from dataclasses import dataclass

from bot.settings.settings import Settings
from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from handlers.slack.outbound.arrivals import SlackArrivalRoom
from integrations.http import is_loopback
from services import ArrivalServices, FollowUpServices
from services.arrivals import (
    ArrivalCards,
    ArrivalInbox,
    Arrivals,
    Arriving,
    Beginning,
    FathomHooks,
    Polling,
    Reminders,
)
from services.connections import Connections
from services.meetings import Meetings
from services.operations import Operations
from services.people import Members


@dataclass(frozen=True, slots=True)
class ArrivalDeps:
    """The domains that arrivals stand on."""

    people: Members
    accounts: Connections
    meetings: Meetings
    followups: FollowUpServices
    operations: Operations


def build_arrivals(base: Foundation, vendors: Vendors, deps: ArrivalDeps) -> ArrivalServices:
    """All of them tell people through one room."""
    database, clock, people, meetings = base.database, base.clock, deps.people, deps.meetings
    room, drafts, mails = (
        SlackArrivalRoom(base.messenger),
        deps.followups.drafts,
        deps.followups.mails,
    )
    cards = ArrivalCards(database, meetings, room, clock)
    arriving = Arriving(database, meetings, people, deps.operations, clock)
    beginning = Beginning(database, meetings, people, drafts, mails, cards, clock)
    deps.operations.register(beginning.kind)
    return ArrivalServices(
        hooks=FathomHooks(database, vendors.fathom, room, hook_origin(base.settings), clock),
        inbox=ArrivalInbox(database, arriving, clock),
        polling=Polling(database, vendors.fathom, deps.accounts, people, arriving, clock),
        beginning=beginning,
        verbs=Arrivals(
            database,
            meetings,
            people,
            drafts,
            mails,
            arriving=arriving,
            cards=cards,
            operations=deps.operations,
            clock=clock,
        ),
        reminders=Reminders(database, people, drafts, room, clock),
    )


def hook_origin(settings: Settings) -> str:
    """Where Fathom reaches us: over https, or when it is on this machine too; "" when it cannot."""
    there = settings.base_url.startswith("https://") or is_loopback(settings.fathom_api_url)
    return settings.base_url if there else ""
