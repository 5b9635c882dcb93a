"""Histories of a customer at Stripe, as Hypothesis draws them, and how they are played."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from tests.kit.billing_stage import PRO, PROFESSIONAL, STARTER
from tests.kit.fake_stripe import FakeStripe

TRIAL = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that happens after so many hours."""

    name: str
    hours: int = 24


class Play:
    """One customer's history at one account of Stripe's; what is impossible is passed by."""

    def __init__(self, stripe: FakeStripe, customer_id: str) -> None:
        self.stripe = stripe
        self.customer_id = customer_id
        self.bought: list[str] = []

    def do(self, deed: Deed) -> None:
        """Let the time pass, then let it happen to the newest subscription."""
        later = self.stripe.now + timedelta(hours=deed.hours)
        for subscription_id in self.bought:
            self._end_as_planned(subscription_id, later)
        self.stripe.now = later
        self.DEEDS[deed.name](self)

    @property
    def newest(self) -> str:
        """The subscription that was bought last, "" when there is none that lives."""
        living = [one for one in self.bought if self._row(one)["status"] != "canceled"]
        return living[-1] if living else ""

    def _row(self, subscription_id: str) -> dict[str, object]:
        return self.stripe.held[subscription_id]

    def _end_as_planned(self, subscription_id: str, later: datetime) -> None:
        """Stripe ends it when its period does, if somebody decided so."""
        row = self.stripe.held[subscription_id]
        period_end = row["items"]["data"][0]["current_period_end"]
        ends = datetime.fromtimestamp(period_end, UTC)
        if row["cancel_at_period_end"] and row["status"] != "canceled" and ends <= later:
            self.stripe.now = max(self.stripe.now, ends)
            self.stripe.end(subscription_id)

    def _status(self) -> object:
        return self._row(self.newest)["status"] if self.newest else ""

    def _trial(self) -> None:
        self.bought.append(self.stripe.subscribe(self.customer_id, STARTER, trial=TRIAL))

    def _buy(self) -> None:
        self.bought.append(self.stripe.subscribe(self.customer_id, PROFESSIONAL, amount=29900))

    def _license(self) -> None:
        self.bought.append(self.stripe.subscribe(self.customer_id, PRO, amount=2900))

    def _renews(self) -> bool:
        """What is planned to end has no next period."""
        runs = self._status() in ("active", "trialing")
        return runs and not self._row(self.newest)["cancel_at_period_end"]

    def _renew(self) -> None:
        if self._renews():
            self.stripe.renew(self.newest, paid=True)

    def _fail(self) -> None:
        if self._renews():
            self.stripe.renew(self.newest, paid=False)

    def _decline(self) -> None:
        if self._status() == "past_due":
            self.stripe.decline(self.newest)

    def _pay(self) -> None:
        if self._status() in ("past_due", "unpaid"):
            self.stripe.pay(self.newest)

    def _give_up(self) -> None:
        if self._status() == "past_due":
            self.stripe.change(self.newest, status="unpaid")

    def _upgrade(self) -> None:
        if self.newest and self._plan() == STARTER:
            self.stripe.move(self.newest, PROFESSIONAL, 29900)

    def _downgrade(self) -> None:
        if self.newest and self._plan() == PROFESSIONAL:
            self.stripe.move(self.newest, STARTER, 9900)

    def _pause(self) -> None:
        if self.newest:
            self.stripe.change(self.newest, pause_collection={"behavior": "void"})

    def _resume(self) -> None:
        if self.newest:
            self.stripe.change(self.newest, pause_collection=None)

    def _refund(self) -> None:
        if self._paid():
            self.stripe.refund(self.newest)

    def _refund_part(self) -> None:
        if self._paid():
            self.stripe.refund(self.newest, 100)

    def _dispute(self) -> None:
        if self._paid():
            self.stripe.dispute(self.newest, "needs_response")

    def _lose(self) -> None:
        if self._paid():
            self.stripe.dispute(self.newest, "lost")

    def _plan_end(self) -> None:
        if self._status() in ("active", "trialing"):
            self.stripe.change(self.newest, cancel_at_period_end=True)

    def _unplan_end(self) -> None:
        if self.newest:
            self.stripe.change(self.newest, cancel_at_period_end=False)

    def _end(self) -> None:
        if self.newest:
            self.stripe.end(self.newest)

    def _plan(self) -> str:
        price: str = self.stripe.held[self.newest]["items"]["data"][0]["price"]["id"]
        return price

    def _paid(self) -> bool:
        if not self.newest:
            return False
        latest = self.stripe.bills[self.stripe.held[self.newest]["latest_invoice"]]
        return bool(latest["amount_paid"])

    DEEDS: dict[str, Callable[["Play"], None]] = {  # noqa: RUF012 - never changed
        "trial": _trial,
        "buy": _buy,
        "license": _license,
        "renew": _renew,
        "fail": _fail,
        "decline": _decline,
        "pay": _pay,
        "give_up": _give_up,
        "upgrade": _upgrade,
        "downgrade": _downgrade,
        "pause": _pause,
        "resume": _resume,
        "refund": _refund,
        "refund_part": _refund_part,
        "dispute": _dispute,
        "lose": _lose,
        "plan_end": _plan_end,
        "unplan_end": _unplan_end,
        "end": _end,
    }


def deeds() -> st.SearchStrategy[list[Deed]]:
    """A purchase, and up to a dozen things after it; two subscriptions at most in most of them."""
    names = sorted(set(Play.DEEDS) - {"trial", "buy", "license"})
    later = st.sampled_from([*names, *("renew", "fail", "pay", "end"), "trial", "buy"])
    first = st.builds(Deed, st.sampled_from(["trial", "buy", "license"]), st.just(0))
    rest = st.lists(st.builds(Deed, later, st.sampled_from([1, 30, 80, 200, 400])), max_size=12)
    return st.builds(lambda one, more: [one, *more], first, rest)
