"""Stripe's objects, read from their JSON as version 2026-10-28.endive writes it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from integrations.json_fields import Record, flag, record, records, text
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

EPOCH = datetime.fromtimestamp(0, UTC)


def subscription_of(row: Record) -> SubscriptionSnapshot:
    """A Subscription; `latest_invoice` only where it is expanded."""
    pause = record(row.get("pause_collection"))
    latest = record(row.get("latest_invoice"))
    return SubscriptionSnapshot(
        id=text(row, "id"),
        customer_id=id_of(row.get("customer")),
        status=text(row, "status"),
        livemode=flag(row, "livemode"),
        created_at=instant(row, "created") or EPOCH,
        items=tuple(map(_item, records(record(row.get("items")).get("data")))),
        metadata=metadata_of(row),
        trial_start=instant(row, "trial_start"),
        trial_end=instant(row, "trial_end"),
        cancel_at=instant(row, "cancel_at"),
        cancel_at_period_end=flag(row, "cancel_at_period_end"),
        canceled_at=instant(row, "canceled_at"),
        ended_at=instant(row, "ended_at"),
        paused_collection=text(pause, "behavior"),
        pause_resumes_at=instant(pause, "resumes_at"),
        latest_invoice=invoice_of(latest) if latest else None,
        discounts=tuple(_discount(one) for one in records(row.get("discounts"))),
        currency=text(row, "currency"),
    )


def invoice_of(row: Record) -> InvoiceFacts:
    """An Invoice; since basil its subscription is in `parent`, the period paid for in its lines."""
    details = record(record(row.get("parent")).get("subscription_details"))
    periods = [record(line.get("period")) for line in records(record(row.get("lines")).get("data"))]
    starts = [at for one in periods if (at := instant(one, "start")) is not None]
    ends = [at for one in periods if (at := instant(one, "end")) is not None]
    moves = record(row.get("status_transitions"))
    return InvoiceFacts(
        id=text(row, "id"),
        customer_id=id_of(row.get("customer")),
        subscription_id=id_of(details.get("subscription")),
        status=text(row, "status"),
        billing_reason=text(row, "billing_reason"),
        currency=text(row, "currency"),
        amount_due=amount(row, "amount_due"),
        amount_paid=amount(row, "amount_paid"),
        attempt_count=amount(row, "attempt_count"),
        created_at=instant(row, "created") or EPOCH,
        finalized_at=instant(moves, "finalized_at"),
        paid_at=instant(moves, "paid_at"),
        next_attempt_at=instant(row, "next_payment_attempt"),
        period_start=min(starts, default=None),
        period_end=max(ends, default=None),
        hosted_url=text(row, "hosted_invoice_url"),
        livemode=flag(row, "livemode"),
    )


def price_of(row: Record) -> StripePrice:
    """A recurring Price."""
    recurring = record(row.get("recurring"))
    unit = row.get("unit_amount")
    return StripePrice(
        id=text(row, "id"),
        product_id=id_of(row.get("product")),
        currency=text(row, "currency"),
        amount=unit if isinstance(unit, int) and not isinstance(unit, bool) else None,
        interval=text(recurring, "interval"),
        interval_count=amount(recurring, "interval_count") or 1,
        active=flag(row, "active"),
        livemode=flag(row, "livemode"),
        lookup_key=text(row, "lookup_key"),
    )


def stripe_customer_of(row: Record) -> StripeCustomer:
    """A Customer; of a deleted one little is left."""
    return StripeCustomer(
        id=text(row, "id"),
        email=text(row, "email"),
        livemode=flag(row, "livemode"),
        metadata=metadata_of(row),
        deleted=flag(row, "deleted"),
        name=text(row, "name"),
    )


def session_of(row: Record) -> CheckoutSession:
    """A Checkout Session."""
    return CheckoutSession(
        id=text(row, "id"),
        url=text(row, "url") if text(row, "status") == "open" else "",
        status=text(row, "status"),
        payment_status=text(row, "payment_status"),
        customer_id=id_of(row.get("customer")),
        subscription_id=id_of(row.get("subscription")),
        livemode=flag(row, "livemode"),
        expires_at=instant(row, "expires_at"),
    )


def refund_of(row: Record) -> RefundFacts:
    """A Refund."""
    return RefundFacts(
        id=text(row, "id"),
        amount=amount(row, "amount"),
        currency=text(row, "currency"),
        status=text(row, "status"),
    )


def endpoint_of(row: Record) -> StripeEndpoint:
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


def metadata_of(row: Record) -> Mapping[str, str]:
    """The metadata, texts only."""
    written = record(row.get("metadata"))
    return {name: value for name, value in written.items() if isinstance(value, str)}


def id_of(value: object) -> str:
    """The id of an object, whether it is expanded or not; "" for none."""
    return value if isinstance(value, str) else text(record(value), "id")


def instant(row: Record, key: str) -> datetime | None:
    """A time in seconds since 1970, as UTC; None for anything else."""
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def amount(row: Record, key: str) -> int:
    """A whole number; 0 for anything else."""
    value = row.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _item(row: Record) -> SubscriptionItem:
    return SubscriptionItem(
        id=text(row, "id"),
        price=price_of(record(row.get("price"))),
        quantity=amount(row, "quantity"),
        period_start=instant(row, "current_period_start"),
        period_end=instant(row, "current_period_end"),
    )


def _discount(row: Record) -> DiscountFacts:
    coupon = record(record(row.get("source")).get("coupon")) or record(row.get("coupon"))
    percent = coupon.get("percent_off")
    off = coupon.get("amount_off")
    return DiscountFacts(
        percent_off=float(percent) if isinstance(percent, int | float) else None,
        amount_off=off if isinstance(off, int) else None,
        currency=text(coupon, "currency"),
        ends_at=instant(row, "end"),
    )
