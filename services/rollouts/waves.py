"""Waves: in which order tenants get a migration, how many at once, and which of them goes first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

ALL, GRADUAL, CANARY, CANARY_GRADUAL = "all", "gradual", "canary", "canary_gradual"
STRATEGIES = (ALL, GRADUAL, CANARY, CANARY_GRADUAL)
PERCENTS: dict[str, tuple[int, ...]] = {
    ALL: (100,),
    GRADUAL: (10, 50, 100),
    CANARY: (100,),
    CANARY_GRADUAL: (10, 50, 100),
}
LAST_TRIAL_DAY = timedelta(days=1)
# A wave so small, the canary among them, is halted by its first failure.
SMALL = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the choice of a canary asks of a tenant; `price` in minor units a month, 0 for none.

    `trial_ends_at` is the end of a trial that still runs.
    `common`: its schema is that of most. `fit` is False for the suspended, drifted and unreachable.
    """

    tenant_id: str
    price: int = 0
    currency: str = ""
    internal: bool = False
    dunning: bool = False
    trial_ends_at: datetime | None = None
    has_data: bool = True
    common: bool = True
    fit: bool = True


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave: its tenants in their order, and how long they are watched before the next."""

    number: int
    tenants: tuple[str, ...]
    watch: timedelta
    canary: bool = False


@dataclass(frozen=True, slots=True)
class Watches:
    """How long the canary is watched, and each other wave but the last."""

    canary: timedelta = timedelta(hours=24)
    wave: timedelta = timedelta(minutes=10)


def ordered(rollout_id: str, tenants: Iterable[str]) -> tuple[str, ...]:
    """By the hash of rollout and tenant: not always the same ones first."""
    return tuple(sorted(tenants, key=lambda tenant: _rank(rollout_id, tenant)))


def sizes(count: int, percents: Sequence[int], taken: int = 0) -> tuple[int, ...]:
    """How many of `count` tenants each wave adds; `taken` went before, empty waves are left out."""
    found = []
    for percent in percents:
        until = -(-count * percent // 100)
        if until > taken:
            found.append(until - taken)
            taken = until
    return tuple(found)


def plan(
    rollout_id: str, tenants: Iterable[str], strategy: str, canary: str = "", *, watches: Watches
) -> tuple[Wave, ...]:
    """The waves of a strategy over these tenants; `canary` is one of them, where it has one."""
    first = (canary,) if canary else ()
    rest = [one for one in ordered(rollout_id, tenants) if one not in first]
    counts = sizes(len(rest) + len(first), PERCENTS[strategy], len(first))
    groups: list[tuple[str, ...]] = [first] if first else []
    for size in counts:
        groups.append(tuple(rest[:size]))
        rest = rest[size:]
    return tuple(
        Wave(
            number=number,
            tenants=group,
            watch=_watch(number, len(groups), watches, canary=bool(first) and number == 1),
            canary=bool(first) and number == 1,
        )
        for number, group in enumerate(groups, 1)
    )


def choose_canary(rollout_id: str, candidates: Iterable[Candidate], now: datetime) -> str:
    """The tenant to try it on first; "" when none is suitable and a person must say which.

    Preferred are our own, then the lowest payer with data, then the schema that most have.
    """
    best = min(
        suitable(candidates, now),
        key=lambda one: (*_worth(one), _rank(rollout_id, one.tenant_id)),
        default=None,
    )
    return best.tenant_id if best else ""


def suitable(candidates: Iterable[Candidate], now: datetime) -> tuple[Candidate, ...]:
    """Those that may go first: never the biggest payer, one in dunning, or in its last trial day.

    Each currency has a biggest payer, unless all of it, and who pays nothing, pay the same.
    """
    all_of_them = tuple(candidates)
    paid: dict[str, set[int]] = {}
    for one in all_of_them:
        paid.setdefault(one.currency if one.price else "", set()).add(one.price)
    nothing = {0} & paid.get("", set())

    def is_biggest(one: Candidate) -> bool:
        of_currency = paid[one.currency if one.price else ""] | nothing
        return one.price == max(of_currency) > min(of_currency)

    return tuple(
        one
        for one in all_of_them
        if one.fit and not one.dunning and not is_biggest(one) and not _ends_today(one, now)
    )


def halts(failures: int, *, size: int, threshold: int, canary: bool) -> bool:
    """Whether so many failures in a wave of this size end the rollout's way for now."""
    return failures >= (1 if canary or size <= SMALL else max(1, threshold))


def _watch(number: int, last: int, watches: Watches, *, canary: bool) -> timedelta:
    if number == last:
        return timedelta(0)
    return watches.canary if canary else watches.wave


def _ends_today(one: Candidate, now: datetime) -> bool:
    ends = one.trial_ends_at
    return ends is not None and timedelta(0) < ends - now <= LAST_TRIAL_DAY


def _worth(one: Candidate) -> tuple[bool, bool, int, bool]:
    return (not one.internal, not one.has_data, one.price, not one.common)


def _rank(rollout_id: str, tenant: str) -> str:
    return sha256(f"{rollout_id}:{tenant}".encode()).hexdigest()
