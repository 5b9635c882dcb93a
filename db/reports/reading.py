"""Reading for people who wait: one snapshot, nothing written, and an end to it."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db.store.session import Database, Session

SNAPSHOT = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
PATIENCE = text("SELECT set_config('statement_timeout', :milliseconds, true)")


class ReadFailed(Exception):
    """PostgreSQL did not answer, not in time, or refused; `code` is its SQLSTATE, or ""."""

    def __init__(self, code: str) -> None:
        super().__init__(f"a report could not be read ({code or 'no answer'})")
        self.code = code


def reading(database: Database, at_most: timedelta) -> AbstractAsyncContextManager[Session]:
    """A transaction that only reads, all of one moment; each statement has `at_most`.

    Raises ReadFailed, and DatabaseUnavailable when the server cannot be reached.
    """
    return _reading(database, at_most)


@asynccontextmanager
async def _reading(database: Database, at_most: timedelta) -> AsyncIterator[Session]:
    try:
        async with database.transaction() as session:
            await session.execute(SNAPSHOT)
            milliseconds = str(int(at_most.total_seconds() * 1000))
            await session.execute(PATIENCE, {"milliseconds": milliseconds})
            yield session
    except DBAPIError as error:
        raise ReadFailed(str(getattr(error.orig, "sqlstate", "") or "")) from error
