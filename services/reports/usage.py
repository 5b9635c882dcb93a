"""Usage of the AI gateway over all licenses: trends, providers, leaders, hours."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from db.reports import usage as table
from db.store.session import Session
from services.clock import day_begins
from services.phrases import Phrase
from services.ports import Clock
from services.reports.days import ONE, days_between, stretch_of
from services.reports.panels import Panel, Panels
from services.reports.ranges import Range

LEADERS = 10
HOURS = 24
HEAT_DAYS = 7

TREND = Phrase(
    "Calls to models that ended well, counted by the day they began, in the time zone {zone}. Days "
    "that are over were summed up from the single calls; the newest are counted right now.",
    "Chiamate ai modelli finite bene, contate nel giorno in cui sono iniziate, nel fuso {zone}. I "
    "giorni trascorsi sono somme delle singole chiamate; i più recenti sono contati ora.",
)
LEADING = Phrase(
    "The same calls added up by license, and by the customer who holds it.",
    "Le stesse chiamate sommate per licenza e per il cliente che la possiede.",
)
LAST_DAY = Phrase(
    "Calls to models that began within the last 24 hours and have ended.",
    "Chiamate ai modelli iniziate nelle ultime 24 ore e già finite.",
)
HEAT = Phrase(
    "Calls of the last seven whole days that ended well, by weekday and hour in the zone {zone}.",
    "Chiamate degli ultimi sette giorni interi finite bene, per giorno e ora nel fuso {zone}.",
)
CALLS, SUMS = "gateway_requests", "report_usage"

# The first day of the bar that a day is in.
BarOf = Callable[[date], date]


@dataclass(frozen=True, slots=True)
class UsageTotals:
    """What calls came to; money is micro-dollars, `estimated` of the requests by our own count."""

    requests: int = 0
    failed: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_micro: int = 0
    estimated: int = 0

    @property
    def tokens(self) -> int:
        """Both kinds."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: "UsageTotals") -> "UsageTotals":
        return UsageTotals(
            self.requests + other.requests,
            self.failed + other.failed,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cost_micro + other.cost_micro,
            self.estimated + other.estimated,
        )


@dataclass(frozen=True, slots=True)
class UsageBar:
    """One day or week, named by its first day; `parts` by provider, in the trend's order."""

    first: date
    parts: tuple[UsageTotals, ...]

    @property
    def total(self) -> UsageTotals:
        """All providers together."""
        return sum(self.parts, UsageTotals())


@dataclass(frozen=True, slots=True)
class UsageTrend:
    """Bars without a gap, oldest first; `models` by (provider, model) over the whole range."""

    wanted: Range
    zone: str
    providers: tuple[str, ...]
    bars: tuple[UsageBar, ...]
    models: tuple[tuple[str, str, UsageTotals], ...]

    @property
    def total(self) -> UsageTotals:
        """The whole range: the sum of its bars."""
        return sum((bar.total for bar in self.bars), UsageTotals())

    def provider(self, number: int) -> UsageTotals:
        """One provider over the whole range."""
        return sum((bar.parts[number] for bar in self.bars), UsageTotals())


@dataclass(frozen=True, slots=True)
class UsageLeader:
    """A license or customer with what it used; `name` and `plan` are "" for what was deleted."""

    id: str
    name: str
    plan: str
    used: UsageTotals


@dataclass(frozen=True, slots=True)
class UsageLeaders:
    """Licenses with the most tokens, customers with the highest cost."""

    licenses: tuple[UsageLeader, ...]
    customers: tuple[UsageLeader, ...]


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last 24 hours: calls by hour, oldest first, up to `until`, and those that failed."""

    until: datetime
    hours: tuple[int, ...]
    failed: int

    @property
    def requests(self) -> int:
        """Those that ended well."""
        return sum(self.hours)


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Calls by weekday, Monday first, and hour."""

    zone: str
    rows: tuple[tuple[int, ...], ...]


