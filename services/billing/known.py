"""All that is known of a subscription, as values, and what follows from it at a time."""

from dataclasses import dataclass
from datetime import datetime

from services.billing.access import (
    LIVE,
    NOTHING,
    OVER,
    AccessRule,
    Entitlement,
    SubscriptionFacts,
    access,
    local_trial,
)

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
        return self._judged(now, money_back=self.is_money_back)

    def is_overdue(self, now: datetime) -> bool:
        """Whether what is owed stops it, whatever came back of what was paid before."""
        rule = self._judged(now, money_back=False).rule
        return rule in (AccessRule.GRACE_OVER, AccessRule.UNPAID)

    @property
    def first_failed_at(self) -> datetime | None:
        """When the first invoice was made that failed and is unpaid, since the last payment."""
        return self.first_failed.created_at if self.first_failed else None

    @property
    def first_failed(self) -> KnownInvoice | None:
        """That invoice; where no failure is known, the newest open one."""
        paid = self.paid
        since = max((one.created_at for one in paid), default=None)
        unpaid = [one for one in self.invoices if one.status in UNPAID and one.amount_due > 0]
        after = [one for one in unpaid if since is None or one.created_at > since]
        failed = [one for one in after if one.failed]
        chosen = min(failed, key=_age, default=None)
        return chosen or max(after, key=_age, default=None)

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

    def _judged(self, now: datetime, *, money_back: bool) -> Entitlement:
        return access(
            self.facts,
            self.first_failed_at,
            now,
            paid_until=self.paid_until,
            money_back=money_back,
        )


def is_dunned(invoice: KnownInvoice) -> bool:
    """Whether it is one that somebody must be reminded of, or was."""
    return invoice.failed and invoice.amount_due > 0 and invoice.reason != "subscription_create"


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


def given_by(
    subscriptions: tuple[KnownSubscription, ...], trial_ends_at: datetime | None, now: datetime
) -> tuple[Entitlement, KnownSubscription | None]:
    """What a family gives, and the subscription that counts.

    A trial without a subscription counts while no subscription was ever live.
    """
    chosen = governing(subscriptions, now)
    given = chosen.judged(now) if chosen else NOTHING
    if trial_ends_at is not None and not any(one.was_live for one in subscriptions):
        return local_trial(trial_ends_at, now), chosen
    return given, chosen


def _age(invoice: KnownInvoice) -> tuple[datetime, str]:
    return invoice.created_at, invoice.id
