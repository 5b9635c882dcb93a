"""One Stripe account: its objects by kind and id, its clock, and how objects are written out."""

import secrets
import string
import time
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from integrations.sandbox.stripe.errors import Json, invalid, missing

VERSION = "2026-10-28.endive"
ALPHABET = string.ascii_letters + string.digits
DAY, HOUR = 86_400, 3_600
# Where a property that can be expanded leads.
EXPANDABLE = {
    "customer": "customer",
    "subscription": "subscription",
    "latest_invoice": "invoice",
    "invoice": "invoice",
    "product": "product",
    "price": "price",
    "payment_intent": "payment_intent",
    "latest_charge": "charge",
    "charge": "charge",
    "default_payment_method": "payment_method",
    "payment_method": "payment_method",
}
NOUNS = {"checkout.session": "checkout session", "payment_method": "PaymentMethod"}
DEEPEST = 4


class Moment(int):
    """Seconds since 1970 by the account's clock; written out as the world outside sees it."""


class AccountClock:
    """The account's time, which can be moved on.

    Seen from outside an advance of the clock makes everything older, so that a product whose
    clock is the machine's sees time pass. With `keeps_dates` the dates stay, and lie in the
    future, as with Stripe's own test clocks: for those who move their product's clock along.
    """

    def __init__(self) -> None:
        self.machine: Callable[[], float] = time.time
        self.keeps_dates = False
        self.offset = 0

    def now(self) -> Moment:
        """The account's time."""
        return Moment(int(self.machine()) + self.offset)

    def advance(self, seconds: int) -> None:
        """Move on."""
        self.offset += max(0, seconds)

    def seen(self, at: int) -> int:
        """As it is written out."""
        return int(at) - (0 if self.keeps_dates else self.offset)

    def read(self, at: int) -> Moment:
        """What somebody outside means by this time."""
        return Moment(at + (0 if self.keeps_dates else self.offset))


class Account:
    """Everything the endpoints share; `changed` tells whoever watches.

    Keys of objects that begin with _ are the sandbox's own and never written out.
    """

    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        self.changed = changed
        self.clock = AccountClock()
        self.id = "acct_1Sandbox0Seguito0"
        self.livemode = False
        self.origin = "http://localhost"
        self.tables: dict[str, dict[str, Json]] = {}

    def new_id(self, prefix: str) -> str:
        """Such as cus_Ab3…"""
        return f"{prefix}_{''.join(secrets.choice(ALPHABET) for _ in range(24))}"

    def add(self, kind: str, prefix: str, fields: Mapping[str, Any], own_id: str = "") -> Json:
        """A new object with what all have."""
        made: Json = {
            "id": own_id or self.new_id(prefix),
            "object": kind,
            "created": self.clock.now(),
            "livemode": self.livemode,
            **fields,
        }
        self.tables.setdefault(kind, {})[made["id"]] = made
        self.changed()
        return made

    def table(self, kind: str) -> dict[str, Json]:
        """All of a kind by their ids, oldest first."""
        return self.tables.setdefault(kind, {})

    def newest(self, kind: str) -> Iterator[Json]:
        """All of a kind, newest first."""
        return reversed(list(self.table(kind).values()))

    def get(self, kind: str, wanted: object, param: str = "id") -> Json:
        """The object. StripeFault `resource_missing`."""
        found = self.table(kind).get(str(wanted))
        if found is None:
            raise missing(NOUNS.get(kind, kind.replace("_", " ")), str(wanted), param)
        return found

    def written(self, thing: Any) -> Any:
        """As JSON: without our own fields, times as the world sees them."""
        if isinstance(thing, Moment):
            return self.clock.seen(thing)
        if isinstance(thing, dict):
            return {k: self.written(v) for k, v in thing.items() if not k.startswith("_")}
        if isinstance(thing, list):
            return [self.written(item) for item in thing]
        return thing

    def expanded(self, thing: Json, paths: list[str]) -> Json:
        """Written out, with these properties as whole objects. StripeFault for another one."""
        known = deepcopy(thing)
        for path in paths:
            steps = path.split(".")
            if len(steps) > DEEPEST + 1:
                raise invalid(f"You cannot expand more than {DEEPEST} levels", "expand")
            self._expand(known, steps, path)
        written: Json = self.written(known)
        return written

    def _expand(self, thing: Any, steps: list[str], path: str) -> None:
        if isinstance(thing, list):
            for item in thing:
                self._expand(item, steps, path)
            return
        if not steps:
            return
        name = steps[0]
        if not isinstance(thing, dict) or name not in thing:
            text = f"This property cannot be expanded ({path})."
            raise invalid(text, "expand", "property_not_expandable")
        if isinstance(thing[name], str):
            if name not in EXPANDABLE:
                text = f"This property cannot be expanded ({path})."
                raise invalid(text, "expand", "property_not_expandable")
            thing[name] = deepcopy(self.get(EXPANDABLE[name], thing[name]))
        if thing[name] is not None:
            self._expand(thing[name], steps[1:], path)
