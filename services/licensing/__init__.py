"""Customers, plans, licenses and their sites."""

from services.licensing.customers import (
    Customer,
    CustomerChanges,
    Customers,
    NewCustomer,
    called,
    email_of,
    words_of,
)
from services.licensing.domains import Domain
from services.licensing.eligibility import (
    ACTIVE,
    CANCELLED,
    DETAILS,
    DOMAIN_INVALID,
    SUSPENDED,
    Code,
    Eligibility,
    Facts,
    evaluate,
    status_at,
)
from services.licensing.letters_licenses import LicenseLetters
from services.licensing.license_changes import MAX_BUDGET, MAX_OVERLAP, MAX_REASON
from services.licensing.license_keys import KEY, canonical, digest, hint, key_of, new_key
from services.licensing.license_terms import (
    MAX_MONTHS,
    Issued,
    License,
    LicenseSearch,
    Order,
    bound_site,
    months_after,
)
from services.licensing.licenses import Licenses
from services.licensing.plan_terms import Plan
from services.licensing.plans import (
    KEEP,
    MAX_NAME,
    MAX_PRICE,
    MAX_REQUESTS,
    MAX_TOKENS,
    PlanChanges,
    Plans,
    Stock,
)
from services.licensing.sites import Site, Sites
from services.licensing.subscribed import SubscribedLicenses
