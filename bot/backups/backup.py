"""`python -m bot backup FILE`: a dump that was read back before it got its name."""

import asyncio
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from bot.backups.manifest import Manifest, beside, digest_of
from bot.backups.programs import BackupFailed, find_program, run, target
from db import backups as table

DUMP, RESTORE = "pg_dump", "pg_restore"
UNFINISHED = ".part"
LISTED = b"TABLE DATA"
COPY, END, FROM = b"COPY ", b"\\.", " FROM stdin;"


async def back_up(
    url: str, file: Path, version: str, say: TextIO, folders: Iterable[Path] | None = None
) -> Manifest:
    """Write FILE and FILE.json; raises BackupFailed, and then neither is there.

    What was there before is never touched. `folders`: where PostgreSQL's programs are.
    """
    for taken in (file, beside(file)):
        if taken.exists():
            raise BackupFailed(f"{taken} is there already: choose another name.")
    places = None if folders is None else tuple(folders)
    async with table.snapshot(url) as seen:
        dump = find_program(DUMP, seen.server_major, places)
        restore = find_program(RESTORE, seen.server_major, places)
        with _unfinished(file) as part:
            arguments = (
                "--format=custom",
                f"--snapshot={seen.name}",
                f"--exclude-table-data={table.LEFT_OUT}",
                *(f"--exclude-schema={name}" for name in seen.others),
                "--no-password",
                f"--file={part}",
                target(url),
            )
            await asyncio.to_thread(run, dump, arguments, url)
            await asyncio.to_thread(_prove, restore, part, seen.rows)
            manifest = Manifest(
                made_at=datetime.now(UTC),
                version=version,
                postgres=seen.server_major,
                revision=seen.revision,
                key_ids=seen.key_ids,
                rows=seen.rows,
                bytes=part.stat().st_size,
                sha256=digest_of(part),
            )
            _name(part, file, manifest)
    rows, keys = sum(manifest.rows.values()), ", ".join(manifest.key_ids) or "none"
    say.write(f"{file}: {manifest.bytes} bytes, {rows} rows of {len(manifest.rows)} tables.\n")
    say.write(f"It needs these of ENCRYPTION_KEYS, which are not in it: {keys}.\n")
    return manifest


@contextmanager
def _unfinished(file: Path) -> Iterator[Path]:
    """The file under another name, for nobody else's eyes, gone at the end."""
    part = file.with_name(file.name + UNFINISHED)
    try:
        part.touch(mode=0o600, exist_ok=False)
    except OSError as error:
        why = "another backup runs, or one died" if part.exists() else error.strerror
        raise BackupFailed(f"{part}: {why}.") from error
    try:
        yield part
    except OSError as error:
        raise BackupFailed(f"{part}: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def _prove(restore: Path, part: Path, rows: Mapping[str, int]) -> None:
    """Read it back as a restore would, and count; raises BackupFailed."""
    if LISTED not in run(restore, ("--list", str(part))):
        raise BackupFailed(f"{part} has no tables in it.")
    found = _counted(restore, part)
    for name, count in rows.items():
        if found.get(name) != count:
            raise BackupFailed(
                f"the dump has {found.get(name, 0)} rows of {name}, the database {count}."
            )


def _counted(restore: Path, part: Path) -> Mapping[str, int]:
    """Rows by table, as pg_restore writes them."""
    counts: dict[str, int] = {}
    command = [str(restore), "--data-only", "--file=-", str(part)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as reading:  # noqa: S603 - as in `run`
        name = ""
        for line in reading.stdout or ():
            if not name and line.startswith(COPY):
                name = line.split(b" (")[0].removeprefix(COPY).decode().removesuffix(FROM)
                counts[name] = 0
            elif name and line.rstrip(b"\n") == END:
                name = ""
            elif name:
                counts[name] += 1
    if reading.returncode:
        raise BackupFailed(f"{restore.name} cannot read the dump again ({reading.returncode}).")
    return counts


def _name(part: Path, file: Path, manifest: Manifest) -> None:
    """Both get their names at last; what is there by now stays."""
    note = beside(part)
    try:
        note.touch(mode=0o600)
        note.write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
        for one in (part, note):
            with one.open("rb") as opened:
                os.fsync(opened.fileno())
        os.link(note, beside(file))
        try:
            os.link(part, file)
        except OSError:
            beside(file).unlink()
            raise
    finally:
        note.unlink(missing_ok=True)
