"""Applies one migration to one tenant's database by an open connection: the protocol, once.

Read `docs/dev/rollouts.md` beside it. Whatever it raises is asyncpg's; `Whereabouts` says where.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from asyncpg import Connection, PostgresError, PostgresLogMessage

from integrations.databases import ConnectionMode
from integrations.tenant_databases import journal
from integrations.tenant_databases.alone import foreign, run_alone
from integrations.tenant_databases.errors import state_of
from integrations.tenant_databases.fingerprint import difference, major_of, read_fingerprint
from integrations.tenant_databases.migrations import Script, Segment
from integrations.tenant_databases.outcomes import (
    Applied,
    Expectation,
    Fingerprint,
    Outcome,
    SchemaDifference,
    SchemaDrifted,
    StatementFailed,
    TenantBusy,
    TenantOrder,
)

SAVEPOINT = "seguito_end"
# How soon the server notices that we were killed, and lets go of our locks.
CHECK_INTERVAL = timedelta(milliseconds=500)
# What a reply may take beyond the server's own limits.
WIRE = timedelta(seconds=30)
HIDDEN_COMMIT = "This statement ended the transaction that it ran in."
NO_WAY_BACK = "This migration has no SQL for the way back."
POOLED = "It runs outside a transaction, which a transaction pooler does not allow."


class Whereabouts:
    """How far it came, for whoever catches the error: the statement's number, 0 for our own.

    Hears the fingerprints that the server tells while it works.
    """

    def __init__(self) -> None:
        self.statement = 0
        self.told = {"before": "", "after": ""}

    def hear(self, _: Connection, message: PostgresLogMessage) -> None:
        """What the server says besides its replies."""
        text = str(message.message)
        if text.startswith(journal.TOLD):
            when, _, value = text.removeprefix(journal.TOLD).partition(" ")
            self.told[when] = value


async def perform(
    connection: Connection, mode: ConnectionMode, order: TenantOrder, whereabouts: Whereabouts
) -> Outcome:
    """Apply it, or find that it is done, or that it must not be."""
    script = order.migration.script(order.direction)
    if script is None:
        return StatementFailed(0, "", NO_WAY_BACK)
    connection.add_log_listener(whereabouts.hear)
    run = _Run(connection, order, script, whereabouts)
    if script.transactional:
        return await run.whole()
    if mode is ConnectionMode.TRANSACTION:
        first = next(one.first for one in script.segments if one.mode == "alone")
        return StatementFailed(first, "", POOLED)
    return await run.by_segments()


@dataclass(frozen=True, slots=True)
class _Run:
    connection: Connection
    order: TenantOrder
    script: Script
    whereabouts: Whereabouts

    async def whole(self) -> Outcome:
        """One transaction: opening, statement by statement, closing. Nothing of it is left else."""
        try:
            await self._send(self._begin() + self._opening())
        except PostgresError as error:
            return await self._drifted_before(error)
        for segment in self.script.segments:
            if failed := await self._statements(segment):
                return failed
        last = self.script.segments[-1] if self.script.segments else None
        return await self._close(last)

    async def by_segments(self) -> Outcome:
        """What runs alone cannot be taken back: each segment leaves its rows, a repeat goes on."""
        limits = self.order.limits
        await self._send(
            _settings("SET", limits.lock_timeout_alone, limits.statement_timeout_alone)
        )
        locked = await self.connection.fetchval(
            "SELECT pg_try_advisory_lock($1, $2)", *journal.TENANT_LOCK
        )
        if not locked:
            return TenantBusy()
        try:
            await self._send(self._begin() + self._opening() + "COMMIT")
        except PostgresError as error:
            return await self._drifted_before(error)
        done, begun = await journal.progress(self.connection, self.order)
        for segment in self.script.segments:
            if segment.first in done:
                continue
            if stopped := await self._segment(segment, again=segment.first in begun):
                return stopped
        # A step of its own: a kill between the last statement and "done" is repaired by a repeat.
        self.whereabouts.statement = 0
        await self._send(self._begin())
        return await self._close(None)

    async def _segment(self, segment: Segment, *, again: bool) -> Outcome | None:
        if segment.mode == "transaction":
            await self._send(self._begin())
            if failed := await self._statements(segment):
                return failed
            self.whereabouts.statement = 0
            await self._send(journal.wrote(self.order, self.script, segment) + "COMMIT")
            return None
        self.whereabouts.statement = segment.first
        statement = segment.statements[0]
        # Only then the intent: what was there before it is not ours.
        if not again and (found := await foreign(self.connection, statement)):
            return await self._found_foreign(found)
        await self._send(journal.intends(self.order, self.script, segment.first))
        patience = self.order.limits.statement_timeout_alone + WIRE
        await run_alone(self.connection, statement, again, patience)
        await self._send(journal.wrote(self.order, self.script, segment))
        return None

    async def _statements(self, segment: Segment) -> Outcome | None:
        limits = self.order.limits
        patience = limits.statement_timeout + WIRE
        for number, statement in enumerate(segment.statements, segment.first):
            self.whereabouts.statement = number
            await self.connection.execute(statement.sql, timeout=patience.total_seconds())
            if not self.connection.is_in_transaction():
                return StatementFailed(number, "", HIDDEN_COMMIT)
        self.whereabouts.statement = 0
        return None

    async def _close(self, segment: Segment | None) -> Outcome:
        closing = journal.closing(self.order, self.script, segment, self._expected("after"))
        try:
            await self._send(f"SAVEPOINT {SAVEPOINT};{closing}COMMIT")
        except PostgresError as error:
            if state_of(error) != journal.DRIFTED_AFTER:
                raise
            await self._send(f"ROLLBACK TO SAVEPOINT {SAVEPOINT}")
            found = await read_fingerprint(self.connection, lines=True)
            await self._send("ROLLBACK")
            wanted = self._expectation().after
            kept = not self.script.transactional
            return SchemaDrifted("after", found, difference(found, wanted), kept=kept)
        major, told = major_of(self.connection), self.whereabouts.told
        return Applied(Fingerprint(major, told["before"]), Fingerprint(major, told["after"]))

    async def _drifted_before(self, error: PostgresError) -> Outcome:
        if state_of(error) != journal.DRIFTED_BEFORE:
            raise error
        await self._send("ROLLBACK;" + self._begin())
        found = await read_fingerprint(self.connection, lines=True)
        await self._send("ROLLBACK")
        return SchemaDrifted("before", found, difference(found, self._expectation().before))

    async def _found_foreign(self, found: str) -> Outcome:
        await self._send(self._begin())
        schema = await read_fingerprint(self.connection, lines=True)
        await self._send("ROLLBACK")
        kept = self.whereabouts.statement > 1
        return SchemaDrifted("before", schema, SchemaDifference((found,)), kept=kept)

    def _begin(self) -> str:
        limits = self.order.limits
        ours = _settings("SET LOCAL", limits.lock_timeout, limits.statement_timeout)
        idle = _milliseconds(limits.idle_timeout)
        return f"BEGIN;{ours}SET LOCAL idle_in_transaction_session_timeout = {idle};"

    def _opening(self) -> str:
        return journal.opening(self.order, self.script, self._expected("before"))

    def _expectation(self) -> Expectation:
        return self.order.expected.get(major_of(self.connection), Expectation())

    def _expected(self, when: str) -> str:
        expectation = self._expectation()
        wanted = expectation.before if when == "before" else expectation.after
        return wanted.hash if wanted else ""

    async def _send(self, sql: str) -> None:
        """One round trip, however many statements."""
        limits = self.order.limits
        patience = limits.statement_timeout + limits.lock_timeout + WIRE
        await self.connection.execute(sql, timeout=patience.total_seconds())


def _settings(how: str, lock: timedelta, statement: timedelta) -> str:
    values: Iterable[tuple[str, timedelta]] = (
        ("lock_timeout", lock),
        ("statement_timeout", statement),
        ("client_connection_check_interval", CHECK_INTERVAL),
    )
    return "".join(f"{how} {name} = {_milliseconds(value)};" for name, value in values)


def _milliseconds(length: timedelta) -> int:
    return max(1, length // timedelta(milliseconds=1))
