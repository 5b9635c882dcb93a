"""Invoices and money: drafts become final, cards are charged, banks refuse, money goes back."""

from copy import deepcopy
from dataclasses import dataclass

from integrations.sandbox.stripe.errors import Json, declined, invalid
from integrations.sandbox.stripe.events import Events
from integrations.sandbox.stripe.store import DAY, Account, Moment

LIVING = ("trialing", "active", "past_due", "unpaid", "incomplete", "paused")
OWING = ("incomplete", "past_due", "unpaid")
AFTER_DUNNING = ("unpaid", "cancel", "past_due")


@dataclass(slots=True)
class Dunning:
    """What the account does about failed payments: retries so many days after the first failure,
    and what becomes of the subscription when the last of them failed, too."""

    days: tuple[int, ...] = (3, 5, 7, 14)
    then: str = "unpaid"


class Charging:
    """Changes invoices, charges and the subscriptions they are for."""

    def __init__(self, account: Account, events: Events) -> None:
        self._account, self._events = account, events
        self.dunning = Dunning()

    def finalize(self, invoice: Json) -> None:
        """A draft becomes open; one over nothing is paid."""
        now = self._account.clock.now()
        invoice["_finalize_at"] = None
        invoice["status"] = "open"
        invoice["status_transitions"]["finalized_at"] = now
        place = f"{self._account.origin}/stripe/invoice/{invoice['id']}"
        invoice["hosted_invoice_url"], invoice["invoice_pdf"] = place, f"{place}/pdf"
        self._events.tell("invoice.finalized", invoice)
        if invoice["amount_due"] == 0:
            self._paid(invoice, None)

    def attempt(self, invoice: Json, card: Json | None = None, asked: Json | None = None) -> bool:
        """Charge the card for an open invoice; whether it went well."""
        card = card or self.card_for(invoice)
        invoice["attempt_count"] += 1
        invoice["attempted"] = True
        if card is None or not card["_works"]:
            self._failed(invoice, card, asked)
            return False
        self._paid(invoice, self._charge(invoice, card, ok=True), asked)
        return True

    def pay(self, invoice: Json, card: Json | None = None, asked: Json | None = None) -> None:
        """As somebody asks for it. StripeFault when it cannot be, or the bank declines."""
        if invoice["status"] == "paid":
            raise invalid("Invoice is already paid", code="invoice_already_paid")
        if invoice["status"] == "draft":
            self.finalize(invoice)
        if invoice["status"] not in ("open", "uncollectible"):
            raise invalid(f"This invoice is {invoice['status']} and cannot be paid.")
        if not self.attempt(invoice, card, asked):
            raise declined()

    def card_for(self, invoice: Json) -> Json | None:
        """The subscription's own, else the customer's."""
        cards = self._account.table("payment_method")
        subscription = self.subscription_of(invoice)
        customer = self._account.get("customer", invoice["customer"])
        own = (subscription or {}).get("default_payment_method")
        return cards.get(own or customer["invoice_settings"]["default_payment_method"] or "")

    def subscription_of(self, invoice: Json) -> Json | None:
        """What it is for; None for a single payment."""
        details = (invoice["parent"] or {}).get("subscription_details") or {}
        return self._account.table("subscription").get(details.get("subscription", ""))

    def void(self, invoice: Json) -> None:
        """It is not owed any more."""
        invoice["status"], invoice["next_payment_attempt"] = "void", None
        invoice["status_transitions"]["voided_at"] = self._account.clock.now()
        self._events.tell("invoice.voided", invoice)

    def change(self, subscription: Json, fields: Json, asked: Json | None = None) -> None:
        """Write fields of a subscription, and tell of it when any is different."""
        before = deepcopy(subscription)
        subscription.update(fields)
        if subscription != before:
            self._events.tell("customer.subscription.updated", subscription, before, asked)

    def end(self, subscription: Json, reason: str, asked: Json | None = None) -> None:
        """It is over."""
        now = self._account.clock.now()
        subscription["status"] = "canceled"
        subscription["canceled_at"] = subscription["canceled_at"] or now
        subscription["ended_at"] = now
        subscription["cancellation_details"] = {
            **subscription["cancellation_details"],
            "reason": reason,
        }
        for invoice in self._account.table("invoice").values():
            if self.subscription_of(invoice) is subscription:
                invoice["_finalize_at"] = invoice["next_payment_attempt"] = None
        self._events.tell("customer.subscription.deleted", subscription, asked=asked)

    def single(self, customer: str, amount: int, currency: str, card: Json, meta: Json) -> Json:
        """Charge without an invoice; the payment intent."""
        facts = {"customer": customer, "amount_due": amount, "currency": currency, "metadata": meta}
        return self._charge(facts, card, ok=True)

    def _charge(self, invoice: Json, card: Json | None, *, ok: bool) -> Json:
        """A payment intent with its charge."""
        amount, held = invoice["amount_due"], invoice.get("id")
        kept = self._account.table("payment_intent").get(invoice.get("_intent", ""))
        intent = kept or self._account.add(
            "payment_intent",
            "pi",
            {
                "amount": amount,
                "amount_received": 0,
                "currency": invoice["currency"],
                "customer": invoice["customer"],
                "last_payment_error": None,
                "latest_charge": None,
                "metadata": invoice.get("metadata", {}),
                "payment_method": None,
                "status": "requires_payment_method",
            },
        )
        invoice["_intent"] = intent["id"]
        charge = self._account.add(
            "charge",
            "ch",
            {
                "amount": amount,
                "amount_captured": amount if ok else 0,
                "amount_refunded": 0,
                "captured": ok,
                "currency": invoice["currency"],
                "customer": invoice["customer"],
                "disputed": False,
                "failure_code": None if ok else "card_declined",
                "failure_message": None if ok else "Your card was declined.",
                "metadata": invoice.get("metadata", {}),
                "paid": ok,
                "payment_intent": intent["id"],
                "payment_method": card["id"] if card else None,
                "refunded": False,
                "status": "succeeded" if ok else "failed",
                "_invoice": held,
            },
        )
        intent["latest_charge"], intent["payment_method"] = charge["id"], charge["payment_method"]
        intent["status"] = "succeeded" if ok else "requires_payment_method"
        intent["amount_received"] = amount if ok else 0
        self._events.tell("charge.succeeded" if ok else "charge.failed", charge)
        self._events.tell(f"payment_intent.{'succeeded' if ok else 'payment_failed'}", intent)
        return intent

    def _paid(self, invoice: Json, intent: Json | None, asked: Json | None = None) -> None:
        now = self._account.clock.now()
        invoice["status"], invoice["next_payment_attempt"] = "paid", None
        invoice["amount_paid"], invoice["amount_remaining"] = invoice["amount_due"], 0
        invoice["status_transitions"]["paid_at"] = now
        if intent is not None:
            self._link(invoice, intent, now)
        self._events.tell("invoice.paid", invoice, asked=asked)
        self._events.tell("invoice.payment_succeeded", invoice, asked=asked)
        subscription = self.subscription_of(invoice)
        newest = subscription is not None and invoice["id"] == subscription["latest_invoice"]
        if subscription and newest and subscription["status"] in OWING:
            self.change(subscription, {"status": "active"})

    def _link(self, invoice: Json, intent: Json, now: Moment) -> None:
        self._account.add(
            "invoice_payment",
            "inpay",
            {
                "amount_paid": invoice["amount_due"],
                "amount_requested": invoice["amount_due"],
                "currency": invoice["currency"],
                "invoice": invoice["id"],
                "is_default": True,
                "payment": {"type": "payment_intent", "payment_intent": intent["id"]},
                "status": "paid",
                "status_transitions": {"canceled_at": None, "paid_at": now},
            },
        )

    def _failed(self, invoice: Json, card: Json | None, asked: Json | None) -> None:
        now = self._account.clock.now()
        if card is not None:
            self._charge(invoice, card, ok=False)
        first = invoice["_first_failed"] = invoice["_first_failed"] or now
        coming = [first + day * DAY for day in self.dunning.days if first + day * DAY > now]
        subscription = self.subscription_of(invoice)
        tries = bool(coming) and subscription is not None and subscription["status"] != "incomplete"
        invoice["next_payment_attempt"] = Moment(coming[0]) if tries else None
        self._events.tell("invoice.payment_failed", invoice, asked=asked)
        if subscription is None or invoice["id"] != subscription["latest_invoice"]:
            return
        if subscription["status"] in ("active", "trialing"):
            self.change(subscription, {"status": "past_due"})
        elif subscription["status"] == "past_due" and not coming:
            self._give_up(subscription)

    def _give_up(self, subscription: Json) -> None:
        if self.dunning.then == "cancel":
            self.end(subscription, "payment_failed")
        elif self.dunning.then == "unpaid":
            self.change(subscription, {"status": "unpaid"})
