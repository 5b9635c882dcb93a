"""Stripe as a pure fake: objects as JSON that a clock and verbs change, and the events they make.

It keeps what Stripe promises (a subscription's state now, events of each change), and nothing of
how it is asked: `Billing` reads its objects through the same readers as the client does.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import orjson

from integrations.errors import IntegrationError
from integrations.stripe.objects import invoice_of, subscription_of
from integrations.stripe.types import (
    OUR_CUSTOMER,
    InvoiceFacts,
    RefundFacts,
    SubscriptionSnapshot,
)

Json = dict[str, Any]
ACCOUNT = "acct_test"
SECRET = "whsec_tests-only"
MONTH = timedelta(days=30)


def signature(raw: bytes, at: datetime, secret: str = SECRET) -> str:
    """The header that Stripe sends with this body."""
    stamp = int(at.timestamp())
    signed = f"{stamp}.".encode() + raw
    return f"t={stamp},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


@dataclass
class FakeStripe:
    """One account; `now` is its clock, `events` are the bodies in the order of their making."""

    now: datetime
    # What its ids are made of: two accounts of one history differ in nothing else.
    prefix: str = field(default_factory=lambda: uuid4().hex[:10])
    numbers: count[int] = field(default_factory=lambda: count(1))
    held: dict[str, Json] = field(default_factory=dict)
    bills: dict[str, Json] = field(default_factory=dict)
    paid_by: dict[str, str] = field(default_factory=dict)
    events: list[bytes] = field(default_factory=list)
    failures: list[IntegrationError] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    refunded: list[str] = field(default_factory=list)
    asked: int = 0
    ready: bool = True
    livemode: bool = False

    # What Billing asks.

    async def account(self) -> str:
        """Ours."""
        return ACCOUNT

    async def subscription(self, subscription_id: str) -> SubscriptionSnapshot | None:
        """As it is now."""
        self.asked += 1
        if self.failures:
            raise self.failures.pop(0)
        row = self.held.get(subscription_id)
        if row is None:
            return None
        return subscription_of({**row, "latest_invoice": self.bills.get(row["latest_invoice"])})

    async def subscriptions(self, stripe_customer_id: str) -> AsyncIterator[SubscriptionSnapshot]:
        """All of them, or the customer's."""
        if self.failures:
            raise self.failures.pop(0)
        for row in list(self.held.values()):
            if stripe_customer_id in ("", row["customer"]):
                yield subscription_of(row)

    async def invoices(self, subscription_id: str) -> tuple[InvoiceFacts, ...]:
        """All of them."""
        return tuple(map(invoice_of, self._invoices(subscription_id)))

    async def invoice_of_payment(self, payment_intent_id: str) -> InvoiceFacts | None:
        """What the payment paid."""
        invoice_id = self.paid_by.get(payment_intent_id)
        return invoice_of(self.bills[invoice_id]) if invoice_id else None

    async def cancel(self, subscription_id: str, *, key: str) -> None:
        """End it now."""
        if self.failures:
            raise self.failures.pop(0)
        self.cancelled.append(subscription_id)
        if self.held[subscription_id]["status"] != "canceled":
            self.end(subscription_id)

    async def refund_last_payment(self, subscription_id: str, *, key: str) -> RefundFacts | None:
        """Give it back."""
        paid = [one for one in self._invoices(subscription_id) if one["amount_paid"] > 0]
        if not paid or key in self.refunded:
            return None
        self.refunded.append(key)
        self.refund(subscription_id)
        return RefundFacts("re_1", paid[-1]["amount_paid"], "usd", "succeeded")

    # What happens at Stripe.

    def subscribe(
        self,
        customer_id: str,
        price: str,
        *,
        trial: timedelta | None = None,
        amount: int = 9900,
        stripe_customer: str = "",
    ) -> str:
        """A checkout was completed: a subscription, its first invoice, and their events."""
        subscription_id = self._id("sub")
        end = self.now + (trial or MONTH)
        row = {
            "id": subscription_id,
            "object": "subscription",
            "customer": stripe_customer or f"cus_{customer_id}",
            "status": "trialing" if trial else "active",
            "livemode": self.livemode,
            "created": _stamp(self.now),
            "metadata": {OUR_CUSTOMER: customer_id} if customer_id else {},
            "trial_start": _stamp(self.now) if trial else None,
            "trial_end": _stamp(end) if trial else None,
            "cancel_at": None,
            "cancel_at_period_end": False,
            "canceled_at": None,
            "ended_at": None,
            "pause_collection": None,
            "latest_invoice": None,
            "currency": "usd",
            "discounts": [],
            "items": {"data": [self._item(price, amount, end)]},
        }
        self.held[subscription_id] = row
        self.invoice(subscription_id, "subscription_create", 0 if trial else amount, paid=True)
        self.tell("customer.subscription.created", row)
        self.tell("checkout.session.completed", self._session(row))
        return subscription_id

    def invoice(self, subscription_id: str, reason: str, amount: int, *, paid: bool) -> str:
        """A new invoice, paid at once or declined."""
        row = self.held[subscription_id]
        invoice_id = self._id("in")
        self.bills[invoice_id] = {
            "id": invoice_id,
            "object": "invoice",
            "customer": row["customer"],
            "parent": {
                "type": "subscription_details",
                "subscription_details": {
                    "subscription": subscription_id,
                    "metadata": row["metadata"],
                },
            },
            "status": "open",
            "billing_reason": reason,
            "currency": "usd",
            "amount_due": amount,
            "amount_paid": 0,
            "attempt_count": 0,
            "created": _stamp(self.now),
            "status_transitions": {"finalized_at": _stamp(self.now), "paid_at": None},
            "next_payment_attempt": None,
            "livemode": self.livemode,
            "hosted_invoice_url": f"https://invoice.stripe.example/{invoice_id}",
            "lines": {"data": [{"period": self._period(row)}]},
        }
        row["latest_invoice"] = invoice_id
        if paid:
            self.pay(subscription_id)
        else:
            self.decline(subscription_id)
        return invoice_id

    def renew(self, subscription_id: str, *, paid: bool) -> str:
        """The period is over: the next one begins, with its invoice."""
        row = self.held[subscription_id]
        item = row["items"]["data"][0]
        item["current_period_start"] = _stamp(self.now)
        item["current_period_end"] = _stamp(self.now + MONTH)
        row["status"] = "active"
        amount = item["price"]["unit_amount"]
        return self.invoice(subscription_id, "subscription_cycle", amount, paid=paid)

    def decline(self, subscription_id: str) -> None:
        """The card is declined, once more."""
        row, invoice = self._latest(subscription_id)
        invoice["attempt_count"] += 1
        row["status"] = "past_due"
        self.tell("invoice.payment_failed", invoice)
        self.tell("customer.subscription.updated", row)

    def pay(self, subscription_id: str) -> None:
        """The newest invoice is paid."""
        row, invoice = self._latest(subscription_id)
        if invoice["status"] == "paid":
            return
        invoice["status"], invoice["amount_paid"] = "paid", invoice["amount_due"]
        invoice["attempt_count"] += 1
        invoice["status_transitions"]["paid_at"] = _stamp(self.now)
        if row["status"] in ("past_due", "unpaid", "incomplete"):
            row["status"] = "active"
        self.tell("invoice.payment_succeeded", invoice)
        self.tell("customer.subscription.updated", row)

    def change(self, subscription_id: str, **fields: Any) -> None:
        """Somebody changed it, at Stripe or in the portal."""
        row = self.held[subscription_id]
        row.update(fields)
        self.tell("customer.subscription.updated", row)

    def move(self, subscription_id: str, price: str, amount: int) -> None:
        """Another plan, from now on."""
        row = self.held[subscription_id]
        item = row["items"]["data"][0]
        item["price"] = self._item(price, amount, self.now)["price"]
        self.tell("customer.subscription.updated", row)

    def end(self, subscription_id: str) -> None:
        """It is over, for good."""
        row = self.held[subscription_id]
        row["status"] = "canceled"
        row["canceled_at"] = row["ended_at"] = _stamp(self.now)
        self.tell("customer.subscription.deleted", row)

    def refund(self, subscription_id: str, amount: int | None = None) -> None:
        """A payment goes back, all of it or a part."""
        _, invoice = self._latest(subscription_id)
        intent = f"pi_{invoice['id']}"
        self.paid_by[intent] = invoice["id"]
        back = invoice["amount_paid"] if amount is None else amount
        charge = {
            "id": f"ch_{invoice['id']}",
            "object": "charge",
            "customer": invoice["customer"],
            "payment_intent": intent,
            "amount": invoice["amount_paid"],
            "amount_refunded": back,
            "currency": "usd",
            "status": "succeeded",
        }
        self.tell("charge.refunded", charge)

    def dispute(self, subscription_id: str, status: str) -> None:
        """The bank asks for it back; `status` as Stripe says: needs_response, won, lost."""
        _, invoice = self._latest(subscription_id)
        intent = f"pi_{invoice['id']}"
        self.paid_by[intent] = invoice["id"]
        dispute = {
            "id": f"dp_{invoice['id']}",
            "object": "dispute",
            "payment_intent": intent,
            "amount": invoice["amount_paid"],
            "currency": "usd",
            "status": status,
        }
        closed = status in ("won", "lost")
        self.tell(f"charge.dispute.{'closed' if closed else 'created'}", dispute)

    def tell(self, kind: str, about: Json, **envelope: Any) -> bytes:
        """Make an event of it, as it is now."""
        body = {
            "id": self._id("evt"),
            "object": "event",
            "type": kind,
            "created": _stamp(self.now),
            "livemode": self.livemode,
            "api_version": "2026-10-28.endive",
            "data": {"object": deepcopy(about)},
            **envelope,
        }
        self.events.append(orjson.dumps(body))
        return self.events[-1]

    def _id(self, kind: str) -> str:
        return f"{kind}_{self.prefix}{next(self.numbers):05}"

    def _invoices(self, subscription_id: str) -> list[Json]:
        return [
            one
            for one in self.bills.values()
            if one["parent"]["subscription_details"]["subscription"] == subscription_id
        ]

    def _latest(self, subscription_id: str) -> tuple[Json, Json]:
        row = self.held[subscription_id]
        return row, self.bills[row["latest_invoice"]]

    def _item(self, price: str, amount: int, end: datetime) -> Json:
        return {
            "id": self._id("si"),
            "quantity": 1,
            "current_period_start": _stamp(self.now),
            "current_period_end": _stamp(end),
            "price": {
                "id": price,
                "product": "prod_1",
                "currency": "usd",
                "unit_amount": amount,
                "active": True,
                "livemode": self.livemode,
                "recurring": {"interval": "month", "interval_count": 1},
            },
        }

    def _period(self, row: Json) -> Json:
        item = row["items"]["data"][0]
        return {"start": item["current_period_start"], "end": item["current_period_end"]}

    def _session(self, row: Json) -> Json:
        return {
            "id": self._id("cs"),
            "object": "checkout.session",
            "customer": row["customer"],
            "subscription": row["id"],
            "metadata": row["metadata"],
            "status": "complete",
        }


def _stamp(at: datetime) -> int:
    return int(at.timestamp())
