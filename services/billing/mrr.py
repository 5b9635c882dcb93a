"""Monthly recurring revenue: what a subscription is worth a month, and what moved it; pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

# Months in one of each interval, as Stripe, ChartMogul and Polar count them.
MONTHS: Mapping[str, Fraction] = {
    "month": Fraction(1),
    "year": Fraction(12),
    "week": Fraction(12, 52),
    "day": Fraction(12, 365),
}
NOTHING = Fraction(0)
HALF = Fraction(1, 2)


class CountedAs(StrEnum):
    """How a subscription counts at a moment; one that does not is left out."""

    PAYING = "paying"
    TRIAL = "trial"


class MovementKind(StrEnum):
    """What changed a customer's total; a move to another currency is none of the five."""

    NEW = "new"
    EXPANSION = "expansion"
    CONTRACTION = "contraction"
    CHURN = "churn"
    REACTIVATION = "reactivation"
    CURRENCY = "currency"


# These take away; of a move of currency the amount has its own sign.
DOWN = frozenset({MovementKind.CONTRACTION, MovementKind.CHURN})


@dataclass(frozen=True, slots=True)
class Discount:
    """A lasting reduction of each invoice: per cent, or an amount in minor units."""

    percent: Fraction = NOTHING
    amount: int = 0


@dataclass(frozen=True, slots=True)
class RevenueLine:
    """A subscription at the end of a day; `monthly` in minor units, exact.

    `ending`: its end is planned, so that it is no committed revenue.
    """

    subscription_id: str
    customer_id: str
    currency: str
    monthly: Fraction
    counted: CountedAs
    ending: bool = False


@dataclass(frozen=True, slots=True)
class RevenueBalance:
    """Revenue of a month at a moment, in minor units, exact.

    `committed` is `mrr` after known cancellations; `trial` is what trials would pay, and no part
    of the others.
    """

    mrr: Fraction = NOTHING
    trial: Fraction = NOTHING
    committed: Fraction = NOTHING


@dataclass(frozen=True, slots=True)
class Movement:
    """A customer's change on a day, in one currency; above zero but for a move of currency."""

    customer_id: str
    currency: str
    kind: MovementKind
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Flows:
    """Movements of a range added up, in minor units, exact; never added to balances."""

    new: Fraction = NOTHING
    expansion: Fraction = NOTHING
    contraction: Fraction = NOTHING
    churn: Fraction = NOTHING
    reactivation: Fraction = NOTHING
    currency: Fraction = NOTHING

    @property
    def net(self) -> Fraction:
        """By how much the balance moved."""
        up = self.new + self.reactivation + self.expansion
        return up - self.contraction - self.churn + self.currency


Totals = Mapping[tuple[str, str], Fraction]


@dataclass(slots=True)
class _Sums:
    mrr: Fraction = field(default=NOTHING)
    trial: Fraction = field(default=NOTHING)
    committed: Fraction = field(default=NOTHING)


def monthly(
    amount: int, quantity: int, interval: str, count: int, discounts: Iterable[Discount] = ()
) -> Fraction:
    """What a price is worth a month: exact, after lasting discounts, never below zero.

    An interval nobody knows is worth nothing.
    """
    months = MONTHS.get(interval)
    if months is None or count < 1:
        return NOTHING
    each = Fraction(amount * quantity)
    for one in discounts:
        each -= each * one.percent / 100 + one.amount
    return max(each, NOTHING) / (months * count)


def counts_as(status: str, *, allowed: bool, paused: bool, has_paid: bool) -> CountedAs | None:
    """How a subscription counts; None: not at all.

    Past due counts while the grace lasts, suspended does not. A trial of somebody who paid before
    is a free period, and counts like a paid one.
    """
    if paused or not allowed:
        return None
    if status == "trialing" and not has_paid:
        return CountedAs.TRIAL
    return CountedAs.PAYING


def balances(lines: Iterable[RevenueLine]) -> Mapping[str, RevenueBalance]:
    """The balance in each currency."""
    sums: dict[str, _Sums] = defaultdict(_Sums)
    for line in lines:
        of = sums[line.currency]
        if line.counted is CountedAs.TRIAL:
            of.trial += line.monthly
            continue
        of.mrr += line.monthly
        if not line.ending:
            of.committed += line.monthly
    return {
        name: RevenueBalance(of.mrr, of.trial, of.committed) for name, of in sorted(sums.items())
    }


def totals(lines: Iterable[RevenueLine]) -> Totals:
    """What each customer pays, by customer and currency; who pays nothing is left out."""
    sums: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for line in lines:
        if line.counted is CountedAs.PAYING:
            sums[line.customer_id, line.currency] += line.monthly
    return {key: amount for key, amount in sums.items() if amount > 0}


def movements(before: Totals, after: Totals, paid_ever: Set[str]) -> tuple[Movement, ...]:
    """What moved between two moments; `paid_ever` are the customers who ever paid before.

    In each currency a customer makes one movement at most.
    """
    held, holds = _currencies(before), _currencies(after)
    found = []
    for customer_id, currency in sorted({*before, *after}):
        key = (customer_id, currency)
        change = after.get(key, NOTHING) - before.get(key, NOTHING)
        if change == 0:
            continue
        if not held.get(customer_id):
            returns = customer_id in paid_ever
            kind = MovementKind.REACTIVATION if returns else MovementKind.NEW
        elif not holds.get(customer_id):
            kind = MovementKind.CHURN
        elif key not in before or key not in after:
            found.append(Movement(customer_id, currency, MovementKind.CURRENCY, change))
            continue
        else:
            kind = MovementKind.EXPANSION if change > 0 else MovementKind.CONTRACTION
        found.append(Movement(customer_id, currency, kind, abs(change)))
    return tuple(found)


def flows(found: Iterable[Movement]) -> Mapping[str, Flows]:
    """Movements added up in each currency."""
    sums: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for one in found:
        sums[one.currency][one.kind.value] += one.amount
    return {name: Flows(**of) for name, of in sorted(sums.items())}


def rounded(amount: Fraction) -> int:
    """Whole minor units, halves away from zero; only sums are rounded, and once."""
    sign = -1 if amount < 0 else 1
    return sign * int(abs(amount) + HALF)


def _currencies(totals_: Totals) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for customer_id, currency in totals_:
        found[customer_id].add(currency)
    return found
