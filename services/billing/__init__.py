"""Billing: subscriptions, and the access that follows from them."""

from services.billing import consequences as kinds
from services.billing.access import GRACE, TRIAL, AccessRule, AccessState, Entitlement
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
from services.billing.comparison import Compared, Comparison, Drift
from services.billing.consequences import Consequence
from services.billing.desk import BillingDesk
from services.billing.explaining import (
    AccountReason,
    CustomerReason,
    Explaining,
    SeenEvent,
    ToldEffect,
)
from services.billing.handling import BillingDeps, BillingTimer, EventHandling
from services.billing.inbox import (
    HANDLE,
    InboxStatus,
    InboxTerms,
    KeptEvent,
    KeptEvents,
    StripeInbox,
    WebhookRefused,
)
from services.billing.judging import Followers, Judging
from services.billing.known import KnownInvoice, KnownSubscription
from services.billing.letters_billing import billing_letters
from services.billing.mrr import (
    CountedAs,
    RevenueBalance,
    RevenueLine,
    monthly,
    movements,
    rounded,
    totals,
)
from services.billing.payers import Payers
from services.billing.ports import (
    BillingRoom,
    CardOffer,
    LicenseEffects,
    LicenseSold,
    Payments,
    TenantAccess,
    TenantEffects,
)
from services.billing.revenue import Revenue, RevenueMonth
from services.billing.snapshots import Snapshots, StripeLook, invoice_row
from services.billing.telling import CARD, BillingCards, Telling
from services.billing.times import BillingTime
from services.billing.trials import Trials
