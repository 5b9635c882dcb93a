"""The pricing page and what came of a checkout, in every state they can be in."""

from dataclasses import replace
from datetime import UTC, datetime

from services.billing import CheckoutOutcome, CheckoutState, PriceEntry
from tests.views.scenes import Scene, given
from views.pages import pricing

UNTIL = datetime(2026, 12, 5, 9, 30, tzinfo=UTC)
SOLD = tuple(
    PriceEntry(f"price_{plan}_{interval}", "platform", plan, interval, "usd", amount, False, None)
    for plan, interval, amount in (
        ("starter", "monthly", 9_900),
        ("professional", "monthly", 29_900),
        ("starter", "yearly", 99_000),
        ("professional", "yearly", 299_000),
    )
)
CONTACT = "sales@seguito.example"
PAID = CheckoutOutcome(CheckoutState.PAID, "platform", "professional", "monthly")
READY = replace(PAID, state=CheckoutState.READY, access="active")
OUTCOMES = {
    "waits": PAID,
    "late": replace(PAID, late=True),
    "trial": replace(READY, access="trialing", until=UNTIL),
    "active": READY,
    "suspended": replace(READY, access="suspended"),
    "unclaimed": replace(PAID, state=CheckoutState.UNCLAIMED),
    "open": replace(PAID, state=CheckoutState.OPEN, url="https://checkout.stripe.com/c/pay/a"),
    "expired": replace(PAID, state=CheckoutState.EXPIRED),
}
FORMS = {
    "monthly": (SOLD, pricing.PricingForm("monthly"), CONTACT),
    "yearly": (SOLD, pricing.PricingForm("yearly"), ""),
    "refused": (SOLD, pricing.PricingForm("monthly", "<b>", "No address."), CONTACT),
    "nothing": ((), pricing.PricingForm("monthly"), CONTACT),
}
PRICING = (
    *(
        Scene(pricing.pricing, name, lambda lang, told=told: given(*told, lang))
        for name, told in FORMS.items()
    ),
    *(
        Scene(pricing.outcome, name, lambda lang, told=told: given(told, lang))
        for name, told in OUTCOMES.items()
    ),
)
