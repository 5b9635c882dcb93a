"""A tenant's schema in one hash, and what differs between two."""

from asyncpg import Connection

from integrations.tenant_databases.catalog import CHEAP, HASHES, LINES, STABLE, UNSTABLE
from integrations.tenant_databases.outcomes import Fingerprint, SchemaDifference


async def fingerprint(connection: Connection, *, lines: bool = False) -> Fingerprint:
    """The schema as it is now, in a transaction of its own; errors are asyncpg's."""
    await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    found = await read_fingerprint(connection, lines=lines)
    await connection.execute("COMMIT")
    return found


async def read_fingerprint(connection: Connection, *, lines: bool = False) -> Fingerprint:
    """The schema as the open transaction sees it; with `lines` also what was hashed."""
    await connection.execute(STABLE)
    row = await connection.fetchrow(HASHES)
    read = await connection.fetch(LINES) if lines else ()
    cheap = await connection.fetchval(CHEAP) if lines else ""
    await connection.execute(UNSTABLE)
    texts = tuple(str(one["line"]) for one in read)
    return Fingerprint(major_of(connection), row["hash"], row["order"], str(cheap), texts)


async def quick_hash(connection: Connection) -> str:
    """Changes with every change of the catalog: equal means that nothing drifted since."""
    return str(await connection.fetchval(CHEAP))


def major_of(connection: Connection) -> int:
    """The server's major version, as it said when we connected."""
    return int(connection.get_server_version().major)


def difference(found: Fingerprint, expected: Fingerprint | None) -> SchemaDifference:
    """What is there and should not be, and the other way round; empty without lines of both."""
    if expected is None or not (found.lines and expected.lines):
        return SchemaDifference()
    here, there = set(found.lines), set(expected.lines)
    return SchemaDifference(
        unexpected=tuple(sorted(here - there)),
        missing=tuple(sorted(there - here)),
        order_only=here == there and found.order != expected.order,
    )
