"""Meetings that arrive: where Fathom reaches us, and what they stand on."""

from bot.settings.settings import Settings
from bot.wiring.followups import FollowUpDeps
from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from handlers.slack.outbound.arrivals import SlackArrivalRoom
from integrations.http import is_loopback
from services import ArrivalServices, FollowUpServices
from services.arrivals import (
    ArrivalCards,
    ArrivalInbox,
    Arrivals,
    ArrivalSources,
    Arriving,
    Beginning,
    FathomHooks,
    Polling,
    Reminders,
)


def build_arrivals(
    base: Foundation, vendors: Vendors, deps: FollowUpDeps, followups: FollowUpServices
) -> ArrivalServices:
    """All of them tell people through one room."""
    database, clock, people, operations = base.database, base.clock, deps.people, deps.operations
    drafts, mails = followups.drafts, followups.mails
    room, sources = (
        SlackArrivalRoom(base.messenger),
        ArrivalSources(deps.meetings, people, drafts, mails),
    )
    cards = ArrivalCards(database, deps.meetings, room, clock)
    arriving = Arriving(database, deps.meetings, people, operations, clock)
    beginning = Beginning(database, sources, cards, clock)
    operations.register(beginning.kind)
    return ArrivalServices(
        hooks=FathomHooks(database, vendors.fathom, room, hook_origin(base.settings), clock),
        inbox=ArrivalInbox(database, arriving, clock),
        polling=Polling(
            database, vendors.fathom, deps.connections.accounts, people, arriving, clock
        ),
        beginning=beginning,
        verbs=Arrivals(database, sources, arriving, cards, operations, clock),
        reminders=Reminders(database, people, drafts, room, clock),
    )


def hook_origin(settings: Settings) -> str:
    """Where Fathom reaches us: over https, or when it is on this machine too; "" when it cannot."""
    there = settings.base_url.startswith("https://") or is_loopback(settings.fathom_api_url)
    return settings.base_url if there else ""
