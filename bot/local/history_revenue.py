"""Revenue of days long past, worked out of invoices: what each paid for, and until when."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from db.reports.history import TableRows
from integrations.stripe.types import InvoiceFacts, SubscriptionSnapshot
from services.billing import GRACE, CountedAs, RevenueLine, monthly, movements, totals
from services.clock import day_begins

ONE = timedelta(days=1)
DAY = ("day", "zone", "ended", "taken_at")
LINE = (
    *("day", "subscription_id", "customer_id", "currency", "counted", "ending"),
    *("numerator", "denominator"),
)
MOVEMENT = ("day", "customer_id", "currency", "kind", "amount")
Past = Sequence[tuple[SubscriptionSnapshot, tuple[InvoiceFacts, ...], str]]


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which a subscription counted, and as what; its end is no part of it."""

    begin: datetime
    end: datetime
    monthly: Fraction
    counted: CountedAs


def invent_revenue(past: Past, zone: ZoneInfo, now: datetime) -> list[TableRows]:
    """Days from the first subscription to the day before yesterday, their lines, what moved."""
    last = now.astimezone(zone).date() - 2 * ONE
    first = min((one.created_at for one, _, _ in past), default=now).astimezone(zone).date()
    spans = [(one, whose, tuple(spans_of(one, bills))) for one, bills, whose in past]
    days: list[tuple[object, ...]] = []
    lines: list[tuple[object, ...]] = []
    moved: list[tuple[object, ...]] = []
    before: list[RevenueLine] = []
    paid: set[str] = set()
    for day in _days(first, last):
        ended = day_begins(day + ONE, zone)
        after = [line for one, whose, of in spans for line in _lines(one, whose, of, ended)]
        days.append((day, zone.key, ended, ended))
        lines.extend(_row(day, line) for line in after)
        for one in movements(totals(before), totals(after), paid):
            amount = f"{one.amount.numerator}/{one.amount.denominator}"
            moved.append((day, one.customer_id, one.currency, one.kind.value, amount))
        paid |= {customer_id for customer_id, _ in totals(after)}
        before = after
    return [
        TableRows("mrr_days", DAY, days),
        TableRows("mrr_lines", LINE, lines),
        TableRows("mrr_movements", MOVEMENT, moved),
    ]


def spans_of(one: SubscriptionSnapshot, bills: Iterable[InvoiceFacts]) -> Iterator[Span]:
    """When it counted: a first trial, what was paid for, and the grace of what was not."""
    item, over = one.items[0], one.ended_at or datetime.max.replace(tzinfo=one.created_at.tzinfo)
    price, of_price = item.price, item.price.amount or 0
    paid = [bill.amount_due for bill in bills if bill.amount_due > 0]
    for bill in bills:
        trial = bill.amount_due == 0 and one.trial_end is not None
        amount = (paid[0] if paid else of_price) if trial else bill.amount_due
        worth = monthly(amount, 1, price.interval, price.interval_count)
        counted = CountedAs.TRIAL if trial else CountedAs.PAYING
        end = min(bill.period_end or bill.created_at, over)
        patience = bill.created_at + GRACE
        if bill.paid_at is not None and bill.paid_at <= patience:
            yield Span(bill.created_at, end, worth, counted)
            continue
        yield Span(bill.created_at, min(patience, end), worth, counted)
        if bill.paid_at is not None:
            yield Span(bill.paid_at, end, worth, counted)


def _lines(
    one: SubscriptionSnapshot, whose: str, spans: Iterable[Span], at: datetime
) -> Iterator[RevenueLine]:
    for span in spans:
        if span.begin < at < span.end:
            ending = one.canceled_at is not None and one.canceled_at < at
            yield RevenueLine(one.id, whose, one.currency, span.monthly, span.counted, ending)
            return


def _row(day: date, line: RevenueLine) -> tuple[object, ...]:
    worth = line.monthly
    counted = (line.counted.value, line.ending, worth.numerator, worth.denominator)
    return (day, line.subscription_id, line.customer_id, line.currency, *counted)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + n * ONE for n in range((last - first).days + 1))
