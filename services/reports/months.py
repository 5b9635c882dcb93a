"""Months that are closed: their figures are kept as they were, and change no more."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import orjson

from db.reports import business as counts
from db.reports import days as table
from db.reports import followups as followup_table
from db.reports import usage as usage_table
from db.store.session import Database, Session
from services.actors import Operator
from services.audit import Change, Subject, note
from services.billing import Revenue, RevenueMonth, rounded
from services.clock import day_begins
from services.errors import Conflict, Invalid
from services.phrases import Phrase
from services.ports import Clock
from services.reports.days import ONE, ReportDays, stretch_of

# As many as the page offers.
OFFERED = 13

NO_MONTH = Phrase(
    "“{text}” is no month that can be closed. Choose one that is over.",
    "«{text}» non è un mese che si possa chiudere. Scegline uno trascorso.",
)
NOT_OVER = Phrase(
    "This month is not over, or its last calls are not settled yet. Close it some hours after it "
    "ended.",
    "Questo mese non è finito, o le ultime chiamate non sono ancora contabilizzate. Chiudilo "
    "qualche ora dopo la fine.",
)
CLOSED_ALREADY = Phrase("This month is closed already.", "Questo mese è già chiuso.")


@dataclass(frozen=True, slots=True)
class MonthRevenue:
    """A month's recurring revenue in one currency, in minor units, each figure rounded once.

    `opening` and `closing` are MRR at its begin and end, the others what moved it; `committed` is
    `closing` after known cancellations, `trial` what trials would pay. `moved` is what came from
    another currency.
    """

    currency: str
    opening: int
    new: int
    reactivation: int
    expansion: int
    contraction: int
    churn: int
    moved: int
    closing: int
    trial: int
    committed: int


@dataclass(frozen=True, slots=True)
class MonthTotals:
    """What a month came to; customers and active licenses as it ended. Money is micro-dollars.

    `revenue` by currency; of months that were closed before it was kept there is none.
    """

    requests: int
    failed: int
    input_tokens: int
    output_tokens: int
    cost_micro: int
    customers: int
    new_customers: int
    active_licenses: int
    issued_licenses: int
    followups: int
    revenue: tuple[MonthRevenue, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportMonth:
    """A month by its first day; None as `closed_at` while it may be closed. `by`: who did."""

    first: date
    figures: MonthTotals | None
    closed_at: datetime | None
    by: str

    @property
    def last(self) -> date:
        """Its last day."""
        return next_month(self.first) - ONE


class ReportMonths:
    """Closes months, and tells what closed ones came to."""

    def __init__(
        self,
        database: Database,
        days: ReportDays,
        revenue: Revenue,
        zone: ZoneInfo,
        clock: Clock,
    ) -> None:
        self._database = database
        self._days = days
        self._revenue = revenue
        self._zone = zone
        self._clock = clock

    async def listed(self) -> tuple[ReportMonth, ...]:
        """Months that are over and have usage, the newest first; closed ones with their figures."""
        async with self._database.transaction() as session:
            closed = {row.month: row for row in await table.months(session)}
            first = await table.first_day(session)
        month = _before(self._clock().astimezone(self._zone).date())
        found: list[ReportMonth] = []
        while first is not None and next_month(month) > first and len(found) < OFFERED:
            row = closed.get(month)
            found.append(
                ReportMonth(month, _read(row.figures), row.closed_at, row.closed_by)
                if row
                else ReportMonth(month, None, None, "")
            )
            month = _before(month)
        return tuple(found)

    async def close(self, operator: Operator, text: str) -> ReportMonth:
        """Keep the figures of a month (`2026-10`) for good; audited.

        Raises Invalid for what is no month, Conflict while it is not over or once it is closed.
        """
        first = read_month(text)
        await self._days.sum_up()
        await self._revenue.take()
        revenue = tuple(map(_revenue, await self._revenue.month(first)))
        async with self._database.transaction() as session:
            await table.lock(session)
            if await table.month(session, first):
                raise Conflict(CLOSED_ALREADY)
            summed = await table.last(session)
            if summed is None or summed.day < next_month(first) - ONE:
                raise Conflict(NOT_OVER)
            figures = replace(await self._figures(session, first), revenue=revenue)
            row = table.ReportMonthRow(
                month=first,
                zone=self._zone.key,
                figures=orjson.dumps(figures).decode(),
                closed_by=operator.name or operator.id,
                closed_at=self._clock(),
            )
            session.add(row)
            facts = {name: getattr(figures, name) for name in ("requests", "cost_micro")}
            facts |= {f"mrr_{one.currency}": one.closing for one in revenue}
            subject = Subject("month", first.isoformat()[:7])
            note(session, operator, "reports.close_month", subject, Change(after=facts))
        return ReportMonth(first, figures, row.closed_at, row.closed_by)

    async def _figures(self, session: Session, first: date) -> MonthTotals:
        last = next_month(first) - ONE
        since, until = day_begins(first, self._zone), day_begins(last + ONE, self._zone)
        models = await usage_table.by_model(
            session, await stretch_of(session, first, last, self._zone)
        )
        written = await followup_table.written(session, [since, until])
        return MonthTotals(
            requests=sum(one.sums.requests for one in models),
            failed=sum(one.sums.failed for one in models),
            input_tokens=sum(one.sums.input_tokens for one in models),
            output_tokens=sum(one.sums.output_tokens for one in models),
            cost_micro=sum(one.sums.cost_micro for one in models),
            customers=await counts.customers_before(session, until),
            new_customers=sum((await counts.joined(session, [since, until])).values()),
            active_licenses=await counts.active_at(session, until),
            issued_licenses=sum((await counts.issued(session, [since, until])).values()),
            followups=written.all.written,
        )


def next_month(first: date) -> date:
    """The first day of the month after."""
    return (first + timedelta(days=31)).replace(day=1)


def read_month(text: str) -> date:
    """The first day of `2026-10`; raises Invalid."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise Invalid(NO_MONTH, field="month", text=text[:20]) from error


def _before(day: date) -> date:
    """The first day of the month before that day's."""
    return (day.replace(day=1) - ONE).replace(day=1)


def _read(figures: str) -> MonthTotals:
    kept = orjson.loads(figures)
    revenue = tuple(MonthRevenue(**one) for one in kept.pop("revenue", ()))
    return MonthTotals(**kept, revenue=revenue)


def _revenue(month: RevenueMonth) -> MonthRevenue:
    moved, closing = month.flows, month.closing
    return MonthRevenue(
        currency=month.currency,
        opening=rounded(month.opening),
        new=rounded(moved.new),
        reactivation=rounded(moved.reactivation),
        expansion=rounded(moved.expansion),
        contraction=rounded(moved.contraction),
        churn=rounded(moved.churn),
        moved=rounded(moved.currency),
        closing=rounded(closing.mrr),
        trial=rounded(closing.trial),
        committed=rounded(closing.committed),
    )
