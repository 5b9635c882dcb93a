"""Stripe's webhook on the wire: is it Stripe's, is it fresh, and what does it tell.

Signature: docs.stripe.com/webhooks (`Stripe-Signature: t=…,v1=…`, HMAC-SHA256 of `t.body` with the
whole secret). Verified over the raw bytes, before anything is parsed.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from integrations.json_fields import Record, flag, record, text
from integrations.stripe.objects import EPOCH, amount, id_of, instant, invoice_of, metadata_of
from integrations.stripe.types import InvoiceFacts

TOLERANCE = timedelta(minutes=5)
MAX_SIGNATURES = 16
SUBSCRIPTION, INVOICE, SESSION = "subscription", "invoice", "checkout.session"
CHARGE, DISPUTE = "charge", "dispute"


class BadSignature(Exception):
    """It is not Stripe's, or not now: `reason` is one of `missing`, `old`, `future`, `wrong`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadEvent(Exception):
    """It was signed well, and is no event."""


@dataclass(frozen=True, slots=True)
class PaymentTold:
    """A charge that was refunded, or a dispute: amounts in minor units, `payment_intent` paid it.

    `closed`: a dispute that is over, `won` or `lost`; "" else.
    """

    id: str
    payment_intent: str
    amount: int
    total: int
    currency: str
    closed: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StripeEvent:
    """An event as delivered. `status` is that of its object as it was then, "" where it has none.

    `cancel_at` and `period_end_cancel` are those of a subscription. `metadata` are the object's,
    for an invoice those of its subscription. `reference` is a Checkout Session's
    `client_reference_id`.
    """

    id: str
    type: str
    created_at: datetime
    livemode: bool
    account: str
    api_version: str
    kind: str
    object_id: str
    subscription_id: str
    stripe_customer_id: str
    status: str
    metadata: tuple[tuple[str, str], ...]
    ends_at: datetime | None = None
    invoice: InvoiceFacts | None = None
    payment: PaymentTold | None = None


def verify(raw: bytes, header: str, secrets: Iterable[str], now: datetime) -> None:
    """Raises BadSignature unless one of the secrets signed these bytes within the tolerance.

    Every secret is compared in constant time with every signature.
    """
    stamp, signatures = _parts(header)
    if not stamp or not signatures:
        raise BadSignature("missing")
    signed = stamp.encode() + b"." + raw
    matches = [
        hmac.compare_digest(hmac.new(secret.encode(), signed, hashlib.sha256).digest(), given)
        for secret in secrets
        for given in signatures
    ]
    if not any(matches):
        raise BadSignature("wrong")
    age = now.timestamp() - int(stamp)
    if age > TOLERANCE.total_seconds():
        raise BadSignature("old")
    if -age > TOLERANCE.total_seconds():
        raise BadSignature("future")


def read_event(raw: bytes | str) -> StripeEvent:
    """The event in a body whose signature is good; raises BadEvent."""
    try:
        row = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise BadEvent("not JSON") from None
    event_id, kind = text(record(row), "id"), text(record(row), "type")
    if not event_id or not kind or text(record(row), "object") != "event":
        raise BadEvent("not an event")
    body = record(record(record(row).get("data")).get("object"))
    return _event(record(row), body)


def _event(row: Record, body: Record) -> StripeEvent:
    kind = text(body, "object")
    invoice = invoice_of(body) if kind == INVOICE else None
    created = instant(row, "created") or EPOCH
    cancel_at = instant(body, "cancel_at")
    if cancel_at is None and flag(body, "cancel_at_period_end"):
        cancel_at = _period_end(body)
    return StripeEvent(
        id=text(row, "id"),
        type=text(row, "type"),
        created_at=created,
        livemode=flag(row, "livemode"),
        account=text(row, "account"),
        api_version=text(row, "api_version"),
        kind=kind,
        object_id=text(body, "id"),
        subscription_id=_subscription_id(kind, body, invoice),
        stripe_customer_id=id_of(body.get("customer"))
        or (text(body, "id") if kind == "customer" else ""),
        status=text(body, "status"),
        metadata=_metadata(kind, body),
        ends_at=cancel_at if kind == SUBSCRIPTION else None,
        invoice=invoice,
        payment=_payment(kind, body, created),
    )


def _subscription_id(kind: str, body: Record, invoice: InvoiceFacts | None) -> str:
    if invoice is not None:
        return invoice.subscription_id
    return text(body, "id") if kind == SUBSCRIPTION else id_of(body.get("subscription"))


def _metadata(kind: str, body: Record) -> tuple[tuple[str, str], ...]:
    details = record(record(body.get("parent")).get("subscription_details"))
    return tuple(sorted(metadata_of(details if kind == INVOICE else body).items()))


def _payment(kind: str, body: Record, created: datetime) -> PaymentTold | None:
    if kind == CHARGE:
        amounts = amount(body, "amount_refunded"), amount(body, "amount")
    elif kind == DISPUTE:
        amounts = amount(body, "amount"), amount(body, "amount")
    else:
        return None
    status = text(body, "status")
    return PaymentTold(
        id=text(body, "id"),
        payment_intent=id_of(body.get("payment_intent")),
        amount=amounts[0],
        total=amounts[1],
        currency=text(body, "currency"),
        closed=status if kind == DISPUTE and status in ("won", "lost") else "",
        at=created,
    )


def _period_end(body: Record) -> datetime | None:
    items = record(body.get("items")).get("data")
    rows = [record(one) for one in items] if isinstance(items, list) else []
    ends = [at for one in rows if (at := instant(one, "current_period_end")) is not None]
    return max(ends, default=None)


def _parts(header: str) -> tuple[str, tuple[bytes, ...]]:
    """The time stamp, and the signatures of scheme v1; empty when it cannot be read."""
    stamp, signatures = "", []
    for part in header.split(",")[: MAX_SIGNATURES + 1]:
        name, _, value = part.strip().partition("=")
        if name == "t" and value.isascii() and value.isdigit() and len(value) <= len("9999999999"):
            stamp = value
        elif name == "v1":
            try:
                signatures.append(bytes.fromhex(value))
            except ValueError:
                continue
    return stamp, tuple(signatures)
