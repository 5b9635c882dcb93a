"""PostgreSQL's own programs: found on this machine, run without a password in sight."""

import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from psycopg.conninfo import make_conninfo

from bot.local.postgres_binaries import candidates
from db.store.urls import parse

VERSION = re.compile(rb"\(PostgreSQL\) (\d+)")
# The last lines that a program says are the ones that tell why.
TOLD = 3


class BackupFailed(Exception):
    """It was tried and did not work; the text says why. Nothing half-done is left."""


def find_program(name: str, major: int, folders: Iterable[Path] | None = None) -> Path:
    """The first of this name that is not older than `major`; raises BackupFailed."""
    seen = []
    for folder in candidates() if folders is None else folders:
        path = folder / name
        if path.exists() and (own := _major(path)):
            if own >= major:
                return path
            seen.append(f"{path} is of PostgreSQL {own}")
    told = f" ({'; '.join(seen)})" if seen else ""
    raise BackupFailed(
        f"{name} of PostgreSQL {major} or newer is not here{told}: "
        f"install postgresql-client-{major}."
    )


def run(program: Path, arguments: Iterable[str], url: str = "") -> bytes:
    """What it writes; raises BackupFailed with its last words when it ends with anything but 0."""
    ended = subprocess.run(  # noqa: S603 - PostgreSQL's own programs, never a shell
        [program, *arguments],
        env=_environment(url),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if ended.returncode:
        raise BackupFailed(f"{program.name} ended with {ended.returncode}: {_said(ended.stderr)}")
    return ended.stdout


def target(url: str) -> str:
    """`--dbname` for this database, without the password: the list of processes shows it."""
    given = {name: value for name, value in parse(url).parameters.items() if name != "password"}
    return f"--dbname={make_conninfo('', **given)}"


def _environment(url: str) -> Mapping[str, str]:
    """Nothing of ours but the password."""
    password = parse(url).parameters.get("password", "") if url else ""
    secret = {"PGPASSWORD": password} if password else {}
    return {"PATH": os.defpath, "LC_ALL": "C", **secret}


def _major(program: Path) -> int:
    """0 when it does not run here."""
    try:
        said = subprocess.run(  # noqa: S603 - as above
            [program, "--version"], capture_output=True, check=False, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = VERSION.search(said.stdout)
    return int(found[1]) if found and said.returncode == 0 else 0


def _said(words: bytes) -> str:
    lines = [line.strip() for line in words.decode(errors="replace").splitlines() if line.strip()]
    return " ".join(lines[-TOLD:]) or "it said nothing"
