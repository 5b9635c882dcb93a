"""Workspaces that install us and leave."""

from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from handlers.slack.outbound.welcome import SlackGreeter
from services import WorkspaceServices
from services.arrivals import FathomHookGrants
from services.connections import FATHOM, GOOGLE, GoogleGrants
from services.people import Members
from services.workspaces import Departures, GrantEnder, Greetings


def build_workspaces(base: Foundation, vendors: Vendors, people: Members) -> WorkspaceServices:
    """Who is greeted, and whose grants end where."""
    enders: dict[str, GrantEnder] = {
        GOOGLE: GoogleGrants(vendors.sign_in),
        FATHOM: FathomHookGrants(vendors.fathom),
    }
    return WorkspaceServices(
        greetings=Greetings(people, SlackGreeter(base.messenger.clients)),
        departures=Departures(base.database, enders, base.clock),
    )
