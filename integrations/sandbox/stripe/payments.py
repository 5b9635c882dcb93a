"""Refunds, charges, disputes, events, webhook endpoints and the account, over the API."""

from integrations.sandbox.stripe.errors import Json, invalid
from integrations.sandbox.stripe.events import Events
from integrations.sandbox.stripe.params import (
    flag,
    inside,
    integer,
    listed,
    metadata,
    needed,
    one_of,
    ranged,
    text,
)
from integrations.sandbox.stripe.store import DAY, VERSION, Account, Moment
from integrations.sandbox.stripe.wire import PAGED, Call, Gate

REFUND = {
    "charge": text,
    "payment_intent": text,
    "amount": integer,
    "metadata": metadata,
    "reason": one_of("duplicate", "fraudulent", "requested_by_customer"),
}
REFUNDS = {**PAGED, "charge": text, "payment_intent": text, "created": ranged}
CHARGES = {**PAGED, "customer": text, "payment_intent": text, "created": ranged}
EVENTS = {
    **PAGED,
    "type": text,
    "types": listed(text),
    "created": ranged,
    "delivery_success": flag,
}
ENDPOINT = {
    "url": text,
    "enabled_events": listed(text),
    "api_version": text,
    "description": text,
    "metadata": metadata,
}
OF_PAYMENT = inside({"type": text, "payment_intent": text, "charge": text})
MOST_TYPES = 20
ANSWER_DAYS = 14


class PaymentsApi:
    """Money that came, and went back."""

    def __init__(self, account: Account, gate: Gate, events: Events) -> None:
        self._account, self._gate, self._events = account, gate, events

    def refund(self, call: Call) -> Json:
        """POST /v1/refunds."""
        charge = self._charge_of(call.given)
        left = charge["amount"] - charge["amount_refunded"]
        return self.give_back(charge, call.given.get("amount", left), call)

    def give_back(self, charge: Json, amount: int, call: Call | None = None) -> Json:
        """A refund of so much. StripeFault when that cannot be."""
        given, asked = (call.given, call.asked) if call else ({}, None)
        _refundable(charge, amount)
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        made = self._account.add(
            "refund",
            "re",
            {
                "amount": amount,
                "charge": charge["id"],
                "currency": charge["currency"],
                "metadata": given.get("metadata", {}),
                "payment_intent": charge["payment_intent"],
                "reason": given.get("reason"),
                "status": "succeeded",
            },
        )
        self._events.tell("charge.refunded", charge, asked=asked)
        self._events.tell("refund.created", made, asked=asked)
        return made

    def refunds(self, call: Call) -> Json:
        """GET /v1/refunds."""
        names = ("charge", "payment_intent")
        return self._listed("refund", names, call, "/v1/refunds")

    def charge(self, call: Call) -> Json:
        """GET /v1/charges/{id}."""
        return self._account.get("charge", call.path["id"])

    def charges(self, call: Call) -> Json:
        """GET /v1/charges."""
        return self._listed("charge", ("customer", "payment_intent"), call, "/v1/charges")

    def intent(self, call: Call) -> Json:
        """GET /v1/payment_intents/{id}."""
        return self._account.get("payment_intent", call.path["id"])

    def dispute_of(self, call: Call) -> Json:
        """GET /v1/disputes/{id}."""
        return self._account.get("dispute", call.path["id"])

    def dispute(self, charge: Json, reason: str = "fraudulent") -> Json:
        """The customer's bank takes the money back for now."""
        charge["disputed"] = True
        made = self._account.add(
            "dispute",
            "du",
            {
                "amount": charge["amount"],
                "charge": charge["id"],
                "currency": charge["currency"],
                "evidence_details": {
                    "due_by": Moment(self._account.clock.now() + ANSWER_DAYS * DAY),
                    "has_evidence": False,
                    "past_due": False,
                    "submission_count": 0,
                },
                "is_charge_refundable": False,
                "metadata": {},
                "payment_intent": charge["payment_intent"],
                "reason": reason,
                "status": "needs_response",
            },
        )
        self._events.tell("charge.dispute.created", made)
        return made

    def close_dispute(self, dispute: Json, *, won: bool) -> None:
        """Decided."""
        dispute["status"] = "won" if won else "lost"
        self._events.tell("charge.dispute.closed", dispute)

    def _charge_of(self, given: Json) -> Json:
        if given.get("charge"):
            return self._account.get("charge", given["charge"], "charge")
        needed(given, "payment_intent")
        intent = self._account.get("payment_intent", given["payment_intent"], "payment_intent")
        return self._account.get("charge", intent["latest_charge"], "payment_intent")

    def _listed(self, kind: str, names: tuple[str, ...], call: Call, url: str) -> Json:
        found = [
            one
            for one in self._account.newest(kind)
            if all(one[name] == call.given[name] for name in names if name in call.given)
        ]
        return self._gate.page(found, call, kind, url)


