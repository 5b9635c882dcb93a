"""The database: one pool, transactions, and sessions that seal secrets and start jobs."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from sqlalchemy import PoolProxiedConnection, Result, event, inspect, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import Session as PlainSession
from sqlalchemy.orm import configure_mappers
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import SQLModel
from sqlmodel.orm.session import Session as SyncSession

from db.store.budget import POOL
from db.store.jobs import Jobs, JobSession
from db.store.postgres import connect
from db.store.reach import DatabaseUnavailable as DatabaseUnavailable
from db.store.reach import connecting, out_of_reach
from db.store.types import Encrypted
from db.store.vault import SecretLocation, Vault, VaultError, identity

APPLICATION_NAME = "seguito"
STATEMENT_SECONDS = 30
IDLE_TRANSACTION_SECONDS = 60
POOL_SECONDS = 10
RECYCLE_SECONDS = 1800


class GuardedSession(SyncSession):
    """Refuses to write a secret that was not sealed for the very row it is written to."""

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        for row in (*self.new, *self.dirty):
            _check_secrets(row)
        super().flush(objects)

    def execute(self, *args: Any, **options: Any) -> Result[Any]:
        """SQLAlchemy's own: SQLModel warns against it, the engine and hot paths need it."""
        result: Result[Any] = PlainSession.execute(self, *args, **options)
        return result


class Session(JobSession):
    """One transaction's view of the database, with the vault and the jobs at hand."""

    sync_session_class = GuardedSession

    def __init__(self, *args: Any, vault: Vault, jobs: Jobs, **options: Any) -> None:
        super().__init__(*args, **options)
        self.vault = vault
        self.jobs = jobs

    async def execute(self, *args: Any, **options: Any) -> Result[Any]:
        """SQLAlchemy's own, for Core statements: SQLModel warns against it without reason here."""
        result: Result[Any] = await AsyncSession.execute(self, *args, **options)
        return result


class Database:
    """PostgreSQL behind one pool; built once, in the loop that uses it."""

    def __init__(
        self, url: str, vault: Vault, *, pool_size: int = POOL, jobs: Jobs | None = None
    ) -> None:
        """Connects on first use. `url` may be any PostgreSQL URL, whatever driver it names."""
        # Else the first query of the first request would wait for it.
        configure_mappers()
        self.url = url
        self.vault = vault
        self.jobs = jobs or Jobs(url)
        self.engine = _pool(url, pool_size)
        self.sessions = async_sessionmaker(
            self.engine, class_=Session, expire_on_commit=False, vault=vault, jobs=self.jobs
        )
        self._joined: ContextVar[Session | None] = ContextVar("joined", default=None)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        """Commit at the end of the block, roll back when it raises.

        Raises DatabaseUnavailable when the server cannot be reached or is restarting. Inside
        `joined` the block takes part in that transaction, which its owner ends.
        """
        joined = self._joined.get()
        if joined is not None:
            yield joined
            return
        with out_of_reach():
            async with self.sessions.begin() as session:
                # At once, so that an OSError of the caller's own code is never taken for ours.
                with connecting():
                    await session.connection()
                yield session

    @contextmanager
    def joined(self, session: AsyncSession) -> Iterator[None]:
        """Every `transaction()` in this block is part of `session`'s (exactly-once steps)."""
        if not isinstance(session, Session):
            raise TypeError("only a session of `Database.sessions` can be joined")
        token = self._joined.set(session)
        try:
            yield
        finally:
            self._joined.reset(token)

    async def ping(self) -> None:
        """One round trip through the pool; raises DatabaseUnavailable."""
        with connecting():
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))

    async def dispose(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
        await self.jobs.close()


def seal(session: Session, row: SQLModel, column: str, secret: str) -> None:
    """Put `secret` into the row's Encrypted column, bound to this row's primary key.

    Raises VaultError while the primary key is unknown or when the column is not Encrypted.
    """
    place = _place(row, column)
    sealed = session.vault.seal(secret, table=place.table, column=place.column, row_id=place.row_id)
    setattr(row, column, sealed)


def unseal(session: Session, row: SQLModel, column: str) -> str:
    """The secret of the row's Encrypted column; raises VaultError (see `db.vault`)."""
    place = _place(row, column)
    blob: bytes | None = getattr(row, column)
    if blob is None:
        raise VaultError(f"{place} is empty")
    return session.vault.open(blob, table=place.table, column=place.column, row_id=place.row_id)


def _pool(url: str, size: int) -> AsyncEngine:
    settings = {
        "application_name": APPLICATION_NAME,
        "timezone": "UTC",
        "statement_timeout": f"{STATEMENT_SECONDS}s",
        "idle_in_transaction_session_timeout": f"{IDLE_TRANSACTION_SECONDS}s",
    }
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=partial(connect, url, settings),
        pool_size=size,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        pool_recycle=RECYCLE_SECONDS,
    )
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


def _refuse_closed(
    connection: Any, entry: ConnectionPoolEntry, proxy: PoolProxiedConnection
) -> None:
    # asyncpg sees the server hang up at once, so a look is enough: pre_ping would cost every
    # transaction a round trip. Raising makes the pool reconnect, unnoticed by the caller.
    if connection.driver_connection.is_closed():
        raise DisconnectionError("the server closed this connection")


def _place(row: SQLModel, column: str) -> SecretLocation:
    mapper = inspect(type(row))
    if column not in mapper.column_attrs or not isinstance(mapper.columns[column].type, Encrypted):
        raise VaultError(f"{type(row).__name__}.{column} is not an Encrypted column")
    key = [getattr(row, mapper.get_property_by_column(part).key) for part in mapper.primary_key]
    return SecretLocation(str(mapper.local_table.name), mapper.columns[column].name, identity(key))


def _check_secrets(row: SQLModel) -> None:
    state = inspect(row)
    for name, attribute in state.mapper.column_attrs.items():
        if not isinstance(attribute.columns[0].type, Encrypted):
            continue
        for value in state.attrs[name].history.added:
            if value is not None and getattr(value, "place", None) != _place(row, name):
                raise VaultError(f"{_place(row, name)} was not filled by db.session.seal()")
