"""The CRM: every vendor of one, who has connected which, and the index of it."""

from bot.wiring.connections import shared_keys
from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from services import CrmServices
from services.connections import CrmKeys
from services.crm import (
    Crm,
    CrmAccess,
    CrmConnecting,
    CrmIndex,
    CrmRefresh,
    CronoVendor,
    HubSpotVendor,
)


def build_crm(base: Foundation, vendors: Vendors, keys: CrmKeys) -> CrmServices:
    """Another CRM is another vendor here."""
    access = CrmAccess(keys, (CronoVendor(vendors.crono), HubSpotVendor(vendors.hubspot)))
    refresh = CrmRefresh(base.database, keys, access, base.clock)
    shared = shared_keys(base.settings)
    return CrmServices(
        access=access,
        context=Crm(access),
        index=CrmIndex(base.database),
        refresh=refresh,
        connecting=CrmConnecting(base.database, keys, access, refresh, base.messenger, shared),
    )
