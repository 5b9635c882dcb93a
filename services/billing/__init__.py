"""Billing: subscriptions, and the access that follows from them."""

from services.billing.ports import (
    LicenseEffects,
    LicenseSold,
    Payments,
    TenantAccess,
    TenantEffects,
)
