"""Migrations as files of a directory: `0001_name.up.sql`, and `.down.sql` for the way back."""

import asyncio
from pathlib import Path

from services.errors import NotFound
from services.rollouts.refusals import NO_DIRECTORY, NO_FILE

UP, DOWN = ".up.sql", ".down.sql"


class MigrationFiles:
    """Reads them; without a directory there are none."""

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory

    async def versions(self) -> tuple[str, ...]:
        """Every version that has a file, in order; raises NotFound without a directory."""
        return await asyncio.to_thread(self._versions)

    async def read(self, version: str) -> tuple[str, str]:
        """Up and down SQL of a version, down "" when there is none; raises NotFound."""
        return await asyncio.to_thread(self._read, version)

    def _versions(self) -> tuple[str, ...]:
        directory = self._there()
        return tuple(sorted(one.name.removesuffix(UP) for one in directory.glob(f"*{UP}")))

    def _read(self, version: str) -> tuple[str, str]:
        directory = self._there()
        # A version is looked up among the files, never made into a path.
        if version not in self._versions():
            raise NotFound(NO_FILE, version=version, directory=str(directory))
        down = directory / f"{version}{DOWN}"
        up_sql = (directory / f"{version}{UP}").read_text(encoding="utf-8")
        return up_sql, down.read_text(encoding="utf-8") if down.exists() else ""

    def _there(self) -> Path:
        if self._directory is None or not self._directory.is_dir():
            raise NotFound(NO_DIRECTORY, directory=str(self._directory or ""))
        return self._directory
