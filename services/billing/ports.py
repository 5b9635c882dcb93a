"""What billing needs of others: Stripe, and those who feel what a customer's access becomes."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from db.store.session import Session
from integrations.stripe.types import (
    CheckoutOrder,
    CheckoutSession,
    InvoiceFacts,
    RefundFacts,
    StripeCustomer,
    StripePrice,
    SubscriptionSnapshot,
)


class Payments(Protocol):
    """Stripe, asked afresh at every call; nothing is kept.

    Every verb raises an IntegrationError: Unreachable (it may have happened), RateLimited,
    AuthExpired, RefusedByVendor with Stripe's code. A `key` is an idempotency key, new for each
    attempt and the same when its answer was lost.
    """

    @property
    def ready(self) -> bool:
        """Whether a secret key is set."""

    @property
    def livemode(self) -> bool:
        """Whether the secret key is a live one."""

    async def account(self) -> str:
        """The id of the account that the secret key belongs to (`acct_…`)."""

    async def subscription(self, subscription_id: str) -> SubscriptionSnapshot | None:
        """As it is now, with its latest invoice; None when Stripe has none of this id."""

    def subscriptions(self, stripe_customer_id: str = "") -> AsyncIterator[SubscriptionSnapshot]:
        """All of them, every status (also canceled) and every page; a failed page raises.

        Of one customer, or of the whole account.
        """

    async def invoice(self, invoice_id: str) -> InvoiceFacts | None:
        """As it is now; None when Stripe has none of this id."""

    async def invoices(self, subscription_id: str) -> tuple[InvoiceFacts, ...]:
        """The subscription's invoices, every status and every page, newest first."""

    async def invoice_of_payment(self, payment_intent_id: str) -> InvoiceFacts | None:
        """The invoice that this payment paid (`GET /v1/invoice_payments`); None: no invoice's."""

    async def customer(self, stripe_customer_id: str) -> StripeCustomer | None:
        """The customer, also a deleted one; None when Stripe has none of this id."""

    async def customer_of(self, customer_id: str) -> StripeCustomer | None:
        """The customer whose metadata we wrote for ours (OUR_CUSTOMER); never by e-mail."""

    async def create_customer(
        self, customer_id: str, email: str, name: str, *, key: str
    ) -> StripeCustomer:
        """Make one that carries OUR_CUSTOMER."""

    async def prices(self, price_ids: tuple[str, ...] = ()) -> tuple[StripePrice, ...]:
        """These prices, or all recurring ones, active or not, over all pages."""

    async def create_checkout(self, order: CheckoutOrder, *, key: str) -> CheckoutSession:
        """Open a session for one subscription; its metadata carry OUR_CUSTOMER."""

    async def checkout(self, session_id: str) -> CheckoutSession | None:
        """The session as it is now."""

    async def expire_checkout(self, session_id: str) -> None:
        """Close an open session; one that is over stays as it is."""

    async def portal(self, stripe_customer_id: str, return_url: str) -> str:
        """The address of a new portal session; short-lived, never kept."""

    async def cancel(self, subscription_id: str, *, key: str) -> None:
        """End it now, without a last invoice; one that is over or unknown counts as done."""

    async def refund_last_payment(self, subscription_id: str, *, key: str) -> RefundFacts | None:
        """Give back what the newest paid invoice took; None: there is nothing to give back."""


@dataclass(frozen=True, slots=True)
class TenantAccess:
    """What a tenant of this customer may do now: `state` is a word of `access.AccessState`.

    Which modules a plan has, and what an operator gave or took, is the tenants' own matter.
    `until`: when time alone will change it.
    """

    allowed: bool
    state: str
    plan: str
    until: datetime | None = None


class TenantEffects(Protocol):
    """Tenants, as far as billing moves them; each verb may be repeated and then changes nothing."""

    async def follow(self, session: Session, customer_id: str, access: TenantAccess) -> None:
        """In the session's transaction: suspend or resume the customer's tenants, set their plan.

        A tenant that an operator suspended stays so. No tenant: nothing happens.
        """


@dataclass(frozen=True, slots=True)
class LicenseSold:
    """A license by subscription: whose, of which plan; `license_id` None: none was issued yet."""

    subscription_id: str
    customer_id: str
    plan: str
    license_id: str | None = None


class LicenseEffects(Protocol):
    """Licenses, as far as billing moves them; every verb is part of the session's transaction."""

    async def issue(self, session: Session, sold: LicenseSold) -> str | None:
        """Issue the subscription's license and mail its key; its id, the first one's again.

        The customer's license of an earlier subscription to the same plan is taken up instead.
        None when there can be none (the plan is sold out, the customer blocked).
        """

    async def renew(self, session: Session, license_id: str, months: int) -> bool:
        """Add the months of a paid invoice; False when that cannot be (for life, cancelled)."""

    async def follow(self, session: Session, sold: LicenseSold, *, allowed: bool) -> None:
        """Suspend it for want of payment, or end that suspension, and give it the plan.

        What an operator suspended or cancelled stays so. A repeat changes nothing.
        """


@dataclass(frozen=True, slots=True)
class CardOffer:
    """What a card of the ops channel tells: a consequence, whom it is about, and its values."""

    key: str
    kind: str
    email: str
    customer_id: str
    family: str
    subscription_id: str
    values: Mapping[str, str]


class BillingRoom(Protocol):
    """The ops channel, as far as it hears of billing."""

    async def card(self, offer: CardOffer) -> None:
        """Post one card; raises Temporary while Slack is away."""
