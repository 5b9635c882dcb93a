"""Databases for a while, on the embedded PostgreSQL."""

from contextlib import suppress
from uuid import uuid4

import asyncpg

from db.store.urls import parse

# Made by the product on its cluster, and by the imitated Supabase.
TENANTS = """
SELECT r.rolname AS role, d.datname AS database FROM pg_roles r LEFT JOIN pg_database d
    ON d.datname IN (r.rolname, 'project_' || split_part(r.rolname, '.', 2))
WHERE r.rolname LIKE 'postgres.%' OR r.rolname LIKE 'seguito-%'
"""


async def new_database(url: str, prefix: str) -> str:
    """The URL of an empty database beside the given one.

    Earlier ones of the same prefix are removed, unless somebody still works in them.
    """
    connection = await asyncpg.connect(url)
    try:
        query = "SELECT datname FROM pg_database WHERE starts_with(datname, $1)"
        for row in await connection.fetch(query, f"{prefix}_"):
            await _drop(connection, row["datname"])
        name = f"{prefix}_{uuid4().hex[:12]}"
        await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()
    return parse(url).at(name).url


async def forget_tenants(url: str) -> None:
    """Drop every tenant's database and role: a new world knows nothing of an earlier one's."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(TENANTS)
        for row in rows:
            if row["database"]:
                await connection.execute(f'DROP DATABASE "{row["database"]}" WITH (FORCE)')
            # One that owns something elsewhere stays: nobody can take it for a new tenant's.
            with suppress(asyncpg.DependentObjectsStillExistError):
                await connection.execute(f'DROP ROLE "{row["role"]}"')
    finally:
        await connection.close()


async def _drop(connection: asyncpg.Connection, name: str) -> None:
    try:
        await connection.execute(f'DROP DATABASE "{name}"')
    except asyncpg.ObjectInUseError:
        return
