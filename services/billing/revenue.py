"""Revenue by day and month: snapshots taken once a day ended, months closed for good."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import orjson
import structlog

from db.billing import revenue as table
from db.store.session import Database, Session
from integrations.json_fields import Record, record, records, text, whole
from services.billing.dossiers import read_rows
from services.billing.known import KnownSubscription
from services.billing.mrr import (
    NOTHING,
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
    totals,
)
from services.clock import day_begins
from services.ports import Clock

AT_ONCE = 500
ONE = timedelta(days=1)
# Days that nobody took while the program was down are taken from what is known now.
BACK = 40
# A month is closed when its last day has been over for so long.
SETTLED = timedelta(days=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RevenueMonth:
    """A month in one currency: `opening` and its flows give `closing.mrr`; `month` its first day.

    `closed`: it never changes any more. Of the month that runs `closing` is the last day taken.
    """

    month: date
    currency: str
    opening: Fraction
    flows: Flows
    closing: RevenueBalance
    closed: bool


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The balance at the end of a day, in one currency."""

    day: date
    currency: str
    balance: RevenueBalance


class Revenue:
    """Takes snapshots, and reads them; figures are exact fractions of minor units."""

    def __init__(self, database: Database, zone: ZoneInfo, clock: Clock) -> None:
        self._database = database
        self._zone = zone
        self._clock = clock

    @property
    def zone(self) -> str:
        """The time zone of its days and months, to be named wherever they are shown."""
        return self._zone.key

    async def take(self) -> int:
        """A step: take every day that is over, close every month that is; how many days."""
        done = 0
        while await self._next():
            done += 1
        closed = 0
        while await self._close_next():
            closed += 1
        if done or closed:
            log.info("billing.mrr", count=done + closed)
        return done

    async def now(self) -> Mapping[str, RevenueBalance]:
        """The balance at this moment, by currency; no snapshot is taken."""
        async with self._database.transaction() as session:
            return balances(await self._lines(session, self._clock()))

    async def days(self, first: date, last: date) -> tuple[DayFigures, ...]:
        """Balances of the days that were taken, by day and currency."""
        async with self._database.transaction() as session:
            found = await table.sums(session, first, last)
        sums: dict[tuple[date, str], RevenueBalance] = {}
        for day, currency, counted, ending, amount in found:
            held = sums.get((day, currency), RevenueBalance())
            sums[day, currency] = _more(held, counted, amount, ending=ending)
        return tuple(DayFigures(day, currency, of) for (day, currency), of in sums.items())

    async def moved(self, first: date, last: date) -> tuple[tuple[date, Movement], ...]:
        """What moved on these days, the oldest first."""
        async with self._database.transaction() as session:
            rows = await table.movements(session, first, last)
        return tuple((row.day, _movement(row)) for row in rows)

    async def month(self, month: date) -> tuple[RevenueMonth, ...]:
        """A month by currency: closed as it was kept, or as far as it has come."""
        first = month.replace(day=1)
        async with self._database.transaction() as session:
            if await table.is_closed(session, first):
                return tuple(map(_closed, await table.months(session, first)))
            return await self._figures(session, first)

    async def closed(self, limit: int) -> tuple[RevenueMonth, ...]:
        """The newest closed months as they were kept, by month and currency, the newest first."""
        async with self._database.transaction() as session:
            return tuple(map(_closed, await table.closed_months(session, limit)))

    async def _next(self) -> bool:
        """Take one day in a transaction of its own: whoever is interrupted goes on from there."""
        async with self._database.transaction() as session:
            await table.lock(session)
            today = self._clock().astimezone(self._zone).date()
            last = await table.last_day(session)
            day = max(last.day + ONE, today - BACK * ONE) if last else today - ONE
            if day >= today:
                return False
            await self._take(session, day, last)
        return True

    async def _take(self, session: Session, day: date, last: table.MrrDayRow | None) -> None:
        ended = day_begins(day + ONE, self._zone)
        found = await self._lines(session, ended)
        before = totals(_line(row) for row in await table.lines(session, last.day)) if last else {}
        after = totals(found)
        paid = await table.paid_ever(session, sorted({one for one, _ in {*before, *after}}))
        session.add(
            table.MrrDayRow(day=day, zone=self._zone.key, ended=ended, taken_at=self._clock())
        )
        session.add_all(_row(day, one) for one in found)
        session.add_all(
            table.MrrMovementRow(
                day=day,
                customer_id=one.customer_id,
                currency=one.currency,
                kind=one.kind.value,
                amount=one.amount,
            )
            for one in movements(before, after, paid)
        )
        await session.flush()

    async def _close_next(self) -> bool:
        async with self._database.transaction() as session:
            await table.lock(session)
            last, first = await table.last_closing(session), await table.first_day(session)
            if first is None:
                return False
            month = _following(last) if last else first.replace(day=1)
            over = day_begins(_following(month), self._zone)
            if self._clock() < over + SETTLED:
                return False
            for one in await self._figures(session, month):
                session.add(_month_row(one))
            session.add(table.MrrClosingRow(month=month, closed_at=self._clock()))
        log.info("billing.month_closed", month=month.isoformat())
        return True

    async def _figures(self, session: Session, month: date) -> tuple[RevenueMonth, ...]:
        end = _following(month) - ONE
        opened = await table.last_day_until(session, month - ONE)
        closed = await table.last_day_until(session, end)
        before = balances(await self._kept(session, opened))
        after = balances(await self._kept(session, closed))
        moved = flows(_movement(row) for row in await table.movements(session, month, end))
        return tuple(
            RevenueMonth(
                month,
                currency,
                before.get(currency, RevenueBalance()).mrr,
                moved.get(currency, Flows()),
                after.get(currency, RevenueBalance()),
                closed=False,
            )
            for currency in sorted({*before, *after, *moved})
        )

    async def _kept(self, session: Session, day: date | None) -> list[RevenueLine]:
        return [_line(row) for row in await table.lines(session, day)] if day else []

    async def _lines(self, session: Session, at: datetime) -> list[RevenueLine]:
        """Every subscription that counts at this moment, as it is known now."""
        found: list[RevenueLine] = []
        after = ""
        while rows := await table.counted(session, after, AT_ONCE):
            after = rows[-1].id
            whose = {row.id: row.customer_id or "" for row in rows}
            discounts = {row.id: _discounts(row.snapshot) for row in rows}
            amounts = {row.id: _items(row.snapshot) for row in rows}
            payers = await table.payers(session, sorted(set(whose.values())))
            for known in await read_rows(session, rows):
                line = _counted(
                    known, at, whose[known.id], payers, (amounts[known.id], discounts[known.id])
                )
                if line is not None:
                    found.append(line)
        return found


