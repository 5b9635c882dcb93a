"""What of Stripe crosses into the product: frozen values, times in UTC, money in minor units.

Sources: api.stripe.com, version 2026-10-28.endive (Subscription, Invoice, Checkout Session, Price).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

# The key of our metadata that binds an object of Stripe's to a customer of ours.
OUR_CUSTOMER = "seguito_customer"


@dataclass(frozen=True, slots=True)
class StripePrice:
    """A recurring price: `interval` is day, week, month or year, `amount` for one of quantity.

    `amount` is None where Stripe has no single one (tiers), or a fraction of a minor unit.
    `lookup_key` is the name it goes by in the account, of one price at a time; "" for none.
    """

    id: str
    product_id: str
    currency: str
    amount: int | None
    interval: str
    interval_count: int = 1
    active: bool = True
    livemode: bool = False
    lookup_key: str = ""


@dataclass(frozen=True, slots=True)
class SubscriptionItem:
    """One item with its own period; `quantity` is at least 0."""

    id: str
    price: StripePrice
    quantity: int
    period_start: datetime | None
    period_end: datetime | None


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """An invoice: `status` is draft, open, paid, uncollectible or void ("" when it has none).

    `period_end` is the latest one of its lines, which is how far it pays. `finalized_at` and
    `paid_at` are Stripe's status transitions.
    """

    id: str
    customer_id: str
    subscription_id: str
    status: str
    billing_reason: str
    currency: str
    amount_due: int
    amount_paid: int
    attempt_count: int
    created_at: datetime
    finalized_at: datetime | None = None
    paid_at: datetime | None = None
    next_attempt_at: datetime | None = None
    period_start: datetime | None = None
    period_end: datetime | None = None
    hosted_url: str = ""
    livemode: bool = False


@dataclass(frozen=True, slots=True)
class DiscountFacts:
    """What is taken off a subscription: per cent of it, or an amount; `ends_at` None: for ever."""

    percent_off: float | None = None
    amount_off: int | None = None
    currency: str = ""
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SubscriptionSnapshot:
    """A subscription as Stripe has it at this moment; `status` is Stripe's word, whatever it is.

    `paused_collection` is the behaviour of `pause_collection`, "" when that is not set; it leaves
    the status as it is. Either `cancel_at` or `cancel_at_period_end` means an end.
    """

    id: str
    customer_id: str
    status: str
    livemode: bool
    created_at: datetime
    items: tuple[SubscriptionItem, ...]
    metadata: Mapping[str, str]
    trial_start: datetime | None = None
    trial_end: datetime | None = None
    cancel_at: datetime | None = None
    cancel_at_period_end: bool = False
    canceled_at: datetime | None = None
    ended_at: datetime | None = None
    paused_collection: str = ""
    pause_resumes_at: datetime | None = None
    latest_invoice: InvoiceFacts | None = None
    discounts: tuple[DiscountFacts, ...] = ()
    currency: str = ""


@dataclass(frozen=True, slots=True)
class StripeCustomer:
    """A customer of Stripe's; `metadata` may hold OUR_CUSTOMER, and only then it is ours."""

    id: str
    email: str
    livemode: bool
    metadata: Mapping[str, str]
    deleted: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class CheckoutOrder:
    """What a checkout is made of; all of it is decided here, nothing comes from the client.

    `trial_end` or `trial_days` (one of them, or neither) as Stripe takes them. Without a
    `stripe_customer_id` it is bound to nobody: Stripe makes a customer with this `email`.
    """

    stripe_customer_id: str
    customer_id: str
    price_id: str
    success_url: str
    cancel_url: str
    trial_days: int | None = None
    trial_end: datetime | None = None
    locale: str = "auto"
    email: str = ""


@dataclass(frozen=True, slots=True)
class CheckoutSession:
    """A Checkout Session: `status` is open, complete or expired; `url` is "" unless it is open."""

    id: str
    url: str
    status: str
    payment_status: str
    customer_id: str
    subscription_id: str
    livemode: bool
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """A refund that was made; `status` is pending, succeeded, failed …"""

    id: str
    amount: int
    currency: str
    status: str


@dataclass(frozen=True, slots=True)
class StripeEndpoint:
    """Where the account sends events; of `events` "*" is every type."""

    id: str
    url: str
    enabled: bool
    events: frozenset[str]
    api_version: str
