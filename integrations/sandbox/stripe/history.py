"""A year of subscriptions that never was: bought, tried, changed, unpaid, ended, come back.

Each customer's life is played by the account's own rules, from its beginning to the present, in an
account apart whose time is moved along; nobody is told of any of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

from integrations.sandbox.stripe.advancing import TimeMachine
from integrations.sandbox.stripe.charging import Charging
from integrations.sandbox.stripe.errors import Json
from integrations.sandbox.stripe.events import Events
from integrations.sandbox.stripe.objects import new_card, new_customer
from integrations.sandbox.stripe.store import DAY, HOUR, Account, Moment
from integrations.sandbox.stripe.subscribing import Subscribing

SEED = 20_261_129
CUSTOMERS = 72
YEAR = 365
TRIAL_DAYS = 14
# The key by which the account's owner binds a customer to one of theirs.
OWNERS_KEY = "seguito_customer"
MOVED = (
    *("customer", "payment_method", "subscription", "invoice"),
    *("payment_intent", "charge", "invoice_payment"),
)
FIRST = ("Alba", "Borgo", "Calle", "Duomo", "Eden", "Faro", "Grano", "Isola", "Lago", "Monte")
SECOND = ("Arredi", "Labs", "Logistics", "Foods", "Studio", "Software", "Wines", "Travel")
LEAVES, DEARER, CHEAPER, RETURNS = "leaves", "dearer", "cheaper", "returns"
LATE, VERY_LATE, NEVER = "late", "very late", "never"
FATES = (
    *((LEAVES, 26), (DEARER, 20), (CHEAPER, 6), (RETURNS, 8)),
    *((LATE, 12), (VERY_LATE, 5), (NEVER, 7)),
)
# A new card comes so many days after the old one was declined.
MENDED = {LATE: 4, VERY_LATE: 12}
GIVEN_UP = 20
AWAY = 55


@dataclass(frozen=True, slots=True)
class Story:
    """One customer: when they came, what they bought, and what happens at which renewal."""

    name: str
    owners_id: str
    born: int
    plan: str
    interval: str
    trial: bool
    fates: Mapping[int, str] = field(default_factory=dict)


def play(account: Account) -> int:
    """Fill the account with a year that ends now; how many subscriptions."""
    chance, now = Random(SEED), account.clock.now()  # noqa: S311 - the same every time
    lives = [_Life(account, story, now).play() for story in _stories(chance, now)]
    # As they would have come to be, the oldest first.
    for kind in MOVED:
        found = [one for life in lives for one in life.table(kind).values()]
        found.sort(key=lambda one: int(one["created"]))
        account.table(kind).update({one["id"]: one for one in found})
    account.changed()
    return sum(len(life.table("subscription")) for life in lives)


def _stories(chance: Random, now: int) -> Iterator[Story]:
    midnight = now - now % DAY
    for number in range(CUSTOMERS):
        name = f"{chance.choice(FIRST)} {chance.choice(SECOND)}"
        days = 1 + int((YEAR - 2) * chance.random() ** 1.2)
        if number < len(MENDED) + 2:
            # Some of whom something is open today.
            days = 30 * (number + 1) + TRIAL_DAYS + 3
        born = midnight - days * DAY + 9 * HOUR + chance.randrange(6 * HOUR)
        fates: dict[int, str] = {}
        if number < len(MENDED) + 2:
            fates[number + 1] = NEVER
        elif chance.random() < 0.62:
            fates[chance.randint(0, 6)] = chance.choices(*zip(*FATES, strict=True))[0]
        yield Story(
            name=f"{name} {number + 1}",
            owners_id=f"cus_{chance.getrandbits(128):032x}",
            born=born,
            plan=chance.choices(("starter", "professional"), (64, 36))[0],
            interval="month" if fates or chance.random() < 0.7 else "year",
            trial=number < len(MENDED) + 2 or chance.random() < 0.75,
            fates=fates,
        )


class _Life:
    """One customer's, in an account whose only clock is moved by hand."""

    def __init__(self, home: Account, story: Story, now: int) -> None:
        self._story, self._now = story, now
        self._account = Account()
        self._account.origin = home.origin
        self._account.clock.machine = lambda: float(story.born)
        self._prices = {one["lookup_key"]: one for one in home.table("price").values()}
        events = Events(self._account)
        self._charging = Charging(self._account, events)
        self._subscribing = Subscribing(self._account, events, self._charging)
        self._time = TimeMachine(self._account, events, self._charging, self._subscribing)
        slug = "".join(one for one in story.name.lower() if one.isalnum())
        given = {
            "name": story.name,
            "email": f"billing@{slug}.example",
            "metadata": {OWNERS_KEY: story.owners_id},
        }
        self._customer = new_customer(self._account, given)

    def play(self) -> Account:
        """From the first subscription to the present."""
        self._card("4242")
        subscription = self._begin(self._story.plan)
        returns = RETURNS in self._story.fates.values()
        self._live(subscription, self._story.fates)
        if returns and self._until(self._time_now + AWAY * DAY):
            self._live(self._begin("professional"), {})
        return self._account

    @property
    def _time_now(self) -> int:
        return int(self._account.clock.now())

    def _begin(self, plan: str) -> Json:
        price = self._prices[f"{plan}_{self._story.interval}ly"]
        trial = self._story.trial and not self._account.table("subscription")
        given: Json = {"metadata": {OWNERS_KEY: self._story.owners_id}}
        if trial:
            given["trial_end"] = Moment(self._time_now + TRIAL_DAYS * DAY)
        item = {"price": price, "quantity": 1}
        return self._subscribing.begin(self._customer, [item], given, None)

    def _live(self, subscription: Json, fates: Mapping[int, str]) -> None:
        """Period by period, until it is over or today is reached."""
        number = 0
        while subscription["status"] not in ("canceled", "unpaid"):
            end = int(subscription["items"]["data"][0]["current_period_end"])
            fate = fates.get(number, "")
            if fate in (LEAVES, RETURNS):
                self._leave(subscription, end)
            elif fate and self._until(end - HOUR):
                self._meet(subscription, fate)
            if not self._until(end + 2 * HOUR):
                return
            self._mend(subscription, fate, end)
            number += 1

    def _leave(self, subscription: Json, end: int) -> None:
        """Cancelled some days before the period's end, which is when it is over."""
        if self._until(end - 6 * DAY):
            at = {"cancel_at_period_end": True, "cancel_at": Moment(end)}
            self._charging.change(subscription, {**at, "canceled_at": self._account.clock.now()})

    def _meet(self, subscription: Json, fate: str) -> None:
        if fate in (DEARER, CHEAPER):
            plan = "professional" if fate == DEARER else "starter"
            price = self._prices[f"{plan}_{self._story.interval}ly"]
            self._subscribing.switch(subscription, price, "none")
        elif fate:
            self._card("0341")

    def _mend(self, subscription: Json, fate: str, end: int) -> None:
        """After a declined card: a new one, or the end of patience."""
        if fate in MENDED and self._until(end + MENDED[fate] * DAY):
            self._card("4242")
            self._until(end + 15 * DAY)
        elif fate == NEVER and self._until(end + GIVEN_UP * DAY):
            self._charging.end(subscription, "cancellation_requested")

    def _card(self, last4: str) -> None:
        card = new_card(self._account, self._customer["id"], last4)
        self._customer["invoice_settings"]["default_payment_method"] = card["id"]

    def _until(self, at: int) -> bool:
        """Let time pass up to then; False when that is not yet: then up to the present."""
        self._time.advance(max(0, min(at, self._now) - self._time_now))
        return at <= self._now