def _counted(
    known: KnownSubscription,
    at: datetime,
    customer_id: str,
    payers: set[str],
    worth: tuple[tuple[Record, ...], tuple[Discount, ...]],
) -> RevenueLine | None:
    judged = known.judged(at)
    counted = counts_as(
        known.facts.status,
        allowed=judged.allowed,
        paused=known.facts.collection_paused,
        has_paid=customer_id in payers,
    )
    if counted is None:
        return None
    items, discounts = worth
    each = sum((_worth(item, discounts) for item in items), NOTHING)
    ending = known.facts.cancel_at is not None or known.facts.cancel_at_period_end
    return RevenueLine(known.id, customer_id, known.currency, each, counted, ending)


def _worth(item: Record, discounts: tuple[Discount, ...]) -> Fraction:
    price = record(item.get("price"))
    amount, quantity = whole(price, "amount") or 0, whole(item, "quantity") or 0
    count = whole(price, "interval_count") or 1
    return monthly(amount, quantity, text(price, "interval"), count, discounts)


def _items(snapshot: str) -> tuple[Record, ...]:
    """Items of a snapshot as they were kept: each with its own price."""
    return records(orjson.loads(snapshot).get("items"))


def _discounts(snapshot: str) -> tuple[Discount, ...]:
    """Those that last; one with an end does not reduce what is recurring."""
    lasting = [
        one for one in records(orjson.loads(snapshot).get("discounts")) if not one.get("ends_at")
    ]
    return tuple(
        Discount(Fraction(str(one.get("percent_off") or 0)), whole(one, "amount_off") or 0)
        for one in lasting
    )


def _more(held: RevenueBalance, counted: str, amount: Fraction, *, ending: bool) -> RevenueBalance:
    if counted == CountedAs.TRIAL.value:
        return replace(held, trial=held.trial + amount)
    committed = held.committed if ending else held.committed + amount
    return replace(held, mrr=held.mrr + amount, committed=committed)


def _row(day: date, line: RevenueLine) -> table.MrrLineRow:
    return table.MrrLineRow(
        day=day,
        subscription_id=line.subscription_id,
        customer_id=line.customer_id,
        currency=line.currency,
        counted=line.counted.value,
        ending=line.ending,
        numerator=line.monthly.numerator,
        denominator=line.monthly.denominator,
    )


def _line(row: table.MrrLineRow) -> RevenueLine:
    return RevenueLine(
        row.subscription_id,
        row.customer_id,
        row.currency,
        Fraction(row.numerator, row.denominator),
        CountedAs(row.counted),
        row.ending,
    )


def _movement(row: table.MrrMovementRow) -> Movement:
    return Movement(row.customer_id, row.currency, MovementKind(row.kind), row.amount)


def _month_row(one: RevenueMonth) -> table.MrrMonthRow:
    return table.MrrMonthRow(
        month=one.month,
        currency=one.currency,
        opening=one.opening,
        new=one.flows.new,
        expansion=one.flows.expansion,
        contraction=one.flows.contraction,
        churn=one.flows.churn,
        reactivation=one.flows.reactivation,
        moved=one.flows.currency,
        closing=one.closing.mrr,
        trial=one.closing.trial,
        committed=one.closing.committed,
    )


def _closed(row: table.MrrMonthRow) -> RevenueMonth:
    moved = Flows(
        new=row.new,
        expansion=row.expansion,
        contraction=row.contraction,
        churn=row.churn,
        reactivation=row.reactivation,
        currency=row.moved,
    )
    closing = RevenueBalance(row.closing, row.trial, row.committed)
    return RevenueMonth(row.month, row.currency, row.opening, moved, closing, closed=True)


def _following(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)
