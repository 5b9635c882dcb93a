"""Plans, checkouts and the customer portal over the API."""

from typing import Literal

from pydantic import BaseModel, Field

from services.billing import CheckoutOutcome, OpenedCheckout, PriceEntry, SyncOutcome
from services.email_address import MAX_EMAIL
from views.api.kit.wire import Body, optional_timestamp

LONGEST_ID = 80
LONGEST_PLAN = 40
Family = Literal["platform", "license"]
Interval = Literal["monthly", "yearly"]
FAMILY = "Family of the plan: `platform` for tenants, `license` for sites of the plugin"
PLAN = Field(description="Name of the plan", examples=["professional"])
AMOUNT = Field(description="Amount of one interval in minor units", examples=[29_900])


class CheckoutBody(Body):
    """Plan and buyer of a checkout; the amount and the trial follow from the plan."""

    plan: str = Field(
        min_length=1,
        max_length=LONGEST_PLAN,
        description="Name of the plan",
        examples=["professional"],
    )
    interval: Interval = Field(description="Interval of the payments", examples=["monthly"])
    family: Family = Field("platform", description=FAMILY, examples=["platform"])
    email: str = Field(
        "",
        max_length=MAX_EMAIL,
        description="E-mail address of an anonymous buyer",
        examples=["ada@acme.example"],
    )
    customer_id: str = Field(
        "",
        max_length=LONGEST_ID,
        description="Customer who buys; only with an admin key",
        examples=[""],
    )


class CheckoutAnswer(BaseModel):
    """An open checkout."""

    id: str = Field(description="Identifier of the checkout", examples=["chk_5f3a"])
    url: str = Field(
        description="Address of the payment page",
        examples=["https://checkout.stripe.com/c/pay/cs_test_a1"],
    )
    expires_at: str | None = Field(
        description="End of the checkout", examples=["2026-11-22T09:30:00Z"]
    )


class OutcomeAnswer(BaseModel):
    """Progress of a checkout."""

    state: Literal["open", "paid", "ready", "unclaimed", "expired"] = Field(
        description="`paid` waits for confirmation, `unclaimed` for the operator to say whose "
        "payment it is, `ready` is done",
        examples=["ready"],
    )
    family: str = Field(description=FAMILY, examples=["platform"])
    plan: str = PLAN
    interval: str = Field(description="Interval of the payments", examples=["monthly"])
    access: str = Field(description="Access state, empty until it is ready", examples=["trialing"])
    until: str | None = Field(
        description="End of the trial or grace, if there is one", examples=["2026-12-05T09:30:00Z"]
    )


class PortalBody(Body):
    """Whose portal; nothing for the holder of a license key."""

    customer_id: str = Field(
        "",
        max_length=LONGEST_ID,
        description="Customer; only with an admin key",
        examples=["cus_3d9f"],
    )


class PortalAnswer(BaseModel):
    """Address of the customer's portal, good for minutes."""

    url: str = Field(
        description="Address of the portal session",
        examples=["https://billing.stripe.com/p/session/test_a1"],
    )


class OfferAnswer(BaseModel):
    """A plan for sale."""

    family: str = Field(description=FAMILY, examples=["platform"])
    plan: str = PLAN
    interval: str = Field(description="Interval of the payments", examples=["monthly"])
    currency: str = Field(description="Currency code, ISO 4217", examples=["usd"])
    amount: int = AMOUNT


class OfferList(BaseModel):
    """Plans for sale now."""

    plans: list[OfferAnswer] = Field(description="Plans by family and amount")
    publishable_key: str = Field(
        description="Stripe's publishable key, empty when none is set",
        examples=["pk_test_51Sandbox"],
    )


class PriceAnswer(OfferAnswer):
    """A price of Stripe's and what it sells."""

    id: str = Field(description="Price identifier at Stripe", examples=["price_1Q"])
    livemode: bool = Field(description="Whether it is of live mode", examples=[False])
    retired_at: str | None = Field(
        description="Time since which it renews but is not sold", examples=[None]
    )


class PriceList(BaseModel):
    """Every price that is or was sold."""

    prices: list[PriceAnswer] = Field(description="Prices by family and amount")


class PriceBody(Body):
    """Plan that a price sells."""

    family: Family = Field(description=FAMILY, examples=["platform"])
    plan: str = Field(
        min_length=1,
        max_length=LONGEST_PLAN,
        description="Name of the plan",
        examples=["professional"],
    )


class SyncAnswer(BaseModel):
    """Changes learnt from Stripe."""

    added: list[str] = Field(description="Prices sold from now on", examples=[["price_1Q"]])
    retired: list[str] = Field(description="Prices sold no more", examples=[["price_1P"]])
    unnamed: list[str] = Field(
        description="Active prices without a lookup key of ours", examples=[["price_1R"]]
    )


def checkout_answer(opened: OpenedCheckout) -> CheckoutAnswer:
    """An open checkout as JSON."""
    return CheckoutAnswer(
        id=opened.id, url=opened.url, expires_at=optional_timestamp(opened.expires_at)
    )


def outcome_answer(found: CheckoutOutcome) -> OutcomeAnswer:
    """How far a checkout is, as JSON."""
    return OutcomeAnswer(
        state=found.state.value,
        family=found.family,
        plan=found.plan,
        interval=found.interval,
        access=found.access,
        until=optional_timestamp(found.until),
    )


def offer_list(sold: tuple[PriceEntry, ...], publishable_key: str) -> OfferList:
    """What is for sale, as JSON."""
    plans = [
        OfferAnswer(
            family=one.family,
            plan=one.plan,
            interval=one.interval,
            currency=one.currency,
            amount=one.amount,
        )
        for one in sold
    ]
    return OfferList(plans=plans, publishable_key=publishable_key)


def price_answer(one: PriceEntry) -> PriceAnswer:
    """A price as JSON."""
    return PriceAnswer(
        family=one.family,
        plan=one.plan,
        interval=one.interval,
        currency=one.currency,
        amount=one.amount,
        id=one.id,
        livemode=one.livemode,
        retired_at=optional_timestamp(one.retired_at),
    )


def sync_answer(done: SyncOutcome) -> SyncAnswer:
    """What was learnt, as JSON."""
    return SyncAnswer(
        added=list(done.added), retired=list(done.retired), unnamed=list(done.unnamed)
    )
