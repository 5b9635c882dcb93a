"""The PostgreSQL on which projects live, and what may be done to any tenant's database there."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg

from integrations.sandbox.supabase_management.errors import NoServer

# Projects', and those that the product makes on its own cluster; nothing else is shown or touched.
TENANTS = (
    "SELECT datname AS name, datallowconn AS accepts FROM pg_database"
    " WHERE datname LIKE 'project\\_%' OR datname LIKE 'seguito-%' ORDER BY datname"
)
END = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = $1 AND pid <> pg_backend_pid()"
)
TABLES = (
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables"
    " WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'seguito') ORDER BY 1"
)
BUSY = (asyncpg.ObjectInUseError, asyncpg.InternalServerError)
TRIES = 20
PAUSE = 0.1  # seconds


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server listens."""

    host: str
    port: int


class Server:
    """`url` of any of its databases, as a superuser; "" when there is none."""

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)
        self._locks: dict[str, asyncpg.Connection] = {}

    @property
    def place(self) -> Place:
        """Host and port. NoServer."""
        if not self._parts.hostname:
            raise NoServer
        return Place(unquote(self._parts.hostname), self._parts.port or 5432)

    @property
    def url(self) -> str:
        """Of its database `postgres`; "" without a server."""
        return urlunsplit(self._parts._replace(path="/postgres")) if self._parts.hostname else ""

    async def make(self, database: str, role: str, password: str) -> None:
        """A database of its own and the role it belongs to."""
        secret = password.replace("'", "''")
        await self._do(f"CREATE ROLE \"{role}\" LOGIN CREATEROLE PASSWORD '{secret}'")
        await self._do(f'CREATE DATABASE "{database}" OWNER "{role}" TEMPLATE template0')

    async def drop(self, database: str, role: str = "") -> None:
        """Both, with whoever is connected."""
        await self.unlock(database)
        await self._do(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        if role:
            await self._do(f'DROP ROLE IF EXISTS "{role}"')

    async def accept(self, database: str, *, connections: bool) -> None:
        """Take connections, or none and end those there are."""
        word = "true" if connections else "false"
        await self._do(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS {word}')
        if not connections:
            await self._do(END, database)

    async def tenants(self) -> list[dict[str, object]]:
        """Every tenant's database: its name, whether it accepts connections, what is locked."""
        if not self.url:
            return []
        connection = await asyncpg.connect(self.url)
        try:
            rows = await connection.fetch(TENANTS)
        finally:
            await connection.close()
        return [{**row, "locked": row["name"] in self._locks} for row in rows]

    async def lock(self, database: str) -> str:
        """Hold a lock on its first table in a transaction that does not end; the table's name."""
        await self.unlock(database)
        connection = await asyncpg.connect(urlunsplit(self._parts._replace(path=f"/{database}")))
        table = await connection.fetchval(TABLES)
        if table is None:
            await connection.close()
            return ""
        self._locks[database] = connection
        await connection.execute(f"BEGIN; LOCK TABLE {table} IN ACCESS SHARE MODE")
        return str(table)

    async def unlock(self, database: str) -> None:
        """Let the lock go."""
        connection = self._locks.pop(database, None)
        if connection is not None:
            with suppress(asyncpg.PostgresError, OSError):
                await connection.close(timeout=1)

    async def close(self) -> None:
        """Let every lock go."""
        for database in tuple(self._locks):
            await self.unlock(database)

    async def _do(self, statement: str, *values: object) -> None:
        """In a connection of its own; again while somebody is in the way."""
        if not self.url:
            raise NoServer
        connection = await asyncpg.connect(self.url)
        try:
            for _ in range(TRIES):
                with suppress(*BUSY):
                    await connection.execute(statement, *values)
                    return
                await asyncio.sleep(PAUSE)
        finally:
            await connection.close()
