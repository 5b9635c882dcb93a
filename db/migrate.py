"""Bringing a database up to date: our tables through Alembic, then the engine's own."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config

from db.jobs import prepare
from db.reach import connecting
from db.urls import for_asyncpg
from db.vault import Vault

MIGRATIONS = Path(__file__).parent / "migrations"


def config(url: str, vault: Vault | None = None) -> Config:
    """Alembic's settings for one database, built here so that no alembic.ini is needed."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    settings.attributes["url"] = for_asyncpg(url)
    settings.attributes["vault"] = vault
    return settings


async def upgrade(url: str, revision: str = "head", *, vault: Vault | None = None) -> None:
    """Apply what is missing; several processes may call this at once and one does the work.

    `vault` seals what older rows hold in clear; without it such rows raise VaultError. Within one
    process, one at a time: Alembic keeps its context in a global. Raises DatabaseAway.
    """
    with connecting():
        await asyncio.to_thread(command.upgrade, config(url, vault), revision)
    await asyncio.to_thread(prepare, url)


async def downgrade(url: str, revision: str, *, vault: Vault | None = None) -> None:
    """Take our own migrations back to `revision` (`base`: all of them)."""
    await asyncio.to_thread(command.downgrade, config(url, vault), revision)
