"""Subscriptions and invoices over the API."""

from copy import deepcopy

from integrations.sandbox.stripe.catalogue import merged
from integrations.sandbox.stripe.charging import Charging
from integrations.sandbox.stripe.checkout import ENDINGS, LONGEST_TRIAL
from integrations.sandbox.stripe.errors import Json, invalid
from integrations.sandbox.stripe.params import (
    flag,
    inside,
    integer,
    listed,
    metadata,
    moment,
    needed,
    one_of,
    ranged,
    text,
)
from integrations.sandbox.stripe.store import DAY, Account, Moment
from integrations.sandbox.stripe.subscribing import Subscribing
from integrations.sandbox.stripe.wire import PAGED, Call, Gate

OVER = ("canceled", "incomplete_expired")
PRORATION = one_of("create_prorations", "none", "always_invoice")
STATUSES = ("active", "past_due", "unpaid", "canceled", "incomplete", "incomplete_expired")
LIST = {
    **PAGED,
    "customer": text,
    "price": text,
    "status": one_of(*STATUSES, "trialing", "paused", "all", "ended"),
    "created": ranged,
}
TRIAL = {
    "trial_end": text,
    "trial_settings": inside({"end_behavior": inside({"missing_payment_method": ENDINGS})}),
}
ITEM = inside({"id": text, "price": text, "quantity": integer, "deleted": flag})
PAUSE = {
    "behavior": one_of("keep_as_draft", "mark_uncollectible", "void"),
    "resumes_at": moment,
}
CREATE = {
    **TRIAL,
    "customer": text,
    "items": listed(ITEM),
    "default_payment_method": text,
    "metadata": metadata,
    "trial_period_days": integer,
    "payment_behavior": text,
}
CHANGE = {
    **TRIAL,
    "items": listed(ITEM),
    "default_payment_method": text,
    "metadata": metadata,
    "cancel_at": text,
    "cancel_at_period_end": flag,
    "pause_collection": inside(PAUSE),
    "proration_behavior": PRORATION,
    "payment_behavior": text,
    "cancellation_details": inside({"comment": text, "feedback": text}),
}
CANCEL = {
    "invoice_now": flag,
    "prorate": flag,
    "cancellation_details": inside({"comment": text, "feedback": text}),
}
INVOICES = {
    **PAGED,
    "customer": text,
    "subscription": text,
    "status": one_of("draft", "open", "paid", "uncollectible", "void"),
    "created": ranged,
}


class SubscriptionsApi:
    """One account's subscriptions."""

    def __init__(
        self, account: Account, gate: Gate, charging: Charging, subscribing: Subscribing
    ) -> None:
        self._account, self._gate = account, gate
        self._charging, self._subscribing = charging, subscribing

    def create(self, call: Call) -> Json:
        """POST /v1/subscriptions."""
        given = call.given
        needed(given, "customer", "items")
        customer = self._account.get("customer", given["customer"], "customer")
        items = [
            {
                "price": self._account.get("price", one.get("price", ""), f"items[{n}][price]"),
                "quantity": one.get("quantity", 1),
            }
            for n, one in enumerate(given["items"])
        ]
        wish = dict(given)
        if given.get("trial_period_days"):
            days = given["trial_period_days"]
            if not 1 <= days <= LONGEST_TRIAL:
                raise invalid("trial_period_days must be from 1 to 730", "trial_period_days")
            wish["trial_end"] = Moment(self._account.clock.now() + days * DAY)
        elif given.get("trial_end"):
            wish["trial_end"] = self._account.clock.read(int(given["trial_end"]))
        ending = (given.get("trial_settings") or {}).get("end_behavior") or {}
        wish.update(ending)
        return self._subscribing.begin(customer, items, wish, call.asked)

    def one(self, call: Call) -> Json:
        """GET /v1/subscriptions/{id}."""
        return self._account.get("subscription", call.path["id"])

    def all(self, call: Call) -> Json:
        """GET /v1/subscriptions: without `status` none that are canceled."""
        wanted = call.given
        found = [
            one
            for one in self._account.newest("subscription")
            if wanted.get("customer") in (None, one["customer"])
            and _status_fits(one["status"], wanted.get("status", ""))
            and _has_price(one, wanted.get("price"))
        ]
        return self._gate.page(found, call, "subscription", "/v1/subscriptions")

    def change(self, call: Call) -> Json:
        """POST /v1/subscriptions/{id}."""
        subscription, given = self._account.get("subscription", call.path["id"]), call.given
        if subscription["status"] in OVER:
            said = "A canceled subscription can only update its cancellation_details and metadata."
            raise invalid(said)
        self._charging.change(subscription, self._fields(subscription, given), call.asked)
        if given.get("items"):
            price = self._new_price(subscription, given["items"])
            proration = given.get("proration_behavior", "create_prorations")
            self._subscribing.switch(subscription, price, proration, call.asked)
        if given.get("trial_end") == "now":
            self._end_trial_now(subscription)
        return subscription

    def cancel(self, call: Call) -> Json:
        """DELETE /v1/subscriptions/{id}: over at once."""
        subscription = self._account.get("subscription", call.path["id"])
        if subscription["status"] in OVER:
            raise invalid(f"No such subscription: '{subscription['id']}'", "id", "resource_missing")
        self._charging.end(subscription, "cancellation_requested", call.asked)
        return subscription

    def resume(self, call: Call) -> Json:
        """POST /v1/subscriptions/{id}/resume: of a paused one."""
        subscription = self._account.get("subscription", call.path["id"])
        if subscription["status"] != "paused":
            raise invalid("Only paused subscriptions can be resumed.")
        self._subscribing.resume(subscription, call.asked)
        return subscription

    def _fields(self, subscription: Json, given: Json) -> Json:
        fields = merged(subscription, given, ("default_payment_method",))
        fields.pop("active", None)
        end = min(item["current_period_end"] for item in subscription["items"]["data"])
        now = self._account.clock.now()
        if "cancel_at_period_end" in given:
            yes = given["cancel_at_period_end"]
            fields |= {"cancel_at_period_end": yes, "cancel_at": end if yes else None}
            fields["canceled_at"] = now if yes else None
        if "cancel_at" in given:
            at = self._cancel_at(given["cancel_at"], end)
            fields |= {"cancel_at": at, "cancel_at_period_end": False}
            fields["canceled_at"] = now if at else None
        if "pause_collection" in given:
            wish = given["pause_collection"]
            until = wish.get("resumes_at") if wish else None
            fields["pause_collection"] = (
                wish
                and {
                    "behavior": wish["behavior"],
                    "resumes_at": self._account.clock.read(until) if until else None,
                }
            ) or None
        if given.get("trial_end", "now") != "now":
            until = self._account.clock.read(int(given["trial_end"]))
            fields |= {"trial_end": until, "status": "trialing", "_told_trial": False}
            fields["trial_start"] = subscription["trial_start"] or now
            fields["items"] = deepcopy(subscription["items"])
            for item in fields["items"]["data"]:
                item["current_period_end"] = until
        return fields

    def _cancel_at(self, wish: str, end: Moment) -> Moment | None:
        if wish in ("", "null"):
            return None
        if wish in ("min_period_end", "max_period_end"):
            return end
        if not wish.isdecimal():
            raise invalid(f"Invalid timestamp: {wish}", "cancel_at")
        return self._account.clock.read(int(wish))

    def _new_price(self, subscription: Json, items: list[Json]) -> Json:
        own = subscription["items"]["data"][0]
        one = items[0]
        if len(items) != 1 or one.get("id", own["id"]) != own["id"]:
            raise invalid("The sandbox changes the one item of a subscription.", "items")
        if "quantity" in one:
            own["quantity"] = one["quantity"]
        return self._account.get("price", one.get("price", own["price"]["id"]), "items[0][price]")

    def _end_trial_now(self, subscription: Json) -> None:
        now = self._account.clock.now()
        for item in subscription["items"]["data"]:
            item["current_period_end"] = now
        subscription["trial_end"] = now
        if subscription["status"] == "trialing":
            self._subscribing.end_trial(subscription)


