"""Invented calls to models: each of the last month, and before that their sums by day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from db.reports.history import TableRows

CALL_DAYS = 30
ONE = timedelta(days=1)
PRICES = "history"
# Calls a working day of a license of this plan, on average.
DAILY = {"pro": 4, "agency": 14, "founders": 5}
WEEKEND = 0.3
FAILED = 0.012
# Provider, model, share, micro-dollars a call.
MODELS = (
    ("openai", "gpt-5.4-mini", 46, 2_300),
    ("anthropic", "claude-haiku-5-5", 30, 1_900),
    ("anthropic", "claude-sonnet-5-5", 9, 21_000),
    ("deepseek", "deepseek-flash", 15, 900),
)
# When people ask: hours of a day, in UTC, with their weights.
HOURS = (1, 1, 0, 0, 0, 1, 3, 9, 14, 16, 15, 10, 8, 13, 15, 14, 11, 7, 4, 3, 3, 2, 2, 1)
DAY = ("day", "zone", "began", "ended", "summed_at")
SUMS = (
    *("day", "license_id", "provider", "model", "requests", "failed", "input_tokens"),
    *("output_tokens", "cost_micro", "estimated"),
)
CALL = (
    *("id", "license_id", "day", "state", "held_at", "ended_at", "provider", "model"),
    *("input_tokens", "output_tokens", "cached_tokens", "cost_micro", "price_version"),
    *("estimated", "streamed", "disconnected", "reason"),
)
Record = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Sold:
    """A license that was invented, as far as its usage needs it; `until` is when it stopped."""

    id: str
    plan: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Burst:
    """Calls of one license on one day with one model."""

    day: date
    license_id: str
    model: tuple[str, str, int, int]
    count: int


def invent_usage(chance: Random, sold: Sequence[Sold], now: datetime) -> list[TableRows]:
    """Days that are summed up, their sums, and the single calls after them."""
    first = min(one.since for one in sold).date()
    calls_from = now.date() - CALL_DAYS * ONE
    sums: list[Record] = []
    calls: list[Record] = []
    for one in sold:
        habit = chance.lognormvariate(0, 0.7)
        for burst in _bursts(chance, one, habit, now):
            if burst.day < calls_from:
                sums.append(_sum(chance, burst))
            else:
                calls.extend(_calls(chance, burst, now))
    days = [_day(first + n * ONE) for n in range((calls_from - first).days)]
    return [
        TableRows("report_days", DAY, days),
        TableRows("report_usage", SUMS, sums),
        TableRows("gateway_requests", CALL, calls),
    ]


def _bursts(chance: Random, one: Sold, habit: float, now: datetime) -> Iterator[Burst]:
    if one.plan not in DAILY:
        return
    for n in range((one.until.date() - one.since.date()).days + 1):
        day = one.since.date() + n * ONE
        usual = DAILY[one.plan] * habit * (WEEKEND if day.weekday() >= 5 else 1)
        # More each month: people get used to it.
        count = round(chance.gauss(usual, usual / 3) * (1 - (now.date() - day).days / 800))
        for model in MODELS:
            share = round(count * model[2] / 100 * chance.uniform(0.6, 1.4))
            if share > 0:
                yield Burst(day, one.id, model, share)


def _sum(chance: Random, burst: Burst) -> Record:
    provider, name, _, cost = burst.model
    each_in, each_out = chance.randint(700, 1_900), chance.randint(150, 500)
    money = round(burst.count * cost * chance.uniform(0.8, 1.2))
    tokens = (burst.count * each_in, burst.count * each_out)
    return (burst.day, burst.license_id, provider, name, burst.count, 0, *tokens, money, 0)


def _calls(chance: Random, burst: Burst, now: datetime) -> Iterator[Record]:
    provider, name, _, cost = burst.model
    midnight = datetime.combine(burst.day, time(), UTC)
    for _ in range(burst.count):
        hour = chance.choices(range(24), HOURS)[0]
        at = midnight + timedelta(hours=hour, seconds=chance.randrange(3_600))
        if at > now - timedelta(minutes=2):
            continue
        call_id, length = UUID(int=chance.getrandbits(128)), timedelta(seconds=chance.uniform(1, 9))
        asked = (call_id, burst.license_id, burst.day)
        if chance.random() < FAILED:
            ends = ("failed", at, at + length, provider, name, 0, 0, 0, 0, "", False, False, False)
            yield (*asked, *ends, "provider_error")
            continue
        tokens = (chance.randint(300, 2_400), chance.randint(60, 700), 0)
        money = round(cost * chance.uniform(0.6, 1.4))
        told = (False, chance.random() < 0.7, False, "")
        yield (*asked, "settled", at, at + length, provider, name, *tokens, money, PRICES, *told)


def _day(day: date) -> Record:
    began = datetime.combine(day, time(), UTC)
    return (day, "UTC", began, began + ONE, began + ONE + timedelta(hours=7))
