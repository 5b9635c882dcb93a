"""What a subscription gives now: a pure function of Stripe's snapshot, what was paid, and time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GRACE = timedelta(days=7)
TRIAL = timedelta(days=14)


class AccessState(StrEnum):
    """What a customer's access is, as the API says it; never rename one."""

    NONE = "none"
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


class AccessRule(StrEnum):
    """Which rule made it so; each is one row of the table that `access` is."""

    NO_SUBSCRIPTION = "no_subscription"
    TRIAL = "trial"
    TRIAL_OVER = "trial_over"
    PAID = "paid"
    GRACE = "grace"
    GRACE_OVER = "grace_over"
    UNPAID = "unpaid"
    FIRST_PAYMENT_OPEN = "first_payment_open"
    NEVER_PAID = "never_paid"
    PAUSED = "paused"
    PAUSED_PAID = "paused_paid"
    ENDED = "ended"
    CANCELLED = "cancelled"
    MONEY_BACK = "money_back"
    UNKNOWN_STATUS = "unknown_status"


@dataclass(frozen=True, slots=True)
class SubscriptionFacts:
    """What matters of a subscription; `status` is Stripe's word, whatever it is.

    `collection_paused`: `pause_collection` is set, which leaves the status as it is. `created_at`
    stands in for a first failed invoice that nobody knows: never the present time.
    """

    status: str
    created_at: datetime
    period_end: datetime | None = None
    trial_end: datetime | None = None
    cancel_at: datetime | None = None
    cancel_at_period_end: bool = False
    collection_paused: bool = False

    @property
    def ends_at(self) -> datetime | None:
        """When it will end, if somebody decided so; either of Stripe's two fields says it."""
        if self.cancel_at is not None:
            return self.cancel_at
        return self.period_end if self.cancel_at_period_end else None


@dataclass(frozen=True, slots=True)
class Entitlement:
    """The judgement. `until`: when time alone will change it; `ends_at`: a planned end."""

    state: AccessState
    allowed: bool
    rule: AccessRule
    until: datetime | None = None
    ends_at: datetime | None = None


NOTHING = Entitlement(AccessState.NONE, allowed=False, rule=AccessRule.NO_SUBSCRIPTION)
# Words that give nothing and wait for nothing.
CLOSED: Mapping[str, tuple[AccessState, AccessRule]] = {
    "canceled": (AccessState.CANCELLED, AccessRule.CANCELLED),
    "incomplete_expired": (AccessState.NONE, AccessRule.NEVER_PAID),
    "incomplete": (AccessState.NONE, AccessRule.FIRST_PAYMENT_OPEN),
    "unpaid": (AccessState.SUSPENDED, AccessRule.UNPAID),
    "paused": (AccessState.PAUSED, AccessRule.PAUSED),
}
TRIALING, ACTIVE, PAST_DUE = "trialing", "active", "past_due"
# In these a subscription was live at some time, so that its end is one.
LIVE = frozenset({TRIALING, ACTIVE, PAST_DUE, "unpaid", "paused"})
# In these somebody owes the newest invoice.
OWING = frozenset({PAST_DUE, "unpaid"})
OVER = frozenset({"canceled", "incomplete_expired"})


def access(
    snapshot: SubscriptionFacts | None,
    first_failed_at: datetime | None,
    now: datetime,
    *,
    paid_until: datetime | None = None,
    money_back: bool = False,
) -> Entitlement:
    """Judge a subscription at the time `now`.

    `first_failed_at` is when the first unpaid invoice since the last payment was made,
    `paid_until` how far the newest paid one reaches; `money_back`: that one was refunded in full,
    or lost in a dispute. Any word of Stripe's that is not in the table gives no access.
    """
    if snapshot is None:
        return NOTHING
    if snapshot.status in CLOSED:
        state, rule = CLOSED[snapshot.status]
        return Entitlement(state, allowed=False, rule=rule)
    if snapshot.status not in (TRIALING, ACTIVE, PAST_DUE):
        return Entitlement(AccessState.SUSPENDED, allowed=False, rule=AccessRule.UNKNOWN_STATUS)
    ends_at = snapshot.ends_at
    if ends_at is not None and ends_at <= now:
        return Entitlement(
            AccessState.CANCELLED, allowed=False, rule=AccessRule.ENDED, ends_at=ends_at
        )
    if money_back and snapshot.status != TRIALING:
        rule = AccessRule.MONEY_BACK
        return Entitlement(
            AccessState.SUSPENDED, allowed=False, rule=rule, until=ends_at, ends_at=ends_at
        )
    if snapshot.collection_paused:
        return _paused(paid_until, ends_at, now)
    return _running(snapshot, first_failed_at, now)


def local_trial(ends_at: datetime | None, now: datetime) -> Entitlement:
    """The access of a customer who tries it without a subscription."""
    if ends_at is None:
        return NOTHING
    if now < ends_at:
        return Entitlement(AccessState.TRIALING, allowed=True, rule=AccessRule.TRIAL, until=ends_at)
    return Entitlement(AccessState.SUSPENDED, allowed=False, rule=AccessRule.TRIAL_OVER)


def _paused(paid_until: datetime | None, ends_at: datetime | None, now: datetime) -> Entitlement:
    if paid_until is not None and now < paid_until:
        until = _earliest(paid_until, ends_at)
        return Entitlement(
            AccessState.ACTIVE,
            allowed=True,
            rule=AccessRule.PAUSED_PAID,
            until=until,
            ends_at=ends_at,
        )
    return Entitlement(
        AccessState.PAUSED, allowed=False, rule=AccessRule.PAUSED, until=ends_at, ends_at=ends_at
    )


def _running(
    snapshot: SubscriptionFacts, first_failed_at: datetime | None, now: datetime
) -> Entitlement:
    ends_at = snapshot.ends_at
    if snapshot.status == TRIALING:
        # Whether it goes on is Stripe's to say: the trial's end is a time to look, not to refuse.
        until = _earliest(snapshot.trial_end, ends_at)
        return Entitlement(
            AccessState.TRIALING, allowed=True, rule=AccessRule.TRIAL, until=until, ends_at=ends_at
        )
    if snapshot.status == ACTIVE:
        return Entitlement(
            AccessState.ACTIVE, allowed=True, rule=AccessRule.PAID, until=ends_at, ends_at=ends_at
        )
    over = (first_failed_at or snapshot.created_at) + GRACE
    if now < over:
        until = _earliest(over, ends_at)
        return Entitlement(
            AccessState.PAST_DUE, allowed=True, rule=AccessRule.GRACE, until=until, ends_at=ends_at
        )
    return Entitlement(
        AccessState.SUSPENDED,
        allowed=False,
        rule=AccessRule.GRACE_OVER,
        until=ends_at,
        ends_at=ends_at,
    )


def _earliest(*times: datetime | None) -> datetime | None:
    return min((one for one in times if one is not None), default=None)
