"""A customer's access as the API tells it: what it is, by which rule, and on which rows."""

from pydantic import BaseModel, Field

from services.billing import AccountReason, CustomerReason, KnownInvoice, KnownSubscription
from views.api.kit.wire import Body, optional_timestamp, timestamp


class KnownInvoiceAnswer(BaseModel):
    """An invoice of the subscription that counts."""

    id: str
    status: str
    amount_due: int = Field(description="Amount in minor units")
    amount_paid: int = Field(description="Amount in minor units")
    currency: str
    failed: bool = Field(description="Whether a payment of it was declined at some time")
    created_at: str
    paid_at: str | None


class SubscriptionAnswer(BaseModel):
    """A subscription as Stripe had it when it was asked last."""

    id: str
    status: str = Field(description="Status in Stripe's words")
    plan: str
    price_id: str
    period_ends_at: str | None
    trial_ends_at: str | None
    ends_at: str | None = Field(description="Planned end, by either of Stripe's two fields")
    paused: bool = Field(description="Whether its collection is paused")


class AccountAnswer(BaseModel):
    """What the customer has of one family, judged now."""

    family: str = Field(description="`platform` (a tenant's plan) or `license`")
    state: str = Field(
        description="`none`, `trialing`, `active`, `past_due`, `paused`, `suspended`, `cancelled`"
    )
    allowed: bool = Field(description="Whether it gives access")
    rule: str = Field(description="Rule that decided, `grace_over`")
    plan: str
    since: str | None
    until: str | None = Field(description="Time at which time alone changes it")
    ends_at: str | None = Field(description="Planned end")
    first_failed_at: str | None = Field(description="Time at which the grace of 7 days began")
    subscription: SubscriptionAnswer | None = Field(description="Subscription that counts")
    others: list[SubscriptionAnswer] = Field(description="Subscriptions that do not count")
    invoices: list[KnownInvoiceAnswer] = Field(description="Newest invoices of the one that counts")


class ConsequenceAnswer(BaseModel):
    """Something that was told or done, once."""

    kind: str
    state: str = Field(description="`done`, `waiting`, or `needless`: it came too late to be told")
    at: str


class SeenEventAnswer(BaseModel):
    """An event of Stripe's about the customer."""

    id: str
    type: str
    state: str
    at: str


class BilledCustomerAnswer(BaseModel):
    """A customer's access and what it stands on."""

    customer_id: str
    email: str
    stripe_customer_id: str
    trial_ends_at: str | None = Field(description="End of the one trial; null while it is unused")
    accounts: list[AccountAnswer]
    effects: list[ConsequenceAnswer] = Field(description="Newest consequences")
    events: list[SeenEventAnswer] = Field(description="Newest events at Stripe")


class StripeLinkBody(Body):
    """Which customer of Stripe's is meant."""

    stripe_customer_id: str = Field(
        min_length=5, max_length=255, description="Customer at Stripe, `cus_…`"
    )


def customer_answer(found: CustomerReason) -> BilledCustomerAnswer:
    """All of it."""
    return BilledCustomerAnswer(
        customer_id=found.customer_id,
        email=found.email,
        stripe_customer_id=found.stripe_customer_id,
        trial_ends_at=optional_timestamp(found.trial_ends_at),
        accounts=list(map(_account, found.accounts)),
        effects=[
            ConsequenceAnswer(kind=one.kind, state=one.state, at=timestamp(one.at))
            for one in found.effects
        ],
        events=[
            SeenEventAnswer(id=one.id, type=one.type, state=one.state, at=timestamp(one.at))
            for one in found.events
        ],
    )


def _account(of: AccountReason) -> AccountAnswer:
    given = of.entitlement
    return AccountAnswer(
        family=of.family,
        state=given.state.value,
        allowed=given.allowed,
        rule=given.rule.value,
        plan=of.plan,
        since=optional_timestamp(of.since),
        until=optional_timestamp(given.until),
        ends_at=optional_timestamp(given.ends_at),
        first_failed_at=optional_timestamp(of.first_failed_at),
        subscription=_subscription(of.counts) if of.counts else None,
        others=list(map(_subscription, of.others)),
        invoices=list(map(_invoice, of.invoices)),
    )


def _subscription(of: KnownSubscription) -> SubscriptionAnswer:
    return SubscriptionAnswer(
        id=of.id,
        status=of.facts.status,
        plan=of.plan,
        price_id=of.price_id,
        period_ends_at=optional_timestamp(of.facts.period_end),
        trial_ends_at=optional_timestamp(of.facts.trial_end),
        ends_at=optional_timestamp(of.facts.ends_at),
        paused=of.facts.collection_paused,
    )


def _invoice(of: KnownInvoice) -> KnownInvoiceAnswer:
    return KnownInvoiceAnswer(
        id=of.id,
        status=of.status,
        amount_due=of.amount_due,
        amount_paid=of.amount_paid,
        currency=of.currency,
        failed=of.failed,
        created_at=timestamp(of.created_at),
        paid_at=optional_timestamp(of.paid_at),
    )
