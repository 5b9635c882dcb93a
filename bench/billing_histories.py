"""Histories of a customer at Stripe on the pure rules alone: what is known is merged in memory.

The merging is that of `db/billing/subscriptions.py`, written once more; `bench/billing.py` plays
some of the histories on the database as well, which must end as they do here.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

from db.billing.subscriptions import DISPUTE, LADDER, REFUND
from integrations.stripe.objects import invoice_of, subscription_of
from integrations.stripe.types import InvoiceFacts, SubscriptionSnapshot
from integrations.stripe.webhook import PaymentTold, StripeEvent, read_event
from services.billing.access import LIVE, OVER, OWING, SubscriptionFacts
from services.billing.consequences import consequences
from services.billing.known import KnownInvoice, KnownMoneyBack, KnownSubscription, given_by
from tests.kit.billing_stage import NOW, PRICES
from tests.kit.fake_stripe import FakeStripe
from tests.services.billing.histories import Deed, Play

NAMES = tuple(sorted(set(Play.DEEDS) - {"trial", "license"}))
HOURS = (1, 30, 80, 200)
SOLD = {price_id: (family, plan) for price_id, family, plan, _ in PRICES}
# What is told only if it is known in time, which is what it is about.
TIMELY = ("trial_ending", "suspended")
End = tuple[str, str, str, list[str]]


@dataclass(frozen=True, slots=True)
class Look:
    """What Stripe answered about one subscription to look number `ticket`."""

    ticket: int
    seen: SubscriptionSnapshot
    invoices: tuple[InvoiceFacts, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """An event, the invoice whose payment went back, and the looks taken because of it."""

    told: StripeEvent
    refunded: InvoiceFacts | None
    looks: dict[str, Look]


@dataclass
class Facts:
    """All that is known of one customer; `told` are the keys of what followed so far."""

    looks: Counter[str] = field(default_factory=Counter)
    seen: dict[str, Look] = field(default_factory=dict)
    invoices: dict[str, KnownInvoice] = field(default_factory=dict)
    of: dict[str, str] = field(default_factory=dict)
    backs: dict[str, KnownMoneyBack] = field(default_factory=dict)
    live: set[str] = field(default_factory=set)
    endings: set[tuple[str, datetime]] = field(default_factory=set)
    told: set[str] = field(default_factory=set)

    def ask(self, stripe: FakeStripe, raw: bytes) -> Answer:
        """Ask Stripe because of this event."""
        told = read_event(raw)
        refunded = None
        if told.payment is not None:
            refunded = invoice_of(stripe.bills[stripe.paid_by[told.payment.payment_intent]])
        own = told.subscription_id or (refunded.subscription_id if refunded else "")
        return Answer(told, refunded, {own: self._look(stripe, own)})

    def write(self, answer: Answer, stripe: FakeStripe) -> None:
        """Merge what was seen and told, and note what follows."""
        living = {one for one, look in self.seen.items() if look.seen.status not in OVER}
        if answer.looks.keys() - self.seen.keys() and living - answer.looks.keys():
            wanted = living | answer.looks.keys()
            looks = {one: self._look(stripe, one) for one in sorted(wanted)}
            answer = replace(answer, looks=looks)
        for look in answer.looks.values():
            self._keep(look)
        self._keep_told(answer.told, answer.refunded)
        for family in ("platform", "license"):
            self.told |= {one.key for one in consequences(self.known(family), stripe.now)}

    def _look(self, stripe: FakeStripe, subscription_id: str) -> Look:
        self.looks[subscription_id] += 1
        row = stripe.held[subscription_id]
        seen = subscription_of({**row, "latest_invoice": stripe.bills[row["latest_invoice"]]})
        bills = map(invoice_of, stripe.bills.values()) if seen.status in OWING else ()
        owed = tuple(one for one in bills if one.subscription_id == subscription_id)
        return Look(self.looks[subscription_id], seen, owed)

    def _keep(self, look: Look) -> None:
        known = self.seen.get(look.seen.id)
        if known is None or look.ticket > known.ticket:
            self.seen[look.seen.id] = look
        for invoice in (*look.invoices, look.seen.latest_invoice):
            self._merge(invoice)
        if look.seen.status in LIVE:
            self.live.add(look.seen.id)

    def _keep_told(self, told: StripeEvent, refunded: InvoiceFacts | None) -> None:
        if told.kind == "subscription" and told.status in LIVE:
            self.live.add(told.subscription_id)
            if told.ends_at is not None:
                self.endings.add((told.subscription_id, told.ends_at))
        self._merge(told.invoice)
        self._merge(refunded)
        if told.type == "invoice.payment_failed":
            self.invoices[told.object_id] = replace(self.invoices[told.object_id], failed=True)
        if told.payment is not None and refunded is not None:
            back = money_back(told.kind, told.payment, refunded)
            self.backs.setdefault(back.id, back)

    def known(self, family: str) -> tuple[KnownSubscription, ...]:
        """The family's subscriptions, the oldest first."""
        rows = [self._known(look.seen) for look in self.seen.values()]
        of_family = (one for one in rows if one.family == family)
        return tuple(sorted(of_family, key=lambda one: (one.created_at, one.id)))

    def _merge(self, seen: InvoiceFacts | None) -> None:
        if seen is None:
            return
        self.of[seen.id] = seen.subscription_id
        new = known_invoice(seen)
        old = self.invoices.setdefault(seen.id, new)
        further = new if LADDER.index(new.status) >= LADDER.index(old.status) else old
        self.invoices[seen.id] = replace(
            further,
            amount_paid=max(old.amount_paid, new.amount_paid),
            failed=old.failed or new.failed,
            created_at=min(old.created_at, new.created_at),
            reason=old.reason or new.reason,
        )

    def _known(self, seen: SubscriptionSnapshot) -> KnownSubscription:
        item = seen.items[0]
        family, plan = SOLD[item.price.id]
        mine = [one for one in self.invoices.values() if self.of[one.id] == seen.id]
        backs = [one for one in self.backs.values() if self.of[one.invoice_id] == seen.id]
        return KnownSubscription(
            id=seen.id,
            family=family,
            plan=plan,
            price_id=item.price.id,
            price_known=True,
            facts=facts_of(seen, item.period_end),
            was_live=seen.id in self.live,
            endings=tuple(sorted(at for of, at in self.endings if of == seen.id)),
            interval=item.price.interval,
            interval_count=item.price.interval_count,
            amount=item.price.amount,
            currency=item.price.currency,
            created_at=seen.created_at,
            ended_at=seen.ended_at,
            trial_start=seen.trial_start,
            license_id=None,
            invoices=tuple(sorted(mine, key=lambda one: (one.created_at, one.id))),
            money_back=tuple(sorted(backs, key=lambda one: (one.at, one.id))),
        )


