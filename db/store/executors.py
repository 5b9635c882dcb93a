"""Which processes that run jobs are alive: each holds an advisory lock named by its executor id."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from asyncpg import Connection

from db.store.jobs import APPLICATION
from db.store.postgres import connect
from db.store.reach import DatabaseUnavailable, connecting

ANSWER_SECONDS = 10
# A vanished machine must free its lock soon; TCP's own default is two hours.
KEEPALIVE = {
    "application_name": f"{APPLICATION} presence",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
}
# Keeps these locks apart from other uses of advisory locks in the same database.
SEED = 20_261_121
HOLD = "SELECT pg_advisory_lock(hashtextextended($1, $2))"
# The transaction-scoped lock ends with its statement: this only looks whether it was free.
ABSENT = """
    SELECT executor_id
    FROM (
        SELECT DISTINCT executor_id FROM dbos.workflow_status
        WHERE status = 'PENDING' AND executor_id <> $1 AND application_name = $3
    ) AS busy
    WHERE pg_try_advisory_xact_lock(hashtextextended(executor_id, $2))
"""


class Presence:
    """This process's own lock, and a look at who left work behind without holding theirs."""

    def __init__(self, url: str, executor_id: str) -> None:
        self._url = url
        self._executor_id = executor_id
        self._connection: Connection | None = None

    async def hold(self) -> None:
        """Take our lock, again if its connection was lost; raises DatabaseUnavailable."""
        async with self._reach():
            await self._connected()

    async def absent(self) -> frozenset[str]:
        """Executors with work in hand whose lock is free right now; raises DatabaseUnavailable."""
        async with self._reach():
            connection = await self._connected()
            rows = await connection.fetch(ABSENT, self._executor_id, SEED, APPLICATION)
        return frozenset(row["executor_id"] for row in rows)

    async def release(self) -> None:
        """Give our lock back: whatever we still had in hand goes to the others."""
        connection, self._connection = self._connection, None
        if connection is not None:
            # Not close(): that waits for an answer from a server that may be gone.
            connection.terminate()

    async def _connected(self) -> Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await connect(
                self._url, KEEPALIVE, seconds=ANSWER_SECONDS, command_timeout=ANSWER_SECONDS
            )
            await self._connection.execute(HOLD, self._executor_id, SEED)
        return self._connection

    @asynccontextmanager
    async def _reach(self) -> AsyncIterator[None]:
        try:
            with connecting():
                yield
        except DatabaseUnavailable:
            # A connection that failed once may have lost the lock: begin anew.
            await self.release()
            raise
