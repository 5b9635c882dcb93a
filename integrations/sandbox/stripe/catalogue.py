"""Products, prices and customers over the API."""

import re
from copy import deepcopy

from integrations.sandbox.stripe.errors import Json, invalid
from integrations.sandbox.stripe.events import Events
from integrations.sandbox.stripe.objects import MONTHS, new_customer, new_price, new_product
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
from integrations.sandbox.stripe.store import Account
from integrations.sandbox.stripe.wire import PAGED, Call, Gate

RECURRING = {
    "interval": one_of("day", "week", *MONTHS),
    "interval_count": integer,
    "usage_type": one_of("licensed", "metered"),
}
PRODUCT = {"name": text, "description": text, "active": flag, "metadata": metadata, "id": text}
PRICE = {
    "currency": text,
    "unit_amount": integer,
    "product": text,
    "product_data": inside({"name": text, "metadata": metadata}),
    "recurring": inside(RECURRING),
    "lookup_key": text,
    "transfer_lookup_key": flag,
    "nickname": text,
    "metadata": metadata,
    "active": flag,
    "tax_behavior": text,
}
PRICE_CHANGE = {n: PRICE[n] for n in ("active", "lookup_key", "nickname", "metadata")} | {
    "transfer_lookup_key": flag
}
PRICES = {
    **PAGED,
    "active": flag,
    "currency": text,
    "product": text,
    "type": one_of("recurring", "one_time"),
    "lookup_keys": listed(text),
    "created": ranged,
}
CUSTOMER = {
    "email": text,
    "name": text,
    "phone": text,
    "description": text,
    "metadata": metadata,
    "preferred_locales": listed(text),
}
CUSTOMER_CHANGE = {
    **CUSTOMER,
    "invoice_settings": inside({"default_payment_method": text}),
}
CUSTOMERS = {**PAGED, "email": text, "created": ranged}
LONGEST_EMAIL = 512
SEARCH = re.compile(r"(?:metadata\['(?P<key>[^']+)'\]|email):'(?P<value>(?:[^'\\]|\\.)*)'")


def merged(kept: Json, given: Json, names: tuple[str, ...]) -> Json:
    """These fields as they are after a change; metadata key by key, "" removes."""
    fields = {name: given[name] or None for name in names if name in given}
    for name in ("active",):
        if name in given:
            fields[name] = given[name]
    if "metadata" in given:
        whole = {**kept["metadata"], **given["metadata"]} if given["metadata"] else {}
        fields["metadata"] = {name: value for name, value in whole.items() if value != ""}
    return fields


class CatalogueApi:
    """What is sold."""

    def __init__(self, account: Account, gate: Gate, events: Events) -> None:
        self._account, self._gate, self._events = account, gate, events

    def create_product(self, call: Call) -> Json:
        """POST /v1/products."""
        needed(call.given, "name")
        made = new_product(self._account, call.given, call.given.get("id", ""))
        self._events.tell("product.created", made, asked=call.asked)
        return made

    def product(self, call: Call) -> Json:
        """GET /v1/products/{id}."""
        return self._account.get("product", call.path["id"])

    def products(self, call: Call) -> Json:
        """GET /v1/products."""
        return self._gate.page(self._account.newest("product"), call, "product", "/v1/products")

    def create_price(self, call: Call) -> Json:
        """POST /v1/prices."""
        given = call.given
        needed(given, "currency")
        if "unit_amount" not in given:
            raise invalid("Missing required param: unit_amount.", "unit_amount")
        product = self._product_of(given)
        self._claim(given)
        made = new_price(self._account, given, product)
        self._events.tell("price.created", made, asked=call.asked)
        return made

    def price(self, call: Call) -> Json:
        """GET /v1/prices/{id}."""
        return self._account.get("price", call.path["id"])

    def change_price(self, call: Call) -> Json:
        """POST /v1/prices/{id}: its amount can never change."""
        price = self._account.get("price", call.path["id"])
        self._claim(call.given)
        before = deepcopy(price)
        price.update(merged(price, call.given, ("lookup_key", "nickname")))
        self._events.tell("price.updated", price, before, call.asked)
        return price

    def prices(self, call: Call) -> Json:
        """GET /v1/prices."""
        wanted = call.given
        found = [
            price
            for price in self._account.newest("price")
            if all(
                price[n] == wanted[n]
                for n in ("active", "currency", "product", "type")
                if n in wanted
            )
            and ("lookup_keys" not in wanted or price["lookup_key"] in wanted["lookup_keys"])
        ]
        return self._gate.page(found, call, "price", "/v1/prices")

    def _product_of(self, given: Json) -> str:
        if given.get("product"):
            return str(self._account.get("product", given["product"], "product")["id"])
        if not given.get("product_data"):
            raise invalid("You must specify either `product` or `product_data`.", "product")
        return str(new_product(self._account, given["product_data"])["id"])

    def _claim(self, given: Json) -> None:
        """A lookup key is of one active price; another gets it only with transfer_lookup_key."""
        key = given.get("lookup_key")
        for price in self._account.table("price").values():
            if key and price["lookup_key"] == key:
                if not given.get("transfer_lookup_key"):
                    said = f"A price (`{price['id']}`) already uses that lookup key."
                    raise invalid(said, "lookup_key", "resource_already_exists")
                price["lookup_key"] = None


