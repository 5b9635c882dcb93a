"""Statements that run outside a transaction: found half done, mended, and never run twice."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from asyncpg import Connection, PostgresError

from integrations.postgres_grammar.types import RepairPlan, SqlStatement

INDEX = """
SELECT i.indisvalid AND i.indisready AS valid, format('%I.%I', n.nspname, c.relname) AS name
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = $1 AND n.oid = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass($2))
"""
NAMED_INDEX = """
SELECT true AS valid, format('%I.%I', n.nspname, c.relname) AS name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass($1)
"""
# What a killed REINDEX CONCURRENTLY leaves on the table, or on the table of the index.
LEFTOVERS = """
SELECT format('%I.%I', n.nspname, c.relname) AS name
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$'
  AND i.indrelid IN (
    to_regclass($1), (SELECT indrelid FROM pg_index WHERE indexrelid = to_regclass($1)))
"""
PARTITION = """
SELECT inhdetachpending FROM pg_inherits
WHERE inhrelid = to_regclass($1) AND inhparent = to_regclass($2)
"""
Execute = Callable[[str], Awaitable[object]]


async def foreign(connection: Connection, statement: SqlStatement) -> str:
    """What stands where this statement would put something, "" if nothing does."""
    plan = statement.repair
    if plan is None or plan.how != "create_index":
        return ""
    found = await connection.fetchrow(INDEX, plan.name, _written(plan.schema, plan.table))
    return f"index {found['name']} is there already" if found is not None else ""


async def run_alone(
    connection: Connection, statement: SqlStatement, again: bool, patience: timedelta
) -> None:
    """Run it, or see that it was.

    `again`: an earlier try said that it would, and may have been killed before, in, or after it.
    """

    async def execute(sql: str) -> None:
        await connection.execute(sql, timeout=patience.total_seconds())

    plan = statement.repair or RepairPlan("repeat")
    if again and not await _left_to_do(connection, plan, execute):
        return
    try:
        await execute(statement.sql)
    except PostgresError:
        # A failed index (of duplicates, say) stays behind invalid, and costs every write.
        if plan.how == "create_index" and not connection.is_closed():
            await _is_missing(connection, plan, execute)
        raise


async def _is_missing(connection: Connection, plan: RepairPlan, execute: Execute) -> bool:
    """Whether the index is not there; an invalid one is dropped first."""
    found = await connection.fetchrow(INDEX, plan.name, _written(plan.schema, plan.table))
    if found is not None and not found["valid"]:
        await execute(f"DROP INDEX CONCURRENTLY {found['name']}")
    return found is None or not found["valid"]


async def _left_to_do(connection: Connection, plan: RepairPlan, execute: Execute) -> bool:
    """Whether it must run (again); mends what a killed one left."""
    name = _written(plan.schema, plan.name)
    if plan.how == "create_index":
        return await _is_missing(connection, plan, execute)
    if plan.how == "drop_index":
        return await connection.fetchrow(NAMED_INDEX, name) is not None
    if plan.how == "reindex":
        for left in await connection.fetch(LEFTOVERS, name):
            await execute(f"DROP INDEX CONCURRENTLY {left['name']}")
        return True
    if plan.how == "detach":
        pending = await connection.fetchval(PARTITION, name, plan.table)
        if pending:
            await execute(f"ALTER TABLE {plan.table} DETACH PARTITION {name} FINALIZE")
        return pending is False
    return True


def _written(schema: str, name: str) -> str:
    """A name for to_regclass, which reads it as SQL does."""
    return ".".join(_quoted(part) for part in (schema, name) if part)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