def drawn(chance: Random) -> list[Deed]:
    """A purchase, and six things after it."""
    rest = [Deed(chance.choice(NAMES), chance.choice(HOURS)) for _ in range(6)]
    return [Deed(chance.choice(("trial", "buy")), 0), *rest]


def in_order(history: list[Deed]) -> End:
    """How it ends when everything is told once, in its order, afterwards."""
    stripe, facts = FakeStripe(NOW, prefix=""), Facts()
    play = Play(stripe, "one")
    for deed in history:
        play.do(deed)
    for raw in stripe.events:
        facts.write(facts.ask(stripe, raw), stripe)
    return end_of(facts, stripe.now)


def shuffled(history: list[Deed], chance: Random, *, live: bool) -> End:
    """How it ends when events come doubled and anyhow, `live` between its deeds as well.

    Answers of Stripe's are written later than asked for, in any order.
    """
    stripe, facts = FakeStripe(NOW, prefix=""), Facts()
    play = Play(stripe, "one")
    late: list[bytes] = []
    asked: list[Answer] = []
    for deed in history:
        play.do(deed)
        late, stripe.events = [*late, *stripe.events, *stripe.events], []
        if live:
            late = _some(facts, stripe, chance, late, asked)
    while late:
        late = _some(facts, stripe, chance, late, asked)
    for answer in asked:
        facts.write(answer, stripe)
    return end_of(facts, stripe.now)


def _some(
    facts: Facts, stripe: FakeStripe, chance: Random, late: list[bytes], asked: list[Answer]
) -> list[bytes]:
    """Ask because of some of the events, and write some of the answers; the other events."""
    chance.shuffle(late)
    half = (len(late) + 1) // 2
    asked += [facts.ask(stripe, raw) for raw in late[:half]]
    chance.shuffle(asked)
    for _ in range(chance.randrange(len(asked) + 1)):
        facts.write(asked.pop(), stripe)
    return late[half:]


def end_of(facts: Facts, now: datetime) -> End:
    """The platform's state, plan and rule, and every key of what followed."""
    given, chosen = given_by(facts.known("platform"), None, now)
    plan = chosen.plan if chosen else ""
    return given.state.value, plan, given.rule.value, sorted(facts.told)


def without_timely(end: End) -> End:
    """The end without what is told only in time."""
    return *end[:3], [key for key in end[3] if not key.startswith(TIMELY)]


def differing(histories: Iterable[list[Deed]], chance: Random) -> list[list[Deed]]:
    """Those that end otherwise when told anyhow."""
    found = []
    for history in histories:
        ordered = in_order(history)
        after = shuffled(history, chance, live=False)
        live = shuffled(history, chance, live=True)
        if after != ordered or without_timely(live) != without_timely(ordered):
            found.append(history)
    return found


def known_invoice(seen: InvoiceFacts) -> KnownInvoice:
    """An invoice as one look saw it."""
    return KnownInvoice(
        id=seen.id,
        status=seen.status,
        reason=seen.billing_reason,
        currency=seen.currency,
        amount_due=seen.amount_due,
        amount_paid=seen.amount_paid,
        failed=seen.status in ("open", "uncollectible") and seen.attempt_count > 0,
        created_at=seen.created_at,
        paid_at=seen.paid_at if seen.status == "paid" else None,
        period_end=seen.period_end,
    )


def facts_of(seen: SubscriptionSnapshot, period_end: datetime | None) -> SubscriptionFacts:
    """What matters of a subscription."""
    return SubscriptionFacts(
        status=seen.status,
        created_at=seen.created_at,
        period_end=period_end,
        trial_end=seen.trial_end,
        cancel_at=seen.cancel_at,
        cancel_at_period_end=seen.cancel_at_period_end,
        collection_paused=bool(seen.paused_collection),
    )


def money_back(kind: str, payment: PaymentTold, invoice: InvoiceFacts) -> KnownMoneyBack:
    """A refund or dispute; again it is the same."""
    how_far = payment.closed or "open" if kind == "dispute" else payment.amount
    return KnownMoneyBack(
        id=f"{payment.id}:{how_far}",
        kind=DISPUTE if kind == "dispute" else REFUND,
        invoice_id=invoice.id,
        amount=payment.amount,
        total=payment.total,
        currency=payment.currency,
        closed=payment.closed,
        at=payment.at,
    )
