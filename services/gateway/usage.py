"""What a license has used: this month as it stands, and day by day, exactly as it was metered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from db.gateway import ledger as calls
from db.gateway import usage as sums
from db.gateway.months import month_of, next_month
from db.store.session import Database
from services.gateway.ledger import Ledger
from services.ports import Clock

# Sums are kept for good; single calls as long as anybody asks about them.
CALLS_KEPT = timedelta(days=100)


@dataclass(frozen=True, slots=True)
class UsageSums:
    """Calls that ended well; `estimated` of them by our own count. Money is micro-dollars."""

    requests: int
    input_tokens: int
    output_tokens: int
    cost_micro: int
    estimated: int


@dataclass(frozen=True, slots=True)
class DayUse:
    """One day (UTC) with one model."""

    day: date
    provider: str
    model: str
    used: UsageSums


@dataclass(frozen=True, slots=True)
class Report:
    """A license's usage: `month` is its first day, `held` are calls under way, days newest first.

    `month_days` are the days of this month, whatever `days` was asked for.
    """

    month: date
    used: int
    held: int
    input_tokens: int
    output_tokens: int
    cost_micro: int
    resets_at: datetime
    days: tuple[DayUse, ...]
    month_days: tuple[DayUse, ...]


class UsageReports:
    """Reading the sums that the ledger keeps."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock

    async def report(self, license_id: str, days: int) -> Report:
        """This month, and so many days up to today; what was settled in this process is in it."""
        await self._ledger.caught_up()
        now = self._clock().astimezone(UTC)
        month, since = month_of(now).date(), now.date() - timedelta(days=days - 1)
        async with self._database.transaction() as session:
            found = await sums.of_month(session, license_id, month)
            rows = await sums.of_days(session, license_id, min(month, since))
        every = tuple(_day(row) for row in rows)
        return Report(
            month=month,
            used=found.used if found else 0,
            held=found.held if found else 0,
            input_tokens=found.input_tokens if found else 0,
            output_tokens=found.output_tokens if found else 0,
            cost_micro=found.cost_micro if found else 0,
            resets_at=next_month(now),
            days=tuple(one for one in every if one.day >= since),
            month_days=tuple(one for one in every if one.day >= month),
        )

    async def forget_calls(self) -> None:
        """Drop single calls that ended long ago; their sums stay."""
        before = self._clock().astimezone(UTC).date() - CALLS_KEPT
        async with self._database.transaction() as session:
            await calls.forget_before(session, before)


def total(days: Iterable[DayUse]) -> UsageSums:
    """Several days or models together."""
    parts = [one.used for one in days]
    return UsageSums(
        requests=sum(part.requests for part in parts),
        input_tokens=sum(part.input_tokens for part in parts),
        output_tokens=sum(part.output_tokens for part in parts),
        cost_micro=sum(part.cost_micro for part in parts),
        estimated=sum(part.estimated for part in parts),
    )


def _day(row: sums.UsageDay) -> DayUse:
    used = UsageSums(
        requests=row.requests,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        cost_micro=row.cost_micro,
        estimated=row.estimated,
    )
    return DayUse(row.day, row.provider, row.model, used)
