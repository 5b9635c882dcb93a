"""Bringing a database up to date: our tables through Alembic, then the engine's own."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config

from db.jobs import prepare
from db.reach import connecting

MIGRATIONS = Path(__file__).parent / "migrations"


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


async def downgrade(url: str, revision: str) -> None:
    """Take our own migrations back to `revision` (`base`: all of them)."""
    await asyncio.to_thread(command.downgrade, config(url), revision)
