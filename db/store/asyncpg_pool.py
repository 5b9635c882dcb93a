"""The hot path's own way to PostgreSQL: plain asyncpg connections, and one that listens."""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from time import monotonic
from typing import Any

from asyncpg import Connection, InternalClientError, PostgresError, Record

from db.store.budget import HOT
from db.store.postgres import connect
from db.store.reach import DatabaseUnavailable, connecting
from db.store.session import APPLICATION_NAME

CONNECT_SECONDS = 5
# Whoever waits on the hot path would rather be told: a lock is held for milliseconds here.
ANSWER = timedelta(seconds=5)
SETTINGS = {
    "application_name": APPLICATION_NAME,
    "timezone": "UTC",
    "jit": "off",
    # Plans are made once per connection, perhaps on empty tables: everything here goes by an index.
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_material": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_hashagg": "off",
    # Nobody waits for the disk here. What must outlive a power cut says so in its statement.
    "synchronous_commit": "off",
}
HEARTBEAT_SECONDS = 0.5
HEARTBEAT_ANSWER_SECONDS = 1.0
SPEAK = "SELECT pg_notify($1, '')"

OnNotify = Callable[[str], None]


class AsyncpgPool:
    """A few connections that keep their prepared statements, without a session's cost.

    One round trip per `fetch`, each a transaction of its own. Made in the loop that uses it.
    """

    def __init__(self, url: str, *, size: int = HOT, answer: timedelta = ANSWER) -> None:
        """Connects on first use; `url` may be any PostgreSQL URL, whatever driver it names."""
        self._url = url
        self._answer = answer.total_seconds()
        self._room = asyncio.Semaphore(size)
        self._idle: list[Connection] = []
        self._listener = NotificationListener(self._connect)

    async def start(self) -> None:
        """Begin to listen; never raises, PostgreSQL may come later."""
        self._listener.start()

    async def close(self) -> None:
        """Stop listening and hang up; a `fetch` afterwards would connect again."""
        await self._listener.stop()
        while self._idle:
            self._idle.pop().terminate()

    async def fetch(self, sql: str, *values: object) -> list[Record]:
        """The rows of one statement, prepared once per connection.

        Raises DatabaseUnavailable when PostgreSQL cannot be reached or does not answer within
        seconds: what was asked for may have happened then. asyncpg's other errors pass unchanged.
        """
        async with self._room:
            with connecting():
                connection = self._idle_connection() or await self._connect()
                try:
                    rows: list[Record] = await connection.fetch(sql, *values, timeout=self._answer)
                except PostgresError:
                    self._idle.append(connection)
                    raise
                except InternalClientError as error:
                    # The server's good-bye was read, but not yet that it has hung up.
                    connection.terminate()
                    raise DatabaseUnavailable("the database went away") from error
                except BaseException:
                    # Nobody knows what it still waits for.
                    connection.terminate()
                    raise
                self._idle.append(connection)
                return rows

    def listen(self, channel: str, callback: OnNotify) -> None:
        """Have `callback(payload)` called for every NOTIFY on `channel`, soon after its commit."""
        self._listener.channels.setdefault(channel, []).append(callback)

    @property
    def listening(self) -> bool:
        """Whether notifications of every channel arrive now."""
        return self._listener.since is not None

    @property
    def listening_since(self) -> float | None:
        """`time.monotonic()` of when they began to arrive: older knowledge may have missed some."""
        return self._listener.since

    def _idle_connection(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            # asyncpg sees at once that a server hung up.
            if not connection.is_closed():
                return connection
        return None

    async def _connect(self) -> Connection:
        return await connect(
            self._url, SETTINGS, seconds=CONNECT_SECONDS, max_cached_statement_lifetime=0
        )


class NotificationListener:
    """One connection that listens, and says something every half second to hear it.

    Only what is heard proves that one hears: a pooler in between may answer any question and keep
    every notification.
    """

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._task: asyncio.Task[None] | None = None
        self.channels: dict[str, list[OnNotify]] = {}
        self.since: float | None = None

    def start(self) -> None:
        """Begin to listen; once is enough."""
        if self._task is None:
            self._task = asyncio.create_task(self._attend())

    async def stop(self) -> None:
        """Listen no more, and give the connection back."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _attend(self) -> None:
        while True:
            # A refused log-in may be cured as well: nobody else would try again.
            with suppress(DatabaseUnavailable, PostgresError), connecting():
                connection = await self._connect()
                try:
                    await self._hear(connection)
                finally:
                    self.since = None
                    connection.terminate()
            await asyncio.sleep(HEARTBEAT_SECONDS)

    async def _hear(self, connection: Connection) -> None:
        own, spoken = f"ear_{secrets.token_hex(8)}", asyncio.Event()
        await connection.add_listener(own, lambda *_: spoken.set())
        heard: set[str] = set()
        while True:
            for channel in self.channels.keys() - heard:
                self.since = None
                await connection.add_listener(channel, self._tell)
                heard.add(channel)
            spoken.clear()
            async with asyncio.timeout(HEARTBEAT_ANSWER_SECONDS):
                await connection.fetch(SPEAK, own)
                await spoken.wait()
            self.since = self.since or monotonic()
            await asyncio.sleep(HEARTBEAT_SECONDS)

    def _tell(self, _connection: object, _pid: int, channel: str, payload: object) -> None:
        for callback in self.channels.get(channel, ()):
            callback(str(payload))