def _refundable(charge: Json, amount: int) -> None:
    left = charge["amount"] - charge["amount_refunded"]
    if not charge["paid"]:
        raise invalid("This charge was not successful: nothing can be refunded.")
    if charge["disputed"]:
        said = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise invalid(said, code="charge_disputed")
    if not left:
        said = f"Charge {charge['id']} has already been refunded."
        raise invalid(said, code="charge_already_refunded")
    if not 0 < amount <= left:
        said = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise invalid(said, "amount")


class EventsApi:
    """What happened, and who is told."""

    def __init__(self, account: Account, gate: Gate) -> None:
        self._account, self._gate = account, gate

    def one(self, call: Call) -> Json:
        """GET /v1/events/{id}."""
        return self._account.get("event", call.path["id"])

    def all(self, call: Call) -> Json:
        """GET /v1/events, newest first."""
        given = call.given
        if "type" in given and "types" in given:
            raise invalid("You may only specify one of these parameters: type, types.")
        types = given.get("types") or ([given["type"]] if "type" in given else [])
        if len(types) > MOST_TYPES:
            raise invalid(f"You may list {MOST_TYPES} types at most.", "types")
        found = [
            one
            for one in self._account.newest("event")
            if (not types or one["type"] in types)
            and self._within(one, given.get("created"))
            and ("delivery_success" not in given or self._came(one) == given["delivery_success"])
        ]
        return self._gate.page(found, call, "event", "/v1/events")

    def create_endpoint(self, call: Call) -> Json:
        """POST /v1/webhook_endpoints: its secret is shown this once."""
        needed(call.given, "url", "enabled_events")
        secret = f"whsec_{self._account.new_id('x')[2:]}"
        made = self.endpoint(call.given["url"], call.given["enabled_events"], secret)
        made["description"] = call.given.get("description")
        return {**made, "secret": secret}

    def endpoint(self, url: str, events: list[str], secret: str) -> Json:
        """An endpoint that is told of these events."""
        fields: Json = {
            "api_version": VERSION,
            "application": None,
            "description": None,
            "enabled_events": events,
            "metadata": {},
            "status": "enabled",
            "url": url,
            "_secret": secret,
        }
        return self._account.add("webhook_endpoint", "we", fields)

    def one_endpoint(self, call: Call) -> Json:
        """GET /v1/webhook_endpoints/{id}."""
        return self._account.get("webhook_endpoint", call.path["id"])

    def change_endpoint(self, call: Call) -> Json:
        """POST /v1/webhook_endpoints/{id}."""
        found = self._account.get("webhook_endpoint", call.path["id"])
        found.update({n: call.given[n] for n in ("url", "enabled_events") if n in call.given})
        return found

    def endpoints(self, call: Call) -> Json:
        """GET /v1/webhook_endpoints."""
        found = self._account.newest("webhook_endpoint")
        return self._gate.page(found, call, "webhook_endpoint", "/v1/webhook_endpoints")

    def account(self, call: Call) -> Json:
        """GET /v1/account: whose key this is."""
        return {
            "id": self._account.id,
            "object": "account",
            "charges_enabled": True,
            "country": "US",
            "default_currency": "usd",
            "email": "owner@sandbox.example",
            "settings": {"dashboard": {"display_name": "Sandbox", "timezone": "Etc/UTC"}},
            "type": "standard",
        }

    def _came(self, event: Json) -> bool:
        return not event["_failed"] and not event["pending_webhooks"]

    def _within(self, event: Json, bounds: Json | None) -> bool:
        at = self._account.clock.seen(event["created"])
        tests = {"gte": at.__ge__, "gt": at.__gt__, "lte": at.__le__, "lt": at.__lt__}
        return all(tests[name](bound) for name, bound in (bounds or {}).items())
