"""Alembic's entry: runs the migrations on asyncpg, one process at a time."""

import asyncio
from functools import partial
from typing import Literal

from alembic import context
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel.sql.sqltypes import AutoString

from db.store.postgres import connect
from db.store.types import Digest, Encrypted, FileBytes, JsonText, Money, UtcDateTime
from db.tables import metadata

# Any constant that nobody else in this database uses: it spells “seguito” in base 36.
LOCK = int("seguito", 36)
PLAIN = {
    UtcDateTime: "sa.DateTime(timezone=True)",
    Digest: "sa.LargeBinary()",
    Encrypted: "sa.LargeBinary()",
    FileBytes: "sa.LargeBinary()",
    JsonText: "sa.Text()",
    Money: "sa.BigInteger()",
    AutoString: "sa.String()",
}


def _ours(name: str | None, kind: str, parents: object) -> bool:
    # The engine upgrades its own schema; comparing must not propose to drop it.
    return kind != "schema" or name in (None, "public")


def _plainly(kind: str, item: object, _: object) -> str | Literal[False]:
    # Our column types as PostgreSQL's own: a migration must not change when our code does.
    if kind != "type":
        return False
    return next((plain for ours, plain in PLAIN.items() if isinstance(item, ours)), False)


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_name=_ours,
        render_item=_plainly,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        # Held until the transaction ends, so a second process then finds nothing to do.
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.run_migrations()


async def _run() -> None:
    url = context.config.attributes["url"]
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=partial(connect, url, {}), poolclass=pool.NullPool
    )
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
    await engine.dispose()


asyncio.run(_run())
