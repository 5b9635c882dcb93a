"""What follows from the facts, once each: a pure function of what is known, and the time.

An effect's key names the fact that it follows from, so that the same facts give the same effects in
whatever order they came, and again gives none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.billing.access import TRIALING, AccessRule
from services.billing.known import DISPUTE, KnownSubscription, is_dunned

# What is told, to whom: see `telling.py`.
NEW, FAILED, RECOVERED, SUSPENDED, CANCELLED = (
    "new",
    "failed",
    "recovered",
    "suspended",
    "cancelled",
)
PAID, ENDING, TRIAL_ENDING, TRIAL_OVER = "paid", "ending", "trial_ending", "trial_over"
DUPLICATE, UNKNOWN_PRICE, UNKNOWN_STATUS = "duplicate", "unknown_price", "unknown_status"
REFUNDED, DISPUTED, FIRST_PAID = "refunded", "disputed", "first_paid"
UNKNOWN_CUSTOMER, ODD_EVENTS, STUCK = "unknown_customer", "odd_events", "stuck"
ISSUE, RENEW = "issue", "renew"
# Invoices that pay for a period of their own; others are about a change within one.
RENEWING = ("subscription_create", "subscription_cycle")
# The mail about a trial's end leaves so long before it.
NOTICE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Consequence:
    """One effect; `about` is the invoice, refund or dispute that it is about, or ""."""

    key: str
    kind: str
    family: str
    subscription_id: str = ""
    about: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def consequences(
    subscriptions: tuple[KnownSubscription, ...], now: datetime
) -> tuple[Consequence, ...]:
    """All that follows from these subscriptions of one customer and family."""
    found = [one for known in subscriptions for one in _of_one(known, now)]
    return tuple((*found, *_duplicates(subscriptions)))


def of_local_trial(
    customer_id: str, plan: str, ends_at: datetime, now: datetime
) -> tuple[Consequence, ...]:
    """What follows from a trial without a subscription, while there is none."""
    values = {"plan": plan, "at": ends_at.isoformat()}
    kinds = [NEW] if now < ends_at else [NEW, TRIAL_OVER]
    if timedelta(0) < ends_at - now <= NOTICE:
        kinds.append(TRIAL_ENDING)
    return tuple(
        Consequence(f"{kind}:trial:{customer_id}", kind, "platform", values=values)
        for kind in kinds
    )


def _of_one(known: KnownSubscription, now: datetime) -> Iterator[Consequence]:
    if not known.price_known:
        yield _told(known, UNKNOWN_PRICE, known.price_id, price=known.price_id)
    if known.judged(now).rule is AccessRule.UNKNOWN_STATUS:
        yield _told(known, UNKNOWN_STATUS, known.facts.status, status=known.facts.status)
    if known.was_live:
        yield from _of_life(known, now)
    yield from _of_invoices(known, now)
    for back in known.money_back:
        kind = DISPUTED if back.kind == DISPUTE else REFUNDED
        what = back.closed or "open" if kind == DISPUTED else str(back.amount)
        values = {"amount": str(back.amount), "currency": back.currency, "what": what}
        yield _told(known, kind, back.id, back.id, **values)


def _of_life(known: KnownSubscription, now: datetime) -> Iterator[Consequence]:
    yield _told(known, NEW)
    if known.family == "license" and known.plan:
        yield _told(known, ISSUE)
    for end in known.endings:
        yield _told(known, ENDING, end.isoformat(), at=end.isoformat())
    left = (known.facts.trial_end or now) - now
    trial = known.facts.status == TRIALING and known.facts.ends_at is None
    if trial and timedelta(0) < left <= NOTICE:
        yield _told(known, TRIAL_ENDING)
    if known.facts.status == "canceled" or known.judged(now).rule is AccessRule.ENDED:
        yield _told(known, CANCELLED)


def _of_invoices(known: KnownSubscription, now: datetime) -> Iterator[Consequence]:
    for one in known.invoices:
        money = {"amount": str(one.amount_paid or one.amount_due), "currency": one.currency}
        if is_dunned(one):
            yield _told(known, FAILED, one.id, one.id, **money)
        if one.status == "paid" and one.amount_paid > 0:
            yield _told(known, PAID, one.id, one.id, **money)
            if is_dunned(one):
                yield _told(known, RECOVERED, one.id, one.id, **money)
            if known.family == "license" and one.reason in RENEWING:
                yield _told(known, RENEW, one.id, one.id)
    paid = [one for one in known.paid if one.amount_paid > 0]
    if paid:
        yield _told(known, FIRST_PAID, "", min(paid, key=lambda one: (one.created_at, one.id)).id)
    first = known.first_failed
    if known.is_overdue(now):
        yield _told(known, SUSPENDED, first.id if first else "")


def _duplicates(subscriptions: tuple[KnownSubscription, ...]) -> Iterator[Consequence]:
    """A second one that was paid for or tried while the first was not over."""
    live = sorted(
        (one for one in subscriptions if one.was_live), key=lambda one: (one.created_at, one.id)
    )
    for place, later in enumerate(live):
        for first in live[:place]:
            beside = first.ended_at is None or first.ended_at > later.created_at
            same = later.family == "platform" or first.plan == later.plan
            if beside and same:
                yield _told(later, DUPLICATE, first=first.id)
                break


def _told(
    known: KnownSubscription, kind: str, what: str = "", about: str = "", /, **values: str
) -> Consequence:
    key = ":".join(part for part in (kind, known.id, what) if part)
    return Consequence(key, kind, known.family, known.id, about, {"plan": known.plan, **values})
