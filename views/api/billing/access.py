"""A customer's access as the API tells it: what it is, by which rule, and on which rows."""

from pydantic import BaseModel, Field

from services.billing import AccountReason, CustomerReason, KnownInvoice, KnownSubscription
from views.api.kit.wire import Body, optional_timestamp, timestamp

SUBSCRIPTION = {
    "id": "sub_1Q8fZ2",
    "status": "active",
    "plan": "professional",
    "price_id": "price_1Q",
    "period_ends_at": "2026-12-21T09:30:00Z",
    "trial_ends_at": None,
    "ends_at": None,
    "paused": False,
}


class KnownInvoiceAnswer(BaseModel):
    """An invoice of the subscription that counts."""

    id: str = Field(description="Identifier of the invoice at Stripe", examples=["in_1Q8fZ2"])
    status: str = Field(description="Status in Stripe's words", examples=["paid"])
    amount_due: int = Field(description="Amount due in minor units", examples=[29_900])
    amount_paid: int = Field(description="Amount paid in minor units", examples=[29_900])
    currency: str = Field(description="Currency code, ISO 4217", examples=["usd"])
    failed: bool = Field(
        description="Whether a payment of it was declined at some time", examples=[False]
    )
    created_at: str
    paid_at: str | None = Field(
        description="Time of the payment, null until paid", examples=["2026-11-21T09:30:00Z"]
    )


class SubscriptionAnswer(BaseModel):
    """A subscription as Stripe had it when it was asked last."""

    id: str = Field(description="Identifier of the subscription at Stripe", examples=["sub_1Q8fZ2"])
    status: str = Field(description="Status in Stripe's words", examples=["active"])
    plan: str = Field(description="Plan of its price", examples=["professional"])
    price_id: str = Field(description="Price identifier at Stripe", examples=["price_1Q"])
    period_ends_at: str | None = Field(
        description="End of the paid period", examples=["2026-12-21T09:30:00Z"]
    )
    trial_ends_at: str | None = Field(
        description="End of the trial, null without one", examples=[None]
    )
    ends_at: str | None = Field(
        description="Planned end, by either of Stripe's two fields", examples=[None]
    )
    paused: bool = Field(description="Whether its collection is paused", examples=[False])


class AccountAnswer(BaseModel):
    """A customer's access to one family, judged now."""

    family: str = Field(
        description="`platform` (a tenant's plan) or `license`", examples=["platform"]
    )
    state: str = Field(
        description="`none`, `trialing`, `active`, `past_due`, `paused`, `suspended`, `cancelled`",
        examples=["active"],
    )
    allowed: bool = Field(description="Whether it gives access", examples=[True])
    rule: str = Field(description="Rule that decided, as `grace_over`", examples=["paid"])
    plan: str = Field(description="Plan that counts, empty for none", examples=["professional"])
    since: str | None = Field(
        description="Begin of this state, null for never", examples=["2026-11-21T09:30:00Z"]
    )
    until: str | None = Field(
        description="Time at which time alone changes it", examples=["2026-12-24T09:30:00Z"]
    )
    ends_at: str | None = Field(description="Planned end of the subscription", examples=[None])
    first_failed_at: str | None = Field(
        description="Time at which the grace of 7 days began", examples=[None]
    )
    subscription: SubscriptionAnswer | None = Field(
        description="Subscription that counts", examples=[SUBSCRIPTION]
    )
    others: list[SubscriptionAnswer] = Field(description="Subscriptions that do not count")
    invoices: list[KnownInvoiceAnswer] = Field(description="Newest invoices of the one that counts")


class ConsequenceAnswer(BaseModel):
    """Something that was told or done, once."""

    kind: str = Field(description="Kind of the consequence", examples=["first_paid"])
    state: str = Field(
        description="`done`, `waiting`, or `needless`: it came too late to be told",
        examples=["done"],
    )
    at: str


class SeenEventAnswer(BaseModel):
    """An event of Stripe's about the customer."""

    id: str = Field(description="Event identifier at Stripe", examples=["evt_1Q8fZ2"])
    type: str = Field(description="Type of the event", examples=["customer.subscription.updated"])
    state: str = Field(description="State of the event, as `done`", examples=["done"])
    at: str = Field(description="Time of its arrival", examples=["2026-11-21T09:30:00Z"])


class BilledCustomerAnswer(BaseModel):
    """A customer's access and what it stands on."""

    customer_id: str
    email: str
    stripe_customer_id: str = Field(
        description="Customer at Stripe, empty for none", examples=["cus_R4b7Xn2"]
    )
    trial_ends_at: str | None = Field(
        description="End of the one trial; null while it is unused",
        examples=["2026-11-21T09:30:00Z"],
    )
    accounts: list[AccountAnswer] = Field(description="Access to each family")
    effects: list[ConsequenceAnswer] = Field(description="Newest consequences, told or done")
    events: list[SeenEventAnswer] = Field(description="Newest events at Stripe")


class StripeLinkBody(Body):
    """A customer of Stripe's, to be linked."""

    stripe_customer_id: str = Field(
        min_length=5,
        max_length=255,
        description="Customer at Stripe, `cus_…`",
        examples=["cus_R4b7Xn2"],
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
