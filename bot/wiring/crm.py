"""The CRM: every vendor of one, and who has connected which."""

from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from services import CrmServices
from services.connections import Connections
from services.crm import Crm, CrmAccess, CrmIndex, CronoVendor, HubSpotVendor


def build_crm(base: Foundation, vendors: Vendors, connections: Connections) -> CrmServices:
    """Another CRM is another vendor here."""
    access = CrmAccess(connections, (CronoVendor(vendors.crono), HubSpotVendor(vendors.hubspot)))
    return CrmServices(access, Crm(access), CrmIndex(base.database))
