"""Applies migrations to tenants' databases, one at a time each, whoever else tries."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from asyncpg import Connection

from integrations.databases import ConnectionParts
from integrations.tenant_databases import journal
from integrations.tenant_databases.apply import Whereabouts, perform
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.errors import TenantUnreachable, unreachable
from integrations.tenant_databases.fingerprint import fingerprint, quick_hash
from integrations.tenant_databases.outcomes import (
    AlreadyApplied,
    Fingerprint,
    JournalEntry,
    Outcome,
    TenantBusy,
    TenantDeferred,
    TenantLimits,
    TenantOrder,
)
from integrations.tenant_databases.verdicts import FAILURES, verdict, worth_another_try

APPLICATION = "seguito rollouts"
Sleep = Callable[[float], Awaitable[None]]


class MigrationRunner:
    """The protocol of rollouts for one tenant; safe in any number of processes at once."""

    def __init__(
        self,
        connections: TenantConnections,
        *,
        sleep: Sleep = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """`jitter`: from 0 to 1, spreads those who try again."""
        self._connections = connections
        self._sleep = sleep
        self._jitter = jitter

    async def apply(self, parts: ConnectionParts, order: TenantOrder) -> Outcome:
        """Apply it once, whoever else tries and however often this is called.

        Takes as long as its statements; when the tenant is busy, locked or away, as long as
        `limits.tries`. Raises nothing for what the database does.
        """
        for tries in range(1, order.limits.tries + 1):
            outcome, again = await self._once(parts, order)
            if not again or tries == order.limits.tries:
                return _counted(outcome, tries)
            await self._sleep(self._wait(order.limits, tries))
        raise ValueError("tries must be at least 1")

    async def journal(self, parts: ConnectionParts) -> tuple[JournalEntry, ...]:
        """The tenant's own journal, oldest first; raises Unreachable."""
        async with self._reading(parts) as connection:
            return await journal.entries(connection)

    async def fingerprint(self, parts: ConnectionParts, *, lines: bool = False) -> Fingerprint:
        """The schema as it is now, with lines and quick hash if wanted; raises Unreachable."""
        async with self._reading(parts) as connection:
            return await fingerprint(connection, lines=lines)

    async def quick_hash(self, parts: ConnectionParts) -> str:
        """Equal to an earlier one of the same database: its schema is what it was. Milliseconds.

        Raises Unreachable.
        """
        async with self._reading(parts) as connection:
            return await quick_hash(connection)

    async def _once(self, parts: ConnectionParts, order: TenantOrder) -> tuple[Outcome, bool]:
        whereabouts, within = Whereabouts(), order.limits.connect_timeout
        try:
            async with self._connections.connect(parts, name=APPLICATION, within=within) as opened:
                outcome = await perform(opened, parts.mode, order, whereabouts)
        except FAILURES as error:
            outcome = verdict(error, whereabouts.statement)
            return outcome, worth_another_try(outcome, error)
        return outcome, worth_another_try(outcome, None)

    def _wait(self, limits: TenantLimits, tries: int) -> float:
        longest = limits.longest_wait.total_seconds()
        wait = min(longest, limits.first_wait.total_seconds() * 2.0 ** (tries - 1))
        return wait * (0.5 + self._jitter() / 2)

    @asynccontextmanager
    async def _reading(self, parts: ConnectionParts) -> AsyncIterator[Connection]:
        try:
            async with self._connections.connect(parts, name=APPLICATION) as connection:
                yield connection
        except FAILURES as error:
            told = error if isinstance(error, TenantUnreachable) else unreachable(error)
            if told is None:
                raise
            raise told from None


def _counted(outcome: Outcome, tries: int) -> Outcome:
    if isinstance(outcome, TenantBusy | TenantDeferred):
        return replace(outcome, tries=tries)
    # Its own earlier try, whose reply was lost, is what it finds done.
    return replace(outcome, tries=tries) if isinstance(outcome, AlreadyApplied) else outcome
