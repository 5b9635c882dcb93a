"""Workspaces that install us and leave."""

from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from handlers.slack.outbound.welcome import SlackGreeter
from services import WorkspaceServices
from services.connections import GOOGLE, GoogleGrants
from services.people import Members
from services.workspaces import Departures, Welcome


def build_workspaces(base: Foundation, vendors: Vendors, people: Members) -> WorkspaceServices:
    """Who is greeted, and whose grants end where."""
    enders = {GOOGLE: GoogleGrants(vendors.sign_in)}
    return WorkspaceServices(
        welcome=Welcome(people, SlackGreeter(base.messenger.clients)),
        departures=Departures(base.database, enders, base.clock),
    )
