"""Billing in Slack: every card of the ops channel, and why an access is what it is."""

from datetime import UTC, datetime, timedelta

from services.billing import (
    AccessRule,
    AccessState,
    AccountReason,
    CardOffer,
    CustomerReason,
    Entitlement,
    KnownInvoice,
    KnownSubscription,
    SeenEvent,
    ToldEffect,
    kinds,
)
from services.billing.access import SubscriptionFacts
from tests.views.scenes import Scene, given
from views.slack import billing
from views.words.billing.cards import CARDS

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FAILED_AT = NOW - timedelta(days=8)
PRICE = "price_professional_month"
EMAIL = "acme+<1>@example.com"
VALUES = {
    "plan": "professional",
    "amount": "29900",
    "currency": "usd",
    "at": "2026-12-20T12:00:00+00:00",
    "what": "open",
    "price": "price_1<2>",
    "status": "resting",
    "stripe_customer": "cus_Q1w2e3",
    "reason": "other_mode",
    "count": "3",
    "note": "Stripe does not answer right now. Please try again in a minute.",
}


def _offer(kind: str) -> CardOffer:
    nobody = kind in (kinds.UNKNOWN_CUSTOMER, kinds.ODD_EVENTS, kinds.STUCK)
    subscription = "" if kind in (kinds.ODD_EVENTS, kinds.STUCK) else "sub_1Q2w3e"
    email = "" if nobody else EMAIL
    return CardOffer(f"{kind}:1", kind, email, "cus_1", "platform", subscription, VALUES)


def _invoice(number: int, status: str, *, failed: bool = False) -> KnownInvoice:
    at = FAILED_AT - timedelta(days=30 * (1 - number))
    paid = status == "paid"
    return KnownInvoice(
        id=f"in_{number}",
        status=status,
        reason="subscription_cycle",
        currency="usd",
        amount_due=29900,
        amount_paid=29900 if paid else 0,
        failed=failed,
        created_at=at,
        paid_at=at if paid else None,
        period_end=at + timedelta(days=30),
    )


def _subscription(status: str, *invoices: KnownInvoice) -> KnownSubscription:
    return KnownSubscription(
        id="sub_1Q2w3e",
        family="platform",
        plan="professional",
        price_id=PRICE,
        price_known=True,
        facts=SubscriptionFacts(status, NOW - timedelta(days=60)),
        was_live=True,
        endings=(),
        interval="month",
        interval_count=1,
        amount=29900,
        currency="usd",
        created_at=NOW - timedelta(days=60),
        ended_at=None,
        trial_start=None,
        license_id=None,
        invoices=invoices,
    )


def _why(entitlement: Entitlement, counts: KnownSubscription | None) -> CustomerReason:
    account = AccountReason(
        family="platform",
        plan="professional",
        entitlement=entitlement,
        kept=entitlement.state.value,
        since=FAILED_AT,
        counts=counts,
        invoices=tuple(reversed(counts.invoices)) if counts else (),
        others=(),
    )
    events = (SeenEvent("evt_1", "invoice.payment_failed", "done", FAILED_AT),)
    effects = (
        ToldEffect(kinds.SUSPENDED, "done", NOW),
        ToldEffect(kinds.FAILED, "needless", FAILED_AT),
    )
    return CustomerReason("cus_1", EMAIL, "cus_Q1w2e3", None, (account,), effects, events)


def _rule(rule: AccessRule) -> CustomerReason:
    owing = rule in (AccessRule.GRACE, AccessRule.GRACE_OVER)
    allowed = rule in (AccessRule.GRACE, AccessRule.PAID, AccessRule.TRIAL, AccessRule.PAUSED_PAID)
    state = AccessState.ACTIVE if allowed else AccessState.SUSPENDED
    soon = NOW + timedelta(days=2)
    given_now = Entitlement(state, allowed, rule, until=soon, ends_at=None if owing else soon)
    invoices = (_invoice(0, "paid"), _invoice(1, "open", failed=True))
    return _why(given_now, _subscription("past_due" if owing else "active", *invoices))


NOBODY = CustomerReason("cus_2", EMAIL, "", None, (), (), ())
BILLING = (
    *(
        Scene(billing.card, kind, lambda lang, kind=kind: given(_offer(kind), lang))
        for kind in CARDS
    ),
    *(
        Scene(billing.why, rule.value, lambda lang, rule=rule: given(_rule(rule), lang))
        for rule in AccessRule
    ),
    Scene(billing.why, "nobody", lambda lang: given(NOBODY, lang)),
    Scene(billing.why_usage, "normal", lambda lang: given(lang)),
    Scene(billing.second_gone, "normal", lambda lang: given(lang)),
)
