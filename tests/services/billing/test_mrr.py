"""What a subscription is worth a month, and the law of movements: start and flows give the end."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as any_

from services.billing.mrr import (
    CountedAs,
    Discount,
    Flows,
    Movement,
    MovementKind,
    RevenueBalance,
    RevenueLine,
    balances,
    counts_as,
    flows,
    monthly,
    movements,
    rounded,
    totals,
)

PAYING, TRIAL = CountedAs.PAYING, CountedAs.TRIAL
amounts = any_.fractions(min_value=0, max_value=10_000, max_denominator=365)
days = any_.dictionaries(
    any_.tuples(any_.sampled_from("abcd"), any_.sampled_from(["eur", "usd"])), amounts, max_size=8
).map(lambda day: {key: amount for key, amount in day.items() if amount > 0})


def line(customer: str, amount: int, counted: CountedAs = PAYING, **more: object) -> RevenueLine:
    fields = {"subscription_id": f"sub_{customer}{amount}", "currency": "usd", **more}
    return RevenueLine(customer_id=customer, monthly=Fraction(amount), counted=counted, **fields)


@pytest.mark.parametrize(
    ("amount", "quantity", "interval", "count", "worth"),
    [
        (9_900, 1, "month", 1, Fraction(9_900)),
        (99_000, 1, "year", 1, Fraction(99_000, 12)),
        (30_000, 2, "month", 3, Fraction(20_000)),
        (1_000, 1, "week", 1, Fraction(52_000, 12)),
        (100, 1, "day", 1, Fraction(36_500, 12)),
        (0, 5, "year", 1, Fraction(0)),
        (9_900, 1, "fortnight", 1, Fraction(0)),
    ],
)
def test_every_interval_is_brought_to_a_month_exactly(
    amount: int, quantity: int, interval: str, count: int, worth: Fraction
) -> None:
    assert monthly(amount, quantity, interval, count) == worth


def test_lasting_discounts_reduce_and_never_below_nothing() -> None:
    assert monthly(10_000, 1, "month", 1, [Discount(percent=Fraction("12.5"))]) == 8_750
    assert monthly(10_000, 1, "year", 1, [Discount(amount=4_000)]) == 500
    assert monthly(10_000, 1, "month", 1, [Discount(amount=20_000)]) == 0


def test_twelve_yearly_subscriptions_are_summed_before_they_are_rounded() -> None:
    yearly = monthly(100_000, 1, "year", 1)
    lines = [line(f"c{n}", 0, currency="usd") for n in range(0)]
    lines = [RevenueLine(f"s{n}", f"c{n}", "usd", yearly, PAYING) for n in range(12)]
    assert rounded(balances(lines)["usd"].mrr) == 100_000
    assert [rounded(Fraction(n, 2)) for n in (1, 3, -1)] == [1, 2, -1]


@pytest.mark.parametrize(
    ("status", "allowed", "paused", "has_paid", "counted"),
    [
        ("active", True, False, True, PAYING),
        ("past_due", True, False, True, PAYING),
        ("past_due", False, False, True, None),
        ("active", True, True, True, None),
        ("trialing", True, False, False, TRIAL),
        ("trialing", True, False, True, PAYING),
        ("unpaid", False, False, True, None),
    ],
)
def test_what_counts_and_as_what(
    status: str, allowed: bool, paused: bool, has_paid: bool, counted: CountedAs | None
) -> None:
    assert counts_as(status, allowed=allowed, paused=paused, has_paid=has_paid) == counted


def test_trials_and_planned_ends_stand_apart() -> None:
    lines = [line("a", 100), line("b", 50, ending=True), line("c", 70, TRIAL)]
    found = balances([*lines, line("d", 9, currency="eur")])
    assert found["usd"] == RevenueBalance(Fraction(150), Fraction(70), Fraction(100))
    assert found["eur"].mrr == 9
    assert totals(lines) == {("a", "usd"): 100, ("b", "usd"): 50}


@pytest.mark.parametrize(
    ("before", "after", "kind", "amount"),
    [
        ({}, {"usd": 10}, MovementKind.NEW, 10),
        ({"usd": 10}, {"usd": 25}, MovementKind.EXPANSION, 15),
        ({"usd": 10}, {"usd": 4}, MovementKind.CONTRACTION, 6),
        ({"usd": 10}, {}, MovementKind.CHURN, 10),
    ],
)
def test_a_customers_change_has_one_name(
    before: dict[str, int], after: dict[str, int], kind: MovementKind, amount: int
) -> None:
    was, now = ({("a", name): Fraction(of) for name, of in day.items()} for day in (before, after))
    assert movements(was, now, set()) == (Movement("a", "usd", kind, Fraction(amount)),)


def test_who_comes_back_is_reactivated_and_never_new_again() -> None:
    back = movements({}, {("a", "usd"): Fraction(5)}, {"a"})
    assert back == (Movement("a", "usd", MovementKind.REACTIVATION, Fraction(5)),)


def test_another_currency_is_no_churn_and_nothing_new() -> None:
    found = movements({("a", "usd"): Fraction(9)}, {("a", "eur"): Fraction(8)}, {"a"})
    assert {one.kind for one in found} == {MovementKind.CURRENCY}
    assert flows(found) == {
        "eur": Flows(currency=Fraction(8)),
        "usd": Flows(currency=Fraction(-9)),
    }


@settings(deadline=None, max_examples=300)
@given(any_.lists(days, min_size=2, max_size=8), any_.data())
def test_start_and_flows_give_the_end_for_any_history_and_any_cut(
    history: list[dict[tuple[str, str], Fraction]], data: any_.DataObject
) -> None:
    paid: set[str] = set()
    moved = []
    for before, after in pairwise(history):
        paid |= {customer for customer, _ in before}
        moved.append(movements(before, after, paid))
    first = data.draw(any_.integers(0, len(moved)))
    last = data.draw(any_.integers(first, len(moved)))
    net = flows(one for day in moved[first:last] for one in day)
    for currency in ("eur", "usd"):
        start, end = (
            sum((of for (_, name), of in history[at].items() if name == currency), Fraction(0))
            for at in (first, last)
        )
        of = net.get(currency, Flows())
        up = of.new + of.reactivation + of.expansion
        assert start + up - of.contraction - of.churn + of.currency == end
        assert start + of.net == end
    for day in moved:
        assert len({(one.customer_id, one.currency) for one in day}) == len(day)
        assert all(one.amount > 0 for one in day if one.kind is not MovementKind.CURRENCY)
