"""A row of every table that belongs to workspaces, made from the tables' own columns, and a look
through all tables for what names a workspace."""

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    Column,
    Table,
    Text,
    cast,
    func,
    insert,
    literal_column,
    select,
)
from sqlalchemy.sql.schema import ForeignKey

from db.erasure import KEPT_OF_WORKSPACES, WORKSPACE, tables_of_workspaces
from db.store.session import Database, Session
from db.store.types import Encrypted, JsonText, UtcDateTime
from db.store.vault import identity
from db.tables import metadata

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
# A value of each type that is no text.
PLAIN = {
    datetime: NOW,
    date: date(2026, 11, 21),
    time: time(9, 0),
    int: 1,
    float: 1.0,
    Decimal: Decimal(1),
    bool: False,
    bytes: b"",
    list: [],
    dict: {},
}
# What the operations of a follow-up are called.
KIND = "followups.write"


async def fill(database: Database, workspace_id: str, member_id: str, word: str) -> None:
    """One row of each, whose texts all hold `word`."""
    made: dict[str, dict[str, Any]] = {}
    async with database.transaction() as session:
        for table in tables_of_workspaces():
            if table.name in KEPT_OF_WORKSPACES - {"operations"}:
                continue
            values = {
                column.name: _value(column, made, word)
                for column in table.columns
                if column.autoincrement is not True
            }
            values |= _known(table, workspace_id, member_id)
            values |= _sealed(session, table, values, word)
            await session.execute(insert(table).values(values))
            made[table.name] = values


async def traces(database: Database, word: str) -> dict[str, int]:
    """By table: how many rows hold the word anywhere, sealed columns aside."""
    found: dict[str, int] = {}
    async with database.transaction() as session:
        for table in metadata.sorted_tables:
            whole = cast(literal_column(f'"{table.name}"'), Text)
            query = select(func.count()).select_from(table).where(whole.contains(word))
            count = (await session.execute(query)).scalar_one()
            if count:
                found[table.name] = int(count)
    return found


def _known(table: Table, workspace_id: str, member_id: str) -> dict[str, Any]:
    given = {
        WORKSPACE: workspace_id,
        "member_id": member_id,
        "vendor": "fathom",
        "kind": KIND,
        "actor_kind": "slack",
        "actor_id": f"{workspace_id}:{member_id}",
        "state": "done",
    }
    return {name: value for name, value in given.items() if name in table.c}


def _sealed(session: Session, table: Table, values: dict[str, Any], word: str) -> dict[str, Any]:
    """Secrets, sealed for their row."""
    row_id = identity(tuple(values[column.name] for column in table.primary_key))
    return {
        column.name: session.vault.seal(word, table=table.name, column=column.name, row_id=row_id)
        for column in table.columns
        if isinstance(column.type, Encrypted)
    }


def _value(column: Column[Any], made: dict[str, dict[str, Any]], word: str) -> Any:
    key: ForeignKey | None = next(iter(column.foreign_keys), None)
    if key is not None and key.column.table.name in made:
        return made[key.column.table.name][key.column.name]
    if isinstance(column.type, JsonText):
        return json.dumps(word)
    if isinstance(column.type, UtcDateTime):
        return NOW
    plain = PLAIN.get(column.type.python_type)
    return f"{word} {uuid4().hex}" if plain is None else plain
