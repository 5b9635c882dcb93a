"""All that is known of a subscription, as values, and what follows from it at a time."""

from dataclasses import dataclass
from datetime import datetime

from services.billing.access import (
    GRACE,
    LIVE,
    OVER,
    Entitlement,
    SubscriptionFacts,
    access,
)

# Words of Stripe's for a subscription whose invoice nobody pays.
OWING = ("past_due", "unpaid")
PAID, UNPAID = "paid", frozenset({"open", "uncollectible"})
REFUND, DISPUTE, LOST = "refund", "dispute", "lost"
MONTHS = {"month": 1, "year": 12}


@dataclass(frozen=True, slots=True)
class KnownInvoice:
    """An invoice, merged from all that was seen of it; amounts in minor units."""

    id: str
    status: str
    reason: str
    currency: str
    amount_due: int
    amount_paid: int
    failed: bool
    created_at: datetime
    paid_at: datetime | None
    period_end: datetime | None


@dataclass(frozen=True, slots=True)
class KnownMoneyBack:
    """A refund of a charge (`amount` of `total`), or a dispute, `closed` with won or lost."""

    id: str
    kind: str
    invoice_id: str
    amount: int
    total: int
    currency: str
    closed: str
    at: datetime

    @property
    def takes_all(self) -> bool:
        """Whether the payment it is about counts for nothing any more."""
        return self.closed == LOST if self.kind == DISPUTE else self.amount >= self.total > 0


@dataclass(frozen=True, slots=True)
class KnownSubscription:
    """A subscription with its invoices, oldest first, and what came back of them.

    `was_live`: it gave access at some time, whatever it is now. `endings` are the ends that were
    planned at some time. `price_known`: it is in the catalogue; else `plan` is what it was before.
    """

    id: str
    family: str
    plan: str
    price_id: str
    price_known: bool
    facts: SubscriptionFacts
    was_live: bool
    endings: tuple[datetime, ...]
    interval: str
    interval_count: int
    amount: int | None
    currency: str
    created_at: datetime
    ended_at: datetime | None
    trial_start: datetime | None
    license_id: str | None
    invoices: tuple[KnownInvoice, ...] = ()
    money_back: tuple[KnownMoneyBack, ...] = ()

    @property
    def months(self) -> int:
        """The months that one invoice pays; a shorter interval counts as one."""
        return MONTHS.get(self.interval, 1) * (
            self.interval_count if self.interval in MONTHS else 1
        )

    @property
    def is_over(self) -> bool:
        """Whether Stripe will never charge for it again."""
        return self.facts.status in OVER

    @property
    def is_live(self) -> bool:
        """Whether it is one of those that somebody pays for, or tries."""
        return self.facts.status in LIVE

    def judged(self, now: datetime) -> Entitlement:
        """What it gives at that time."""
        return access(
            self.facts,
            self.first_failed_at,
            now,
            paid_until=self.paid_until,
            money_back=self.is_money_back,
        )

    @property
    def first_failed_at(self) -> datetime | None:
        """When the first invoice was made that failed and is unpaid, since the last payment.

        Of a subscription past due of which no failure is known: its newest open invoice.
        """
        paid = self.paid
        since = max((one.created_at for one in paid), default=None)
        unpaid = [one for one in self.invoices if one.status in UNPAID and one.amount_due > 0]
        after = [one for one in unpaid if since is None or one.created_at > since]
        failed = [one.created_at for one in after if one.failed]
        return min(failed, default=max((one.created_at for one in after), default=None))

    @property
    def paid(self) -> tuple[KnownInvoice, ...]:
        """The invoices that are paid, also those of nothing."""
        return tuple(one for one in self.invoices if one.status == PAID)

    @property
    def paid_until(self) -> datetime | None:
        """How far the paid invoices reach."""
        return max((one.period_end for one in self.paid if one.period_end), default=None)

    @property
    def is_money_back(self) -> bool:
        """Whether the newest payment was refunded in full, or lost in a dispute."""
        paid = [one for one in self.paid if one.amount_paid > 0]
        if not paid:
            return False
        newest = max(paid, key=lambda one: (one.created_at, one.id))
        return any(one.takes_all for one in self.money_back if one.invoice_id == newest.id)


def anchors(known: KnownSubscription) -> tuple[KnownInvoice, ...]:
    """The failed invoices that a grace began with: no other was failed and unpaid before.

    A failed first payment begins none: without it there never was access.
    """
    failed = [(one, settled_at(known, one)) for one in known.invoices if is_dunned(one)]
    return tuple(
        one
        for one, _ in failed
        if not any(
            other.created_at < one.created_at and (settled is None or settled > one.created_at)
            for other, settled in failed
        )
    )


def is_dunned(invoice: KnownInvoice) -> bool:
    """Whether it is one that somebody must be reminded of, or was."""
    return invoice.failed and invoice.amount_due > 0 and invoice.reason != "subscription_create"


def settled_at(known: KnownSubscription, invoice: KnownInvoice) -> datetime | None:
    """When this invoice or a later one was paid: any payment ends a grace."""
    paid = [
        one.paid_at
        for one in known.paid
        if one.paid_at and (one.id == invoice.id or one.created_at > invoice.created_at)
    ]
    return min(paid, default=None)


def ran_out(known: KnownSubscription, anchor: KnownInvoice, now: datetime) -> bool:
    """Whether the grace that began with this invoice ended without a payment."""
    end, settled = anchor.created_at + GRACE, settled_at(known, anchor)
    if settled is not None:
        return settled >= end
    if known.ended_at is not None and known.ended_at < end:
        return False
    return now >= end and (known.facts.status in OWING or known.is_over)


def governing(
    subscriptions: tuple[KnownSubscription, ...], now: datetime
) -> KnownSubscription | None:
    """The one that counts: of those that give access the first, else the newest that is not over.

    Only when all are over, the newest of these.
    """
    if not subscriptions:
        return None

    def order(one: KnownSubscription) -> tuple[int, float]:
        created = one.created_at.timestamp()
        if one.judged(now).allowed:
            return 0, created
        return (2, -created) if one.is_over else (1, -created)

    return min(subscriptions, key=lambda one: (*order(one), one.id))
