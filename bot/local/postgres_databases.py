"""Databases for a while, on the embedded PostgreSQL."""

from uuid import uuid4

import asyncpg

from db.store.urls import parse


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


async def _drop(connection: asyncpg.Connection, name: str) -> None:
    try:
        await connection.execute(f'DROP DATABASE "{name}"')
    except asyncpg.ObjectInUseError:
        return
