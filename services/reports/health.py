"""Whether all is well: checks, each good or bad in words, the bad ones with their cure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from db.reports import business as table
from db.store.session import Session
from services.phrases import Phrase
from services.ports import Clock
from services.reports import health_words as say
from services.reports.days import ONE, SETTLED
from services.reports.panels import Panel, Panels

State = Literal["good", "warn", "bad"]

# Of a limited plan's licenses: from here on somebody should know.
FEW = 0.1
# Fewer calls than that say nothing about a share of them.
ENOUGH_CALLS = 20
TOO_MANY_FAILED = 0.1


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One thing that is well or not; `cure` says what to do, `page` where."""

    name: Phrase
    state: State
    words: Phrase
    values: tuple[tuple[str, int | str], ...] = ()
    page: str = ""

    def text(self, language: str) -> str:
        """What is found, and its cure, as a sentence."""
        return self.words(language, **dict(self.values))


class HealthChecks:
    """Looks for what is wrong in every domain's own rows."""

    def __init__(self, panels: Panels, zone: ZoneInfo, clock: Clock) -> None:
        self._panels = panels
        self._zone = zone
        self._clock = clock

    async def checks(self) -> Panel[tuple[HealthCheck, ...]]:
        """Every check, the bad ones first."""
        now = self._clock()

        async def query(session: Session) -> tuple[HealthCheck, ...]:
            hour, day, week = (now - timedelta(hours=hours) for hours in (1, 24, 24 * 7))
            found = await table.trouble(session, hour, day, week)
            stock = await table.low_stock(session, FEW)
            every = [*_checks(found), *self._figures(found, now), *_stock(stock)]
            order = {"bad": 0, "warn": 1, "good": 2}
            return tuple(sorted(every, key=lambda check: order[check.state]))

        return await self._panels.read(say.CHECKS, say.TABLES, query)

    def _figures(self, found: table.Trouble, now: datetime) -> Iterator[HealthCheck]:
        """Whether days are summed up as they should be."""
        due = (now - SETTLED - timedelta(hours=2)).astimezone(self._zone).date() - ONE
        behind = 0
        if found.summed_day is not None:
            behind = (due - found.summed_day).days
        elif found.oldest_call is not None:
            behind = (due - found.oldest_call.astimezone(self._zone).date()).days + 1
        if behind > 0:
            yield HealthCheck(say.FIGURES, "warn", say.FIGURES_BEHIND, (("n", behind),))
        else:
            yield HealthCheck(say.FIGURES, "good", say.FIGURES_GOOD)


def _checks(found: table.Trouble) -> Iterator[HealthCheck]:
    yield _operations(found)
    yield _emails(found)
    yield _webhooks(found)
    yield _users(found)
    yield _calls(found)
    yield _rollouts(found)
    yield _tenants(found)


def _operations(found: table.Trouble) -> HealthCheck:
    if found.operations_stuck:
        return _bad(say.OPERATIONS, say.OPERATIONS_STUCK, found.operations_stuck)
    if found.operations_failed:
        return _warn(say.OPERATIONS, say.OPERATIONS_FAILED, found.operations_failed)
    return HealthCheck(say.OPERATIONS, "good", say.OPERATIONS_GOOD)


def _emails(found: table.Trouble) -> HealthCheck:
    if found.emails_waiting:
        return _bad(say.EMAILS, say.EMAILS_WAITING, found.emails_waiting)
    if found.emails_failed:
        return _warn(say.EMAILS, say.EMAILS_FAILED, found.emails_failed)
    return HealthCheck(say.EMAILS, "good", say.EMAILS_GOOD)


def _webhooks(found: table.Trouble) -> HealthCheck:
    if found.endpoints_disabled:
        return _bad(say.WEBHOOKS, say.WEBHOOKS_OFF, found.endpoints_disabled)
    if found.endpoints_failing:
        return _warn(say.WEBHOOKS, say.WEBHOOKS_FAILING, found.endpoints_failing)
    return HealthCheck(say.WEBHOOKS, "good", say.WEBHOOKS_GOOD)


def _users(found: table.Trouble) -> HealthCheck:
    page = "/admin/users"
    if found.users_failed:
        return _bad(say.USERS, say.USERS_FAILED, found.users_failed, page)
    if found.users_waiting:
        return _warn(say.USERS, say.USERS_WAITING, found.users_waiting, page)
    return HealthCheck(say.USERS, "good", say.USERS_GOOD, page=page)


def _calls(found: table.Trouble) -> HealthCheck:
    every, page = found.calls + found.calls_failed, "/admin/usage"
    counts = (("failed", found.calls_failed), ("n", every))
    if every >= ENOUGH_CALLS and found.calls_failed > every * TOO_MANY_FAILED:
        return HealthCheck(say.CALLS, "bad", say.CALLS_FAILING, counts, page)
    if not every:
        return HealthCheck(say.CALLS, "good", say.CALLS_NONE, page=page)
    return HealthCheck(say.CALLS, "good", say.CALLS_GOOD, counts, page)


def _rollouts(found: table.Trouble) -> HealthCheck:
    page = "/admin/rollouts"
    if found.rollouts_halted:
        return _bad(say.ROLLOUTS, say.ROLLOUTS_HALTED, found.rollouts_halted, page)
    return HealthCheck(say.ROLLOUTS, "good", say.ROLLOUTS_GOOD, page=page)


def _tenants(found: table.Trouble) -> HealthCheck:
    page = "/admin/tenants"
    if found.tenants_failed:
        return _bad(say.TENANTS, say.TENANTS_FAILED, found.tenants_failed, page)
    return HealthCheck(say.TENANTS, "good", say.TENANTS_GOOD, page=page)


def _stock(low: list[tuple[str, int]]) -> Iterator[HealthCheck]:
    for plan, left in low:
        values = (("plan", plan), ("n", left))
        state: State = "warn" if left else "bad"
        yield HealthCheck(say.STOCK, state, say.STOCK_LOW, values, "/admin/plans")


def _bad(name: Phrase, words: Phrase, count: int, page: str = "") -> HealthCheck:
    return HealthCheck(name, "bad", words, (("n", count),), page)


def _warn(name: Phrase, words: Phrase, count: int, page: str = "") -> HealthCheck:
    return HealthCheck(name, "warn", words, (("n", count),), page)
