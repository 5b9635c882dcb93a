"""Billing: subscriptions, and the access that follows from them."""

from services.billing.access import TRIAL
from services.billing.catalogue import (
    MONTHLY,
    PLATFORM,
    YEARLY,
    Catalogue,
    PriceEntry,
    SyncOutcome,
)
from services.billing.checkout import (
    Buyer,
    CheckoutOutcome,
    CheckoutPlaces,
    Checkouts,
    CheckoutState,
    OpenedCheckout,
    Wish,
)
from services.billing.ports import (
    LicenseEffects,
    LicenseSold,
    Payments,
    TenantAccess,
    TenantEffects,
)
