"""Checkout Sessions over the API, and what happens when somebody completes one."""

from collections.abc import Mapping

from integrations.sandbox.stripe.charging import Charging
from integrations.sandbox.stripe.errors import Json, declined, invalid
from integrations.sandbox.stripe.events import Events
from integrations.sandbox.stripe.objects import CARDS, new_card, new_customer
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

LEAST_LIFE, LIFE = 30 * 60, DAY
LONGEST_TRIAL = 730
LEAST_TRIAL = 2 * DAY
ENDINGS = one_of("cancel", "create_invoice", "pause")
CREATE = {
    "mode": one_of("payment", "setup", "subscription"),
    "line_items": listed(inside({"price": text, "quantity": integer})),
    "customer": text,
    "customer_email": text,
    "client_reference_id": text,
    "success_url": text,
    "cancel_url": text,
    "metadata": metadata,
    "locale": text,
    "expires_at": moment,
    "allow_promotion_codes": flag,
    "payment_method_collection": one_of("always", "if_required"),
    "ui_mode": one_of("hosted_page", "embedded_page", "elements", "form"),
    "automatic_tax": inside({"enabled": flag}),
    "billing_address_collection": one_of("auto", "required"),
    "customer_update": inside({"address": text, "name": text, "shipping": text}),
    "tax_id_collection": inside({"enabled": flag}),
    "subscription_data": inside(
        {
            "trial_period_days": integer,
            "trial_end": moment,
            "trial_settings": inside({"end_behavior": inside({"missing_payment_method": ENDINGS})}),
            "metadata": metadata,
            "description": text,
        }
    ),
    "payment_intent_data": inside({"metadata": metadata, "description": text}),
}
LIST = {
    **PAGED,
    "customer": text,
    "subscription": text,
    "payment_intent": text,
    "status": one_of("open", "complete", "expired"),
    "created": ranged,
}
LINES = dict(PAGED)


