"""What it looks like when PostgreSQL is out of reach, whichever driver notices."""

from collections.abc import Iterator
from contextlib import contextmanager

from asyncpg import InterfaceError, PostgresConnectionError, PostgresError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# SQLSTATE classes of a server that is going away, coming back, or has no room.
AWAY_STATES = ("08", "53", "57P")
# Of one that answers and does not let us in: user, password, name of the database.
REFUSED_STATES = ("28", "3D")


class DatabaseUnavailable(Exception):
    """PostgreSQL is restarting, full or out of reach; trying again may help."""

    temporary = True


@contextmanager
def connecting() -> Iterator[None]:
    """Raise DatabaseUnavailable when no connection can be had; for connecting only."""
    try:
        with out_of_reach():
            yield
    except PoolTimeout as error:
        raise DatabaseUnavailable("every database connection is in use") from error
    except OSError as error:
        raise DatabaseUnavailable("the database cannot be connected to") from error
    except (DBAPIError, PostgresError) as error:
        if not _state(getattr(error, "orig", error)).startswith(REFUSED_STATES):
            raise
        raise DatabaseUnavailable("the database refuses user, password or its name") from error


@contextmanager
def out_of_reach() -> Iterator[None]:
    """Raise DatabaseUnavailable for what a later try may cure; other errors pass unchanged."""
    try:
        yield
    except DBAPIError as error:
        if error.connection_invalidated or _away(error.orig):
            raise DatabaseUnavailable("the database went away") from error
        raise
    except (PostgresError, InterfaceError) as error:
        if isinstance(error, PostgresError) and not _away(error):
            raise
        raise DatabaseUnavailable("the database went away") from error


def _away(error: BaseException | None) -> bool:
    return isinstance(error, PostgresConnectionError) or _state(error).startswith(AWAY_STATES)


def _state(error: BaseException | None) -> str:
    return getattr(error, "sqlstate", None) or ""
