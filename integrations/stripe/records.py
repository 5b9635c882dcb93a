"""Stripe's objects read into our values: what is missing or odd becomes empty, never a guess."""

from collections.abc import Mapping
from datetime import UTC, datetime

from integrations.errors import RefusedByVendor
from integrations.json_fields import Record, flag, record, records, text, whole
from integrations.stripe.types import (
    CheckoutSession,
    DiscountFacts,
    InvoiceFacts,
    RefundFacts,
    StripeCustomer,
    StripeEndpoint,
    StripePrice,
    SubscriptionItem,
    SubscriptionSnapshot,
)

VENDOR = "stripe"
FOREVER = "forever"
LAST_SECOND = 253_402_300_799  # of the year 9999


def at(row: Record, key: str) -> datetime | None:
    """Seconds since 1970 as UTC; None when there are none."""
    seconds = row.get(key)
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 < seconds < LAST_SECOND:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def id_of(value: object) -> str:
    """The id of an object that may be expanded; "" for none."""
    return text(record(value), "id") if isinstance(value, Mapping) else text({"id": value}, "id")


def price(row: Record) -> StripePrice:
    """A price; amount None where there is no single whole one."""
    recurring = record(row.get("recurring"))
    return StripePrice(
        id=text(row, "id"),
        product_id=id_of(row.get("product")),
        currency=text(row, "currency").lower(),
        amount=whole(row, "unit_amount"),
        interval=text(recurring, "interval"),
        interval_count=whole(recurring, "interval_count") or 1,
        active=flag(row, "active"),
        livemode=flag(row, "livemode"),
        lookup_key=text(row, "lookup_key"),
    )


def customer(row: Record) -> StripeCustomer:
    """A customer; of a deleted one little is left."""
    return StripeCustomer(
        id=text(row, "id"),
        email=text(row, "email"),
        livemode=flag(row, "livemode"),
        metadata=_metadata(row),
        deleted=flag(row, "deleted"),
    )


def checkout(row: Record) -> CheckoutSession:
    """A Checkout Session."""
    return CheckoutSession(
        id=text(row, "id"),
        url=text(row, "url") if text(row, "status") == "open" else "",
        status=text(row, "status"),
        payment_status=text(row, "payment_status"),
        customer_id=id_of(row.get("customer")),
        subscription_id=id_of(row.get("subscription")),
        livemode=flag(row, "livemode"),
        expires_at=at(row, "expires_at"),
    )


def refund(row: Record) -> RefundFacts:
    """A refund."""
    return RefundFacts(
        id=text(row, "id"),
        amount=whole(row, "amount") or 0,
        currency=text(row, "currency"),
        status=text(row, "status"),
    )


def endpoint(row: Record) -> StripeEndpoint:
    """A webhook endpoint, without its secret."""
    wanted = row.get("enabled_events")
    listed = wanted if isinstance(wanted, list) else []
    return StripeEndpoint(
        id=text(row, "id"),
        url=text(row, "url"),
        enabled=text(row, "status") == "enabled",
        events=frozenset(str(one) for one in listed),
        api_version=text(row, "api_version"),
    )


def invoice(row: Record) -> InvoiceFacts:
    """An invoice; RefusedByVendor `malformed` when it does not say when it was made."""
    parent = record(record(row.get("parent")).get("subscription_details"))
    turned = record(row.get("status_transitions"))
    periods = [record(line.get("period")) for line in _listed(row.get("lines"))]
    return InvoiceFacts(
        id=text(row, "id"),
        customer_id=id_of(row.get("customer")),
        subscription_id=id_of(parent.get("subscription")),
        status=text(row, "status"),
        billing_reason=text(row, "billing_reason"),
        currency=text(row, "currency"),
        amount_due=whole(row, "amount_due") or 0,
        amount_paid=whole(row, "amount_paid") or 0,
        attempt_count=whole(row, "attempt_count") or 0,
        created_at=_needed(row, "created"),
        finalized_at=at(turned, "finalized_at"),
        paid_at=at(turned, "paid_at"),
        next_attempt_at=at(row, "next_payment_attempt"),
        period_start=min(filter(None, (at(one, "start") for one in periods)), default=None),
        period_end=max(filter(None, (at(one, "end") for one in periods)), default=None),
        hosted_url=text(row, "hosted_invoice_url"),
        livemode=flag(row, "livemode"),
    )


def subscription(row: Record) -> SubscriptionSnapshot:
    """A subscription; its latest invoice only where that is expanded."""
    pause, latest = record(row.get("pause_collection")), record(row.get("latest_invoice"))
    return SubscriptionSnapshot(
        id=text(row, "id"),
        customer_id=id_of(row.get("customer")),
        status=text(row, "status"),
        livemode=flag(row, "livemode"),
        created_at=_needed(row, "created"),
        items=tuple(_item(one) for one in _listed(row.get("items"))),
        metadata=_metadata(row),
        trial_start=at(row, "trial_start"),
        trial_end=at(row, "trial_end"),
        cancel_at=at(row, "cancel_at"),
        cancel_at_period_end=flag(row, "cancel_at_period_end"),
        canceled_at=at(row, "canceled_at"),
        ended_at=at(row, "ended_at"),
        paused_collection=text(pause, "behavior"),
        pause_resumes_at=at(pause, "resumes_at"),
        latest_invoice=invoice(latest) if latest else None,
        discounts=tuple(_discount(one) for one in records(row.get("discounts"))),
        currency=text(row, "currency").lower(),
    )


def _item(row: Record) -> SubscriptionItem:
    quantity = whole(row, "quantity")
    return SubscriptionItem(
        id=text(row, "id"),
        price=price(record(row.get("price"))),
        quantity=1 if quantity is None else quantity,
        period_start=at(row, "current_period_start"),
        period_end=at(row, "current_period_end"),
    )


def _discount(row: Record) -> DiscountFacts:
    """A coupon's; one for ever has no end, one for once or for months has."""
    coupon = record(record(row.get("source")).get("coupon")) or record(row.get("coupon"))
    percent = coupon.get("percent_off")
    ends = at(row, "end")
    if ends is None and text(coupon, "duration") not in ("", FOREVER):
        # Once: it has been used by the invoice that it was begun with.
        ends = at(row, "start")
    return DiscountFacts(
        percent_off=float(str(percent)) if percent is not None else None,
        amount_off=whole(coupon, "amount_off"),
        currency=text(coupon, "currency").lower(),
        ends_at=ends,
    )


def _listed(value: object) -> tuple[Record, ...]:
    return records(record(value).get("data"))


def _metadata(row: Record) -> dict[str, str]:
    kept = record(row.get("metadata"))
    return {name: value for name, value in kept.items() if isinstance(value, str)}


def _needed(row: Record, key: str) -> datetime:
    found = at(row, key)
    if found is None:
        raise RefusedByVendor(VENDOR, "malformed", f"an object without {key}")
    return found
