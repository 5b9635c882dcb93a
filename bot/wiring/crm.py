"""The CRM: every vendor of one, and who has connected which."""

from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from handlers.slack.outbound.crm import SlackActivityDisplay
from services import CrmServices
from services.connections import Connections
from services.crm import (
    Crm,
    CrmAccess,
    CrmActivities,
    CrmForms,
    CrmIndex,
    CronoVendor,
    HubSpotVendor,
)
from services.operations import Operations
from services.people import Members


def build_crm(
    base: Foundation,
    vendors: Vendors,
    connections: Connections,
    operations: Operations,
    people: Members,
) -> CrmServices:
    """Another CRM is another vendor here."""
    database, clock = base.database, base.clock
    access = CrmAccess(connections, (CronoVendor(vendors.crono), HubSpotVendor(vendors.hubspot)))
    index, display = CrmIndex(database), SlackActivityDisplay(base.messenger.clients)
    activities = CrmActivities(database, access, operations, people, display, clock)
    operations.register(activities.kind)
    return CrmServices(access, Crm(access), index, activities, CrmForms(index, people, clock))