class CustomersApi:
    """Who pays."""

    def __init__(self, account: Account, gate: Gate, events: Events) -> None:
        self._account, self._gate, self._events = account, gate, events
        self.search_lag = 0

    def create(self, call: Call) -> Json:
        """POST /v1/customers."""
        self._check(call.given)
        made = new_customer(self._account, call.given)
        self._events.tell("customer.created", made, asked=call.asked)
        return made

    def one(self, call: Call) -> Json:
        """GET /v1/customers/{id}; a deleted one says so."""
        found = self._account.get("customer", call.path["id"])
        if found.get("deleted"):
            return {"id": found["id"], "object": "customer", "deleted": True}
        return found

    def change(self, call: Call) -> Json:
        """POST /v1/customers/{id}."""
        customer = self._account.get("customer", call.path["id"])
        self._check(call.given)
        before = deepcopy(customer)
        customer.update(merged(customer, call.given, ("email", "name", "phone", "description")))
        settings = call.given.get("invoice_settings") or {}
        if settings.get("default_payment_method"):
            card = self._account.get("payment_method", settings["default_payment_method"])
            customer["invoice_settings"]["default_payment_method"] = card["id"]
        self._events.tell("customer.updated", customer, before, call.asked)
        return customer

    def all(self, call: Call) -> Json:
        """GET /v1/customers; `email` compares exactly, as Stripe does."""
        email = call.given.get("email")
        found = [
            one
            for one in self._account.newest("customer")
            if not one.get("deleted") and email in (None, one["email"])
        ]
        return self._gate.page(found, call, "customer", "/v1/customers")

    def search(self, call: Call) -> Json:
        """GET /v1/customers/search: by one of metadata or by e-mail.

        Stripe's index lags behind by up to a minute; `search_lag` seconds here.
        """
        wanted = SEARCH.fullmatch(call.given.get("query", "").strip())
        if wanted is None:
            said = "The sandbox searches by metadata['key']:'value' or email:'value'."
            raise invalid(said, "query")
        key, value = wanted["key"], wanted["value"].replace("\\'", "'")
        seen = self._account.clock.now() - self.search_lag
        found = [
            one
            for one in self._account.newest("customer")
            if not one.get("deleted")
            and one["created"] <= seen
            and (one["metadata"].get(key) if key else one["email"]) == value
        ]
        limit = call.given.get("limit", 10)
        return {
            "object": "search_result",
            "data": found[:limit],
            "has_more": len(found) > limit,
            "next_page": None,
            "url": "/v1/customers/search",
        }

    def _check(self, given: Json) -> None:
        email = given.get("email") or "a@b.c"
        if "@" not in email or " " in email or len(email) > LONGEST_EMAIL:
            raise invalid(f"Invalid email address: {email}", "email", "email_invalid")