class InvoicesApi:
    """One account's invoices."""

    def __init__(self, account: Account, gate: Gate, charging: Charging) -> None:
        self._account, self._gate, self._charging = account, gate, charging

    def one(self, call: Call) -> Json:
        """GET /v1/invoices/{id}."""
        return self._account.get("invoice", call.path["id"])

    def all(self, call: Call) -> Json:
        """GET /v1/invoices."""
        wanted = call.given
        found = [
            one
            for one in self._account.newest("invoice")
            if all(one[name] == wanted[name] for name in ("customer", "status") if name in wanted)
            and ("subscription" not in wanted or _is_of(one, wanted["subscription"]))
            and _within(self._account, one, wanted.get("created"))
        ]
        return self._gate.page(found, call, "invoice", "/v1/invoices")

    def pay(self, call: Call) -> Json:
        """POST /v1/invoices/{id}/pay."""
        invoice = self._account.get("invoice", call.path["id"])
        card = call.given.get("payment_method")
        chosen = self._account.get("payment_method", card, "payment_method") if card else None
        self._charging.pay(invoice, chosen, call.asked)
        return invoice

    def void(self, call: Call) -> Json:
        """POST /v1/invoices/{id}/void."""
        invoice = self._account.get("invoice", call.path["id"])
        if invoice["status"] not in ("open", "uncollectible"):
            raise invalid("You can only void open invoices.")
        self._charging.void(invoice)
        return invoice

    def payments(self, call: Call) -> Json:
        """GET /v1/invoice_payments."""
        names, of = ("invoice", "status"), call.given.get("payment") or {}
        found = [
            one
            for one in self._account.newest("invoice_payment")
            if all(one[name] == call.given[name] for name in names if name in call.given)
            and all(one["payment"].get(name) == value for name, value in of.items())
        ]
        return self._gate.page(found, call, "invoice_payment", "/v1/invoice_payments")


def _within(account: Account, one: Json, bounds: Json | None) -> bool:
    at = account.clock.seen(one["created"])
    tests = {
        "gte": at.__ge__, "gt": at.__gt__, "lte": at.__le__, "lt": at.__lt__
    }  # fmt: skip
    return all(tests[name](bound) for name, bound in (bounds or {}).items())


def _status_fits(status: str, wanted: str) -> bool:
    if wanted == "all":
        return True
    if wanted == "ended":
        return status in OVER
    return status == wanted if wanted else status != "canceled"


def _has_price(subscription: Json, price: str | None) -> bool:
    return price is None or any(
        item["price"]["id"] == price for item in subscription["items"]["data"]
    )


def _is_of(invoice: Json, subscription: str) -> bool:
    details = (invoice["parent"] or {}).get("subscription_details") or {}
    return bool(details.get("subscription") == subscription)
