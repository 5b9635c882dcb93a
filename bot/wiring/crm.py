"""The CRM: every vendor of one, who has connected which, and the index of it."""

from bot.wiring.connections import shared_keys
from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from handlers.slack.outbound.crm import SlackActivityDisplay
from services import CrmServices
from services.connections import CrmKeys
from services.crm import (
    ActivityForms,
    Crm,
    CrmAccess,
    CrmActivities,
    CrmConnecting,
    CrmIndex,
    CrmRefresh,
    CronoVendor,
    HubSpotVendor,
    Matching,
)
from services.operations import Operations
from services.people import Members


def build_crm(
    base: Foundation,
    vendors: Vendors,
    keys: CrmKeys,
    operations: Operations,
    people: Members,
) -> CrmServices:
    """Another CRM is another vendor here."""
    database, clock = base.database, base.clock
    access = CrmAccess(keys, (CronoVendor(vendors.crono), HubSpotVendor(vendors.hubspot)))
    index, display = CrmIndex(database), SlackActivityDisplay(base.messenger.clients)
    activities = CrmActivities(database, access, operations, people, display, clock)
    operations.register(activities.kind)
    refresh = CrmRefresh(database, keys, access, clock)
    shared = shared_keys(base.settings)
    matching = Matching(database, index, access, keys, people, clock)
    return CrmServices(
        access=access,
        context=Crm(access, matching),
        index=index,
        matching=matching,
        refresh=refresh,
        connecting=CrmConnecting(database, keys, access, refresh, base.messenger, shared),
        activities=activities,
        activity_forms=ActivityForms(index, people, clock),
    )
