"""`python -m bot restore FILE`: into an empty database, which is then in nobody's service."""

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TextIO

from bot.backups.manifest import Manifest, read_manifest
from bot.backups.programs import BackupFailed, find_program, run, target
from db import backups as table
from db.rotation import unreadable
from db.store.session import Database

RESTORE = "pg_restore"


async def restore(
    database: Database,
    file: Path,
    key_ids: Iterable[str],
    say: TextIO,
    folders: Iterable[Path] | None = None,
) -> None:
    """All of it or nothing; raises BackupFailed.

    `key_ids`: of the keys that there are. The copy stays in quarantine, also where secrets do not
    open.
    """
    manifest = await asyncio.to_thread(read_manifest, file)
    missing = [one for one in manifest.key_ids if one not in set(key_ids)]
    if missing:
        raise BackupFailed(
            f"ENCRYPTION_KEYS lacks {', '.join(missing)}: without them what is sealed in this "
            "backup is lost. Nothing was restored."
        )
    if taken := await table.count_rows(database.url):
        raise BackupFailed(
            f"the database has {len(taken)} tables already: restore into an empty one."
        )
    major = max(manifest.postgres, await table.server_major(database.url))
    program = find_program(RESTORE, major, folders)
    arguments = (
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        "--no-password",
        target(database.url),
        str(file),
    )
    await asyncio.to_thread(run, program, arguments, database.url)
    _compare(manifest, await table.count_rows(database.url))
    if closed := await unreadable(database):
        raise BackupFailed(
            f"restored, and in quarantine, but secrets do not open: {closed[0]}"
            f" (and {len(closed) - 1} more). Give the right ENCRYPTION_KEYS before you release it."
        )
    rows = sum(manifest.rows.values())
    say.write(f"{file}: {rows} rows of {len(manifest.rows)} tables restored; every key opens.\n")
    say.write("Nothing leaves this copy until it is released: python -m bot release\n")


def _compare(manifest: Manifest, found: Mapping[str, int]) -> None:
    for name, count in manifest.rows.items():
        if found.get(name) != count:
            raise BackupFailed(
                f"restored, and in quarantine, but {name} has {found.get(name, 0)} rows instead "
                f"of {count}. Restore again into an empty database."
            )
