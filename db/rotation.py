"""Rotation of the encryption key: every sealed secret is wrapped anew, while the product runs."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, MetaData, Row, Select, func, select, tuple_, update

from db.store.session import Database, Session
from db.store.types import Encrypted, encrypted_columns
from db.store.vault import VaultError, identity
from db.tables import metadata as ours

# Primary key columns, then the secret.
Rows = Select[*tuple[Any, ...]]

BATCH = 100
# One that was tampered with says nothing of its key.
SAMPLES = 5
PATIENCE = timedelta(minutes=5)
PAUSE = timedelta(milliseconds=200)


class RotationIncomplete(Exception):
    """Some secrets still need an older key, so keep it; the text lists where they are."""


@dataclass(slots=True)
class Progress:
    """What one column's rotation has done; `failed` rows could not be opened."""

    done: int = 0
    failed: dict[tuple[object, ...], str] = field(default_factory=dict)


async def rotate(
    database: Database, metadata: MetaData = ours, *, patience: timedelta = PATIENCE
) -> int:
    """Wrap every secret under the vault's first key; returns how many were changed.

    Runs under traffic: rows in use are skipped and visited again, for at most `patience` per
    column. Raises RotationIncomplete, after all that could be done, when a secret does not open
    or stays locked. Only after a rotation that raised nothing may the older key be dropped.
    """
    done, problems = 0, list[str]()
    for column in encrypted_columns(metadata):
        progress = await _rotate_column(database, column, patience)
        done += progress.done
        problems += progress.failed.values()
    if problems:
        raise RotationIncomplete("; ".join(problems))
    return done


async def unreadable(database: Database, metadata: MetaData = ours) -> tuple[str, ...]:
    """Why secrets do not open with the vault's keys: a few of each column and key are tried."""
    problems = list[str]()
    for column in encrypted_columns(metadata):
        async with database.transaction() as session:
            problems += await _closed(session, column)
    return tuple(problems)


async def _closed(session: Session, column: Column[bytes]) -> list[str]:
    # As in db/store/vault.py: a version, the length of the key's id, the id.
    header = func.substring(column, 1, 2 + func.get_byte(column, 1), type_=Encrypted.impl)
    written = func.length(column) > 2
    # Hashed, not sorted: there may be a million of them, and this is asked at each start.
    headers = (await session.execute(select(header).where(written).distinct())).scalars()
    problems = []
    for one in sorted(headers):
        query = select(*column.table.primary_key.columns, column).where(written, header == one)
        said = _tried(session, column, (await session.execute(query.limit(SAMPLES))).all())
        problems += [said] if said else []
    return problems


def _tried(session: Session, column: Column[bytes], rows: Sequence[Row[Any]]) -> str:
    """Why none of them opens; "" when one does: then the key is right, whatever others are."""
    said = ""
    for row in rows:
        key, place = identity(row[:-1]), {"table": column.table.name, "column": column.name}
        try:
            session.vault.open(row[-1], row_id=key, **place)
        except VaultError as error:
            said = said or str(error)
        else:
            return ""
    return said


async def _rotate_column(
    database: Database, column: Column[bytes], patience: timedelta
) -> Progress:
    progress = Progress()
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience.total_seconds()
    while await _stale(database, column, progress):
        async with database.transaction() as session:
            changed = await _batch(session, column, progress)
        if changed:
            continue
        if loop.time() > deadline:
            progress.failed[()] = f"{column} has rows that stay locked"
            return progress
        # What is left is held by somebody else's transaction right now.
        await asyncio.sleep(PAUSE.total_seconds())
    return progress


async def _stale(database: Database, column: Column[bytes], progress: Progress) -> bool:
    async with database.transaction() as session:
        query = _outdated(session, column, progress).limit(1)
        return (await session.execute(query)).first() is not None


async def _batch(session: Session, column: Column[bytes], progress: Progress) -> int:
    query = _outdated(session, column, progress).limit(BATCH)
    rows = (await session.execute(query.with_for_update(skip_locked=True))).all()
    for row in rows:
        key: tuple[object, ...] = tuple(row[:-1])
        try:
            sealed = session.vault.rewrap(
                row[-1], table=column.table.name, column=column.name, row_id=identity(key)
            )
        except VaultError as error:
            progress.failed[key] = str(error)
            continue
        change = update(column.table).where(_key(column) == key).values({column: sealed})
        await session.execute(change)
        progress.done += 1
    return len(rows)


def _outdated(session: Session, column: Column[bytes], progress: Progress) -> Rows:
    header = session.vault.current_header
    begin = func.substring(column, 1, len(header), type_=Encrypted.impl)
    query = select(*column.table.primary_key.columns, column)
    query = query.where(column.is_not(None), begin != header)
    return query.where(_key(column).not_in(progress.failed)) if progress.failed else query


def _key(column: Column[bytes]) -> ColumnElement[tuple[Any, ...]]:
    return tuple_(*column.table.primary_key.columns)
