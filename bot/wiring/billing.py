"""Billing: what is sold by subscription, and what follows from it."""

from bot.wiring.foundation import Foundation
from bot.wiring.vendors import Vendors
from services import BillingServices
from services.billing import Catalogue, CheckoutPlaces, Checkouts


def build_billing(base: Foundation, vendors: Vendors) -> BillingServices:
    """Over the one Stripe account."""
    database, clock, settings = base.database, base.clock, base.settings
    catalogue = Catalogue(database, vendors.stripe, clock)
    places = CheckoutPlaces(f"{settings.base_url}/billing/done", f"{settings.base_url}/pricing")
    return BillingServices(
        catalogue=catalogue,
        checkouts=Checkouts(database, vendors.stripe, catalogue, places, clock),
        publishable_key=settings.stripe_publishable_key,
        contact=settings.email_from,
    )
