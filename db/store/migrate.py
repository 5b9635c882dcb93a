"""Bringing a database up to date: our tables through Alembic, then the engine's own."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from db.store.jobs import prepare
from db.store.postgres import connect
from db.store.reach import connecting

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def config(url: str) -> Config:
    """Alembic's settings for one database, built here so that no alembic.ini is needed."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    settings.attributes["url"] = url
    return settings


async def upgrade(url: str, revision: str = "head") -> None:
    """Apply what is missing; several processes may call this at once and one does the work.

    Within one process, one at a time: Alembic keeps its context in a global. Raises DatabaseAway.
    """
    with connecting():
        await asyncio.to_thread(command.upgrade, config(url), revision)
    await asyncio.to_thread(prepare, url)


async def is_outdated(url: str) -> bool:
    """Whether `upgrade` has something to do; changes nothing. Raises DatabaseUnavailable.

    A database that is newer than this program is not outdated: an old process may go on serving
    while a deploy brings the new ones.
    """
    script = ScriptDirectory.from_config(config(url))
    ours = {revision.revision for revision in script.walk_revisions()}
    with connecting():
        revision, has_engine = await _state(url)
    behind = revision in ours and revision != script.get_current_head()
    return revision is None or behind or not has_engine


async def _state(url: str) -> tuple[str | None, bool]:
    """The revision of our tables, and whether the engine's own are there."""
    connection = await connect(url, {})
    try:
        has_engine = await connection.fetchval("SELECT to_regclass('dbos.queues') IS NOT NULL")
        if await connection.fetchval("SELECT to_regclass('alembic_version') IS NULL"):
            return None, has_engine
        return await connection.fetchval("SELECT version_num FROM alembic_version"), has_engine
    finally:
        await connection.close()


async def downgrade(url: str, revision: str) -> None:
    """Take our own migrations back to `revision` (`base`: all of them)."""
    await asyncio.to_thread(command.downgrade, config(url), revision)
