"""What a backup says of a database beside its dump: rows of each table, and the keys it needs."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from asyncpg import Connection
from sqlalchemy import MetaData

from db.quarantine import InServiceRow
from db.store.postgres import connect
from db.store.types import encrypted_columns
from db.tables import metadata as ours

# A provider may keep schemas of its own beside ours and the engine's.
OTHERS = """
SELECT quote_ident(nspname) FROM pg_namespace
WHERE nspname NOT IN ('public', 'dbos', 'information_schema') AND nspname !~ '^pg_' ORDER BY 1
"""
# A copy is in nobody's service: this table goes without its row.
LEFT_OUT = f"public.{InServiceRow.__tablename__}"
TABLES = """
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname IN ('public', 'dbos')
    AND NOT EXISTS (
        SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e'
            AND classid = 'pg_class'::regclass
    )
ORDER BY 1
"""
# As in db/store/vault.py: a version, the length of the key's id, the id.
KEY_IDS = """
SELECT DISTINCT convert_from(substring({column} FROM 3 FOR get_byte({column}, 1)), 'UTF8')
FROM {table} WHERE length({column}) > 2
"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A database at one moment: `name` is what pg_dump takes to see the same.

    `others` are schemas that are not ours, quoted.
    """

    name: str
    server_major: int
    revision: str
    rows: Mapping[str, int]
    key_ids: tuple[str, ...]
    others: tuple[str, ...]


def snapshot(url: str, metadata: MetaData = ours) -> AbstractAsyncContextManager[Snapshot]:
    """A Snapshot, held until the end of the block."""
    return _snapshot(url, metadata)


@asynccontextmanager
async def _snapshot(url: str, metadata: MetaData) -> AsyncIterator[Snapshot]:
    connection = await connect(url, {"application_name": "seguito backup"})
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            yield Snapshot(
                name=await connection.fetchval("SELECT pg_export_snapshot()"),
                server_major=connection.get_server_version().major,
                revision=await connection.fetchval("SELECT version_num FROM alembic_version"),
                rows=await _rows(connection),
                key_ids=await _key_ids(connection, metadata),
                others=tuple(row[0] for row in await connection.fetch(OTHERS)),
            )
    finally:
        await connection.close()


async def count_rows(url: str) -> Mapping[str, int]:
    """Rows of each table of ours and the engine's; none of a database without tables."""
    connection = await connect(url, {"application_name": "seguito backup"})
    try:
        return await _rows(connection)
    finally:
        await connection.close()


async def server_major(url: str) -> int:
    """The version of the server."""
    connection = await connect(url, {"application_name": "seguito backup"})
    try:
        return int(connection.get_server_version().major)
    finally:
        await connection.close()


async def _rows(connection: Connection) -> Mapping[str, int]:
    names = [row[0] for row in await connection.fetch(TABLES)]
    return {
        name: await connection.fetchval(f"SELECT count(*) FROM {name}")  # noqa: S608 - quoted above
        for name in names
        if name != LEFT_OUT
    }


async def _key_ids(connection: Connection, metadata: MetaData) -> tuple[str, ...]:
    found: set[str] = set()
    for column in encrypted_columns(metadata):
        query = KEY_IDS.format(column=column.name, table=column.table.name)
        found.update(row[0] for row in await connection.fetch(query))
    return tuple(sorted(found))
