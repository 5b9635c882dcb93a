"""The customer portal: sessions over the API, and what a customer does there."""

from integrations.sandbox.stripe.charging import Charging
from integrations.sandbox.stripe.errors import Json, StripeFault, invalid
from integrations.sandbox.stripe.objects import CARDS, new_card
from integrations.sandbox.stripe.params import inside, needed, one_of, text
from integrations.sandbox.stripe.store import Account
from integrations.sandbox.stripe.subscribing import Subscribing
from integrations.sandbox.stripe.wire import Call

FLOWS = (
    "payment_method_update",
    "subscription_cancel",
    "subscription_update",
    "subscription_update_confirm",
)
FLOW = {
    "type": one_of(*FLOWS),
    "subscription_cancel": inside({"subscription": text}),
    "subscription_update": inside({"subscription": text}),
}
CREATE = {
    "customer": text,
    "return_url": text,
    "configuration": text,
    "locale": text,
    "flow_data": inside(FLOW),
}
CONFIGURATION = "bpc_1SandboxPortal0Config0"
LIFE = 5 * 60  # seconds until a session's address is no good any more


class PortalApi:
    """Sessions, and the customer's own choices."""

    def __init__(self, account: Account, charging: Charging, subscribing: Subscribing) -> None:
        self._account, self._charging, self._subscribing = account, charging, subscribing
        self.configured = True
        # How it cancels: newer accounts set `cancel_at` alone.
        self.sets_cancel_at = True

    def create(self, call: Call) -> Json:
        """POST /v1/billing_portal/sessions."""
        needed(call.given, "customer")
        customer = self._account.get("customer", call.given["customer"], "customer")
        if not self.configured:
            said = (
                "No configuration provided and your test mode default configuration has not been "
                "created. Provide a configuration or create your default by saving your customer "
                "portal settings in test mode."
            )
            raise invalid(said)
        secret = self._account.new_id("x")[2:]
        fields = {
            "configuration": CONFIGURATION,
            "customer": customer["id"],
            "flow": None,
            "locale": call.given.get("locale"),
            "on_behalf_of": None,
            "return_url": call.given.get("return_url"),
            "url": f"{self._account.origin}/stripe/portal/{secret}",
            "_secret": secret,
            "_used": self._account.clock.now(),
        }
        return self._account.add("billing_portal.session", "bps", fields)

    def open(self, secret: str) -> Json | None:
        """The session behind this address, while it is good."""
        now = self._account.clock.now()
        for session in self._account.newest("billing_portal.session"):
            if session["_secret"] == secret:
                fresh = session["_used"] > now - LIFE
                return session if fresh else None
        return None

    def use(self, session: Json, form: dict[str, str]) -> str:
        """What the customer pressed; a sentence of what came of it. StripeFault when nothing."""
        session["_used"] = self._account.clock.now()
        verb = form.get("do", "")
        if verb == "card":
            return self._new_card(session["customer"], form.get("card", ""))
        if verb == "pay":
            return self._pay(self._account.get("invoice", form.get("invoice")), session)
        subscription = self._account.get("subscription", form.get("subscription"))
        if subscription["customer"] != session["customer"]:
            raise invalid("This subscription is somebody else's.")
        if verb == "cancel":
            return self.cancel(subscription)
        if verb == "keep":
            fields = {"cancel_at": None, "cancel_at_period_end": False, "canceled_at": None}
            self._charging.change(subscription, fields)
            return "The subscription goes on."
        if verb == "switch":
            price = self._account.get("price", form.get("price"), "price")
            self._subscribing.switch(subscription, price, "always_invoice")
            return "The plan is changed."
        raise invalid("There is no such button.")

    def cancel(self, subscription: Json) -> str:
        """At the end of the period."""
        end = min(item["current_period_end"] for item in subscription["items"]["data"])
        now = self._account.clock.now()
        fields: Json = {"cancel_at": end, "canceled_at": now}
        if not self.sets_cancel_at:
            fields["cancel_at_period_end"] = True
        fields["cancellation_details"] = {
            "comment": None,
            "feedback": None,
            "reason": "cancellation_requested",
        }
        self._charging.change(subscription, fields)
        return "The subscription ends with the period."

    def _new_card(self, customer_id: str, last4: str) -> str:
        if last4 not in CARDS or not CARDS[last4][1]:
            raise invalid("Your card was declined.")
        customer = self._account.get("customer", customer_id)
        card = new_card(self._account, customer_id, last4)
        customer["invoice_settings"]["default_payment_method"] = card["id"]
        for subscription in self._subscribing.living(customer_id):
            self._charging.change(subscription, {"default_payment_method": card["id"]})
        return f"The card ending in {last4} is used from now on."

    def _pay(self, invoice: Json, session: Json) -> str:
        if invoice["customer"] != session["customer"]:
            raise invalid("This invoice is somebody else's.")
        try:
            self._charging.pay(invoice)
        except StripeFault as fault:
            raise invalid(f"{fault.message} Add another card first.") from fault
        return "Thank you, the invoice is paid."
