"""The CRM: every vendor of one, who has connected which, and the index of it."""

from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from services import CrmServices
from services.connections import CrmKeys
from services.crm import Crm, CrmAccess, CrmIndex, CrmRefresh, CronoVendor, HubSpotVendor


def build_crm(base: Foundation, vendors: Vendors, keys: CrmKeys) -> CrmServices:
    """Another CRM is another vendor here."""
    access = CrmAccess(keys, (CronoVendor(vendors.crono), HubSpotVendor(vendors.hubspot)))
    return CrmServices(
        access=access,
        context=Crm(access),
        index=CrmIndex(base.database),
        refresh=CrmRefresh(base.database, keys, access, base.clock),
    )
