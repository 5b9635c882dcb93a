"""Subscriptions as time passes and people change their minds: begun, renewed, changed, ended."""

from collections.abc import Mapping

from integrations.sandbox.stripe.charging import LIVING, Charging
from integrations.sandbox.stripe.errors import Json
from integrations.sandbox.stripe.events import Events
from integrations.sandbox.stripe.objects import after, line, new_invoice, new_subscription
from integrations.sandbox.stripe.store import HOUR, Account, Moment


class Subscribing:
    """What Checkout, the API, the portal and the clock all do the same way."""

    def __init__(self, account: Account, events: Events, charging: Charging) -> None:
        self._account, self._events, self._charging = account, events, charging

    def begin(
        self, customer: Json, items: list[Json], given: Mapping[str, object], asked: Json | None
    ) -> Json:
        """A new subscription with its first invoice, paid when that can be."""
        made = new_subscription(self._account, customer["id"], items, given)
        customer["currency"] = customer["currency"] or made["currency"]
        trial = made["trial_end"] is not None
        if trial:
            made["status"] = "trialing"
        invoice = self.invoice(made, "subscription_create", free=trial)
        if made["status"] == "incomplete" and invoice["status"] == "open":
            card = self._charging.card_for(invoice)
            if card is not None and card["_works"]:
                # As Stripe tells it: created active, not first incomplete.
                made["status"] = "active"
        self._events.tell("customer.subscription.created", made, asked=asked)
        if invoice["status"] == "open":
            self._charging.attempt(invoice, asked=asked)
        return made

    def invoice(self, subscription: Json, reason: str, *, free: bool = False) -> Json:
        """A final invoice for the present period and what is pending."""
        invoice = self._draft(subscription, reason, free=free)
        self._charging.finalize(invoice)
        return invoice

    def renew(self, subscription: Json) -> None:
        """The next period begins: its invoice waits an hour as a draft, then is charged."""
        for item in subscription["items"]["data"]:
            item["current_period_start"] = item["current_period_end"]
            item["current_period_end"] = after(item["current_period_start"], item["price"])
        was_trial = subscription["status"] == "trialing"
        fields: Json = {"status": "active"} if was_trial else {}
        invoice = self._draft(subscription, "subscription_cycle", latest=False)
        fields["latest_invoice"] = invoice["id"]
        self._charging.change(subscription, fields)
        paused = subscription["pause_collection"]
        if paused and paused["behavior"] == "void":
            self._charging.void(invoice)
        elif not paused and subscription["status"] != "unpaid":
            invoice["_finalize_at"] = Moment(self._account.clock.now() + HOUR)

    def end_trial(self, subscription: Json) -> None:
        """Its last moment: pays from now on, or what the account wants without a card."""
        customer = self._account.get("customer", subscription["customer"])
        default = customer["invoice_settings"]["default_payment_method"]
        wish = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
        if subscription["default_payment_method"] or default or wish == "create_invoice":
            self.renew(subscription)
        elif wish == "cancel":
            self._charging.end(subscription, "cancellation_requested")
        else:
            self._charging.change(subscription, {"status": "paused"})
            self._events.tell("customer.subscription.paused", subscription)

    def switch(
        self, subscription: Json, price: Json, proration: str, asked: Json | None = None
    ) -> None:
        """Another price for its one item, the rest of the period settled as asked."""
        item = subscription["items"]["data"][0]
        before, now = dict(item), self._account.clock.now()
        same = before["price"]["recurring"] == price["recurring"]
        trial = subscription["status"] == "trialing"
        length = max(1, item["current_period_end"] - item["current_period_start"])
        left = max(0, item["current_period_end"] - now)
        old = before["price"]["unit_amount"] * item["quantity"] * left // length
        changed = {**item, "price": price}
        if not same and not trial:
            changed |= {"current_period_start": now, "current_period_end": after(now, price)}
        new = price["unit_amount"] * item["quantity"] * (left if same else length) // length
        items = {**subscription["items"], "data": [changed]}
        if not trial and proration != "none":
            note = {"description": "Unused time", "period": {"start": now, "end": now + left}}
            subscription["_pending"].append(line(self._account, before, -old, note))
            if same:
                note = {**note, "description": "Remaining time"}
                subscription["_pending"].append(line(self._account, changed, new, note))
        self._charging.change(subscription, {"items": items}, asked)
        at_once = not trial and (not same or proration == "always_invoice")
        if at_once:
            reason = "subscription_update"
            self._settle_change(subscription, reason, with_period=not same)

    def resume(self, subscription: Json, asked: Json | None = None) -> None:
        """A paused one pays again from now on."""
        now = self._account.clock.now()
        for item in subscription["items"]["data"]:
            item["current_period_start"] = now
            item["current_period_end"] = after(now, item["price"])
        self._charging.change(subscription, {"status": "active", "billing_cycle_anchor": now})
        self._events.tell("customer.subscription.resumed", subscription, asked=asked)
        invoice = self.invoice(subscription, "subscription_cycle")
        if invoice["status"] == "open":
            self._charging.attempt(invoice, asked=asked)

    def living(self, customer: str) -> list[Json]:
        """The customer's subscriptions that are not over."""
        found = self._account.table("subscription").values()
        return [s for s in found if s["customer"] == customer and s["status"] in LIVING]

    def _settle_change(self, subscription: Json, reason: str, *, with_period: bool) -> None:
        invoice = self._draft(subscription, reason, pending_only=not with_period)
        self._charging.finalize(invoice)
        if invoice["status"] == "open":
            self._charging.attempt(invoice)

    def _draft(
        self,
        subscription: Json,
        reason: str,
        *,
        free: bool = False,
        latest: bool = True,
        pending_only: bool = False,
    ) -> Json:
        customer = self._account.get("customer", subscription["customer"])
        lines, subscription["_pending"] = subscription["_pending"], []
        if not pending_only:
            for item in subscription["items"]["data"]:
                amount = 0 if free else item["price"]["unit_amount"] * item["quantity"]
                lines.append(line(self._account, item, amount))
        invoice = new_invoice(self._account, customer, subscription, reason, lines)
        if latest:
            subscription["latest_invoice"] = invoice["id"]
        self._events.tell("invoice.created", invoice)
        return invoice