class CheckoutApi:
    """Sessions, made by the API and completed on the page."""

    def __init__(
        self,
        account: Account,
        gate: Gate,
        events: Events,
        charging: Charging,
        subscribing: Subscribing,
    ) -> None:
        self._account, self._gate, self._events = account, gate, events
        self._charging, self._subscribing = charging, subscribing

    def create(self, call: Call) -> Json:
        """POST /v1/checkout/sessions."""
        given = call.given
        needed(given, "mode", "line_items", "success_url")
        items = self._items(given)
        customer = self._customer(given)
        data = given.get("subscription_data") or {}
        trial = self._trial(given, data)
        now = self._account.clock.now()
        own_id = f"cs_test_{self._account.new_id('x')[2:]}"
        total = sum(i["price"]["unit_amount"] * i["quantity"] for i in items)
        due = 0 if trial else total
        fields: Json = {
            "allow_promotion_codes": given.get("allow_promotion_codes"),
            "amount_subtotal": due,
            "amount_total": due,
            "automatic_tax": {"enabled": False, "liability": None, "status": None},
            "cancel_url": given.get("cancel_url"),
            "client_reference_id": given.get("client_reference_id"),
            "currency": items[0]["price"]["currency"],
            "customer": customer["id"] if customer else None,
            "customer_details": _details(
                customer["email"] if customer else given.get("customer_email")
            ),
            "customer_email": given.get("customer_email"),
            "expires_at": self._expiry(given, now),
            "invoice": None,
            "locale": given.get("locale"),
            "metadata": given.get("metadata", {}),
            "mode": given["mode"],
            "payment_intent": None,
            "payment_link": None,
            "payment_method_collection": given.get("payment_method_collection", "always"),
            "payment_method_types": ["card"],
            "payment_status": "unpaid" if due else "no_payment_required",
            "setup_intent": None,
            "status": "open",
            "subscription": None,
            "success_url": given["success_url"],
            "ui_mode": given.get("ui_mode", "hosted_page"),
            "url": f"{self._account.origin}/stripe/pay/{own_id}",
            "_items": items,
            "_trial": trial,
            "_data": data,
        }
        return self._account.add("checkout.session", "cs", fields, own_id)

    def one(self, call: Call) -> Json:
        """GET /v1/checkout/sessions/{id}."""
        return self._account.get("checkout.session", call.path["id"])

    def lines(self, call: Call) -> Json:
        """GET /v1/checkout/sessions/{id}/line_items."""
        session = self._account.get("checkout.session", call.path["id"])
        items = [
            {
                "id": f"li_{session['id'][8:]}{index}",
                "object": "item",
                "amount_total": item["price"]["unit_amount"] * item["quantity"],
                "currency": item["price"]["currency"],
                "price": item["price"],
                "quantity": item["quantity"],
            }
            for index, item in enumerate(session["_items"])
        ]
        return {"object": "list", "data": items, "has_more": False, "url": call.path["id"]}

    def all(self, call: Call) -> Json:
        """GET /v1/checkout/sessions."""
        names = ("customer", "subscription", "payment_intent", "status")
        found = [
            one
            for one in self._account.newest("checkout.session")
            if all(one[name] == call.given[name] for name in names if name in call.given)
        ]
        return self._gate.page(found, call, "checkout.session", "/v1/checkout/sessions")

    def expire(self, call: Call) -> Json:
        """POST /v1/checkout/sessions/{id}/expire."""
        session = self._account.get("checkout.session", call.path["id"])
        if session["status"] != "open":
            raise invalid(f"Only open sessions can be expired, this one is {session['status']}.")
        session["status"], session["url"] = "expired", None
        self._events.tell("checkout.session.expired", session, asked=call.asked)
        return session

    def complete(self, session: Json, last4: str, email: str) -> Json:
        """Somebody pays with this card ("" for none). StripeFault when the bank declines."""
        if session["status"] != "open":
            raise invalid(f"This checkout is {session['status']}.")
        needs_card = session["payment_method_collection"] == "always" or session["amount_total"]
        if not last4 and needs_card:
            raise invalid("Enter a card.")
        # A card must be good for what is due now: to be kept, or to pay.
        if last4 and not CARDS[last4][2 if session["amount_total"] else 1]:
            raise declined()
        customer = self._buyer(session, email)
        card = new_card(self._account, customer["id"], last4) if last4 else None
        if session["mode"] == "subscription":
            self._subscribe(session, customer, card)
        elif card is not None:
            meta = (session["_data"] or {}).get("metadata", {})
            paid = self._charging.single(
                customer["id"], session["amount_total"], session["currency"], card, meta
            )
            session["payment_intent"], session["payment_status"] = paid["id"], "paid"
        session["status"], session["url"] = "complete", None
        session["customer"], session["customer_details"] = customer["id"], _details(email)
        self._events.tell("checkout.session.completed", session)
        self._account.changed()
        return session

    def _subscribe(self, session: Json, customer: Json, card: Json | None) -> None:
        data: Mapping[str, object] = session["_data"]
        trial = session["_trial"]
        settings = data.get("trial_settings")
        behavior = settings.get("end_behavior", {}) if isinstance(settings, dict) else {}
        given = {
            "metadata": data.get("metadata", {}),
            "default_payment_method": card["id"] if card else None,
            "missing_payment_method": behavior.get("missing_payment_method", "create_invoice"),
        }
        if trial:
            given["trial_end"] = self._trial_end(trial)
        made = self._subscribing.begin(customer, session["_items"], given, None)
        session["subscription"], session["invoice"] = made["id"], made["latest_invoice"]
        if session["amount_total"]:
            session["payment_status"] = "paid"

    def _trial_end(self, trial: int) -> Moment:
        """A trial is days, or the moment of its end."""
        days = trial <= LONGEST_TRIAL
        return Moment(self._account.clock.now() + trial * DAY) if days else Moment(trial)

    def _buyer(self, session: Json, email: str) -> Json:
        if session["customer"]:
            return self._account.get("customer", session["customer"])
        made = new_customer(self._account, {"email": email})
        self._events.tell("customer.created", made)
        return made

    def _items(self, given: Json) -> list[Json]:
        items = []
        for index, one in enumerate(given["line_items"]):
            at = f"line_items[{index}][price]"
            price = self._account.get("price", one.get("price", ""), at)
            if not price["active"]:
                raise invalid(f"The price specified is inactive: {price['id']}", at)
            recurs = price["type"] == "recurring"
            if recurs != (given["mode"] == "subscription"):
                raise invalid(
                    f"You must not mix {price['type']} prices with {given['mode']} mode.", at
                )
            items.append({"price": price, "quantity": one.get("quantity", 1)})
        return items

    def _customer(self, given: Json) -> Json | None:
        if given.get("customer") and given.get("customer_email"):
            raise invalid("You may only specify one of these parameters: customer, customer_email.")
        if not given.get("customer"):
            return None
        found = self._account.get("customer", given["customer"], "customer")
        if found.get("deleted"):
            raise invalid(f"No such customer: '{found['id']}'", "customer", "resource_missing")
        return found

    def _trial(self, given: Json, data: Json) -> int:
        if data and given["mode"] != "subscription":
            raise invalid("You can not pass `subscription_data` in this mode.", "subscription_data")
        days, end = data.get("trial_period_days"), data.get("trial_end")
        if days is not None and not 1 <= days <= LONGEST_TRIAL:
            at = "subscription_data[trial_period_days]"
            raise invalid("trial_period_days must be from 1 to 730", at)
        if not end:
            return days or 0
        until = self._account.clock.read(end)
        if until < self._account.clock.now() + LEAST_TRIAL:
            at = "subscription_data[trial_end]"
            raise invalid("The `trial_end` date has to be at least 2 days in the future.", at)
        return until

    def _expiry(self, given: Json, now: Moment) -> Moment:
        if not given.get("expires_at"):
            return Moment(now + LIFE)
        until = self._account.clock.read(given["expires_at"])
        if not now + LEAST_LIFE - 60 <= until <= now + LIFE + 60:
            said = "The `expires_at` timestamp must be between 30 minutes and 24 hours from now."
            raise invalid(said, "expires_at")
        return until


def _details(email: object) -> Json:
    return {
        "address": None,
        "email": email or None,
        "name": None,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
