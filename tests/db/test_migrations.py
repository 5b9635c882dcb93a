"""Migrations bring any database to exactly the tables the code declares."""

import asyncio
import importlib
import pkgutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest
from alembic import command
from sqlmodel import SQLModel

import db
from db.store.migrate import config, downgrade, upgrade
from db.tables import TABLES, metadata

ROOT = Path(__file__).parents[2]
Make = Callable[[], Awaitable[str]]


async def tables(url: str, schema: str = "public") -> set[str]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_schema = $1 AND table_type = 'BASE TABLE'",
        schema,
    )
    await connection.close()
    return {row["table_name"] for row in rows}


async def test_an_upgraded_database_is_what_the_code_declares(new_database: Make) -> None:
    url = await new_database()
    await upgrade(url)
    # Raises when autogenerate would find anything to do.
    await asyncio.to_thread(command.check, config(url))
    assert await tables(url) == {*metadata.tables, "alembic_version"}


@pytest.mark.process
async def test_several_processes_may_migrate_at_once(new_database: Make) -> None:
    url = await new_database()
    # Processes, not tasks: Alembic keeps its context in a global of the process.
    program = (
        "import asyncio, sys; from db.store.migrate import upgrade; "
        "asyncio.run(upgrade(sys.argv[1]))"
    )
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", program, url, cwd=ROOT)
        for _ in range(2)
    ]
    assert [await process.wait() for process in processes] == [0, 0]
    assert await tables(url) >= set(metadata.tables)


async def test_the_engines_own_tables_come_along_and_are_left_alone(new_database: Make) -> None:
    url = await new_database()
    await upgrade(url)
    await downgrade(url, "base")
    assert await tables(url) == {"alembic_version"}
    assert "workflow_status" in await tables(url, "dbos")
    await upgrade(url)
    assert await tables(url) >= set(metadata.tables)


@pytest.mark.parametrize("module", [found.name for found in pkgutil.iter_modules(db.__path__)])
def test_every_module_with_a_table_is_listed(module: str) -> None:
    imported = importlib.import_module(f"db.{module}")
    own = [
        value
        for value in vars(imported).values()
        if isinstance(value, type)
        and issubclass(value, SQLModel)
        and value.__module__ == imported.__name__
        and hasattr(value, "__table__")
    ]
    assert not own or imported in TABLES
