"""One bare connection to PostgreSQL, and the question whether it keeps a session of its own."""

import asyncio
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import asyncpg
import psycopg
from asyncpg import ClientConfigurationError, Connection, PostgresError
from psycopg.conninfo import make_conninfo

from db.store.reach import connecting
from db.store.urls import parse

CONNECT_SECONDS = 10.0
# What one more try will not cure: malformed, not let in, no such database, not allowed there.
REFUSALS = ("08P01", "22", "28", "3D", "42")
# Each try is three transactions; others may be at work in the same pooler.
TRIES = 3
SESSION = "SELECT pg_backend_pid()"
POOLED = (
    "this is a pooler in transaction mode, which loses locks and notifications. Use the direct or"
    " the session address: on Neon without “-pooler”, on Supabase with port 5432, for PgBouncer"
    " pool_mode=session"
)


class DatabaseRefused(Exception):
    """PostgreSQL answers, but we cannot work with it; the text says why."""


async def connect(
    url: str, settings: Mapping[str, str], *, seconds: float = CONNECT_SECONDS, **options: Any
) -> Connection:
    """A connection with these settings of ours; an application_name in the URL comes first.

    `seconds`: to connect in, unless the URL says. Raises what asyncpg and the socket raise.
    """
    arguments = {"timeout": seconds, **parse(url).for_asyncpg(), **options}
    ours = dict(settings)
    if name := ours.pop("application_name", ""):
        arguments["server_settings"] = {"application_name": name, **arguments["server_settings"]}
    connection = await asyncpg.connect(**arguments)
    if ours:
        # Not while connecting: poolers refuse what they do not know there.
        statements = "; ".join(f"SET {name} = '{value}'" for name, value in ours.items())
        try:
            await connection.execute(statements, timeout=seconds)
        except BaseException:
            connection.terminate()
            raise
    return connection


async def require_session(url: str) -> None:
    """Return when a connection there has a session of its own, for its locks and notifications.

    Raises DatabaseRefused when not, or when one of our drivers is not let in, DatabaseUnavailable.
    """
    with connecting(), _refusals_told():
        await _refuse_shared_sessions(url)
        # What asyncpg does without, libpq may insist on.
        await asyncio.to_thread(_let_in, parse(url).parameters)


async def _refuse_shared_sessions(url: str) -> None:
    connection = await connect(url, {}, statement_cache_size=0)
    try:
        # Poolers make up the number that a client is given for cancelling.
        if await _session(connection) != connection.get_server_pid():
            for _ in range(TRIES):
                await _compare(url, connection)
    finally:
        connection.terminate()


async def _compare(url: str, connection: Connection) -> None:
    before = await _session(connection)
    other = await connect(url, {}, statement_cache_size=0)
    try:
        async with other.transaction():
            taken = await other.fetchval(SESSION)
            # While that one is taken by another transaction.
            if taken == before or await _session(connection) != before:
                raise DatabaseRefused(POOLED)
    finally:
        other.terminate()


async def _session(connection: Connection) -> int:
    async with connection.transaction():
        return int(await connection.fetchval(SESSION))


def _let_in(parameters: Mapping[str, str]) -> None:
    limit = {"connect_timeout": str(int(CONNECT_SECONDS))}
    try:
        psycopg.connect(make_conninfo(**{**limit, **parameters})).close()
    except psycopg.OperationalError as error:
        raise DatabaseRefused(" ".join(str(error).split())) from error


@contextmanager
def _refusals_told() -> Iterator[None]:
    try:
        yield
    except ClientConfigurationError as error:
        raise DatabaseRefused(str(error)) from error
    except ssl.SSLCertVerificationError as error:
        words = f"its server's certificate is not trusted: {error.verify_message}"
        raise DatabaseRefused(words) from error
    except PostgresError as error:
        if str(error.sqlstate or "").startswith(REFUSALS):
            raise DatabaseRefused(f"PostgreSQL refuses us: {error.args[0]}") from error
        raise