class UsageFigures:
    """Reads what all licenses used."""

    def __init__(self, panels: Panels, zone: ZoneInfo, clock: Clock) -> None:
        self._panels = panels
        self._zone = zone
        self._clock = clock

    def today(self) -> date:
        """The business's day now."""
        return self._clock().astimezone(self._zone).date()

    def last_days(self, count: int) -> Range:
        """So many days up to today."""
        today = self.today()
        return Range(today - (count - 1) * ONE, today)

    async def daily(self, wanted: Range) -> Panel[UsageTrend]:
        """A bar a day."""
        return await self._trend(wanted, lambda day: day)

    async def weekly(self, wanted: Range) -> Panel[UsageTrend]:
        """A bar a week from Monday to Sunday; the first and the last may be parts of one."""
        return await self._trend(wanted, lambda day: day - day.weekday() * ONE)

    async def leaders(self, wanted: Range) -> Panel[UsageLeaders]:
        """Who used the most."""

        async def query(session: Session) -> UsageLeaders:
            days = await stretch_of(session, wanted.first, wanted.last, self._zone)
            rows = await table.leaders(session, days, LEADERS)
            kinds = {
                kind: tuple(
                    UsageLeader(row.id, row.name, row.plan, UsageTotals(*row.sums))
                    for row in rows
                    if row.kind == kind
                )
                for kind in ("license", "customer")
            }
            return UsageLeaders(kinds["license"], kinds["customer"])

        tables = (SUMS, CALLS, "licenses", "customers")
        return await self._panels.read(LEADING, tables, query)

    async def last_day(self) -> Panel[LastDay]:
        """The last 24 hours, whatever the zone."""
        until = self._clock()
        bounds = [until - timedelta(hours=HOURS - n) for n in range(HOURS + 1)]

        async def query(session: Session) -> LastDay:
            found = await table.by_hour(session, bounds)
            hours = tuple(found.get(n, (0, 0))[0] for n in range(HOURS))
            return LastDay(until, hours, sum(failed for _, failed in found.values()))

        return await self._panels.read(LAST_DAY, (CALLS,), query)

    async def heat(self) -> Panel[HeatMap]:
        """When in the week people ask."""
        today, zone = self.today(), self._zone
        since, until = day_begins(today - HEAT_DAYS * ONE, zone), day_begins(today, zone)

        async def query(session: Session) -> HeatMap:
            found = await table.by_weekday(session, zone.key, since, until)
            rows = tuple(
                tuple(found.get((day, hour), 0) for hour in range(HOURS)) for day in range(1, 8)
            )
            return HeatMap(zone.key, rows)

        return await self._panels.read(_zoned(HEAT, zone), (CALLS,), query)

    async def _trend(self, wanted: Range, bar_of: BarOf) -> Panel[UsageTrend]:
        async def query(session: Session) -> UsageTrend:
            days = await stretch_of(session, wanted.first, wanted.last, self._zone)
            rows = await table.by_model(session, days)
            return trend(wanted, self._zone.key, rows, bar_of)

        words = _zoned(TREND, self._zone)
        return await self._panels.read(words, ("report_models", CALLS), query)


def trend(wanted: Range, zone: str, rows: Iterable[table.ModelDay], bar_of: BarOf) -> UsageTrend:
    """The rows as bars; providers with the most calls come first."""
    by_model: dict[tuple[str, str], UsageTotals] = {}
    by_bar: dict[tuple[date, str], UsageTotals] = {}
    calls: Counter[str] = Counter()
    for row in rows:
        used, model = UsageTotals(*row.sums), (row.provider, row.model)
        bar = (bar_of(row.day), row.provider)
        by_model[model] = by_model.get(model, UsageTotals()) + used
        by_bar[bar] = by_bar.get(bar, UsageTotals()) + used
        calls[row.provider] += used.requests
    providers = tuple(sorted(calls, key=lambda name: (-calls[name], name)))
    firsts = dict.fromkeys(map(bar_of, days_between(wanted.first, wanted.last)))
    bars = tuple(
        UsageBar(first, tuple(by_bar.get((first, name), UsageTotals()) for name in providers))
        for first in firsts
    )
    ranked = sorted(by_model.items(), key=lambda one: (-one[1].cost_micro, one[0]))
    models = tuple((provider, model, used) for (provider, model), used in ranked)
    return UsageTrend(wanted, zone, providers, bars, models)


def _zoned(words: Phrase, zone: ZoneInfo) -> Phrase:
    return Phrase(words.en.format(zone=zone.key), words.it.format(zone=zone.key))
