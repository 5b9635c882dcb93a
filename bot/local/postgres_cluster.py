"""The embedded server's folder: created once, cleared after a crash, read to see who serves it."""

import os
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.local.postgres_binaries import Binaries, NoPostgres, SystemUser, run

USER = "seguito"
DATABASE = "seguito"
BUILTIN_LOCALE_MAJOR = 17
# Each of: waiting, SIGINT, SIGQUIT.
LEFTOVER_PATIENCE = timedelta(seconds=5)
# Lines of postmaster.pid, counted from one.
PORT_LINE = 4
STATUS_LINE = 8


@dataclass(frozen=True, slots=True)
class Cluster:
    """One data folder and the account its server runs as (None: ourselves)."""

    data: Path
    account: SystemUser | None

    @property
    def major(self) -> int | None:
        """The PostgreSQL version that made the folder; None before it exists."""
        version = self.data / "PG_VERSION"
        return int(version.read_text()) if version.exists() else None

    def create(self, binaries: Binaries, password: str) -> None:
        """Make the folder with our user and database; a crash in between leaves no half one."""
        unfinished = self.data.with_suffix(".creating")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._give(unfinished)
        with self._password_file(password) as file:
            self._run(binaries, "initdb", *_initdb_options(binaries.major, unfinished, file))
        sql = f"CREATE DATABASE {DATABASE}\n".encode()
        self._run(binaries, "postgres", "--single", "-D", unfinished, "postgres", feed=sql)
        unfinished.rename(self.data)

    def ready_port(self, pid: int | None = None) -> int | None:
        """The port of the server that calls itself ready, if `pid` (when given) is its process."""
        lines = self._pid_file()
        if len(lines) < STATUS_LINE or not lines[STATUS_LINE - 1].startswith("ready"):
            return None
        if pid is not None and lines[0] != str(pid):
            return None
        return int(lines[PORT_LINE - 1])

    def clear_leftover(self) -> None:
        """Wait for, then stop, the server of an owner that was killed; drop its pid file.

        Only for the holder of the lock: nobody else's server may be using the folder.
        """
        lines = self._pid_file()
        if not lines:
            return
        pid = int(lines[0])
        for wish in (None, signal.SIGINT, signal.SIGQUIT):
            if wish is not None and _serves(pid, self.data):
                os.kill(pid, wish)
            _await_end(pid, self.data)
        # Otherwise PostgreSQL refuses to start once the pid was given to some other process.
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    @contextmanager
    def _password_file(self, password: str) -> Iterator[Path]:
        path = self.data.parent / f"initdb-{secrets.token_hex(8)}"
        write_private(path, password)
        try:
            self._give(path)
            yield path
        finally:
            path.unlink()

    def _give(self, path: Path) -> None:
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)

    def _run(
        self, binaries: Binaries, program: str, *options: str | Path, feed: bytes = b""
    ) -> None:
        done = run([binaries.folder / program, *options], self.account, feed)
        if done.returncode != 0:
            raise NoPostgres(f"{program} failed: {done.stderr.decode(errors='replace').strip()}")


def write_private(path: Path, text: str) -> None:
    """Create a file that only we may read; raises FileExistsError."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def _initdb_options(major: int, data: Path, password: Path) -> tuple[str | Path, ...]:
    builtin = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
    # Linux's C library has C.UTF-8; elsewhere bare C is what exists everywhere.
    older = ("--locale=C.UTF-8",) if sys.platform == "linux" else ("--locale=C",)
    return (
        "-D",
        data,
        f"--username={USER}",
        f"--pwfile={password}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        *(builtin if major >= BUILTIN_LOCALE_MAJOR else older),
    )


def _await_end(pid: int, data: Path) -> None:
    deadline = time.monotonic() + LEFTOVER_PATIENCE.total_seconds()
    while _serves(pid, data) and time.monotonic() < deadline:
        time.sleep(0.02)


def _serves(pid: int, data: Path) -> bool:
    """Whether process `pid` is a PostgreSQL on this very folder (a zombie shows no arguments)."""
    if sys.platform == "linux":
        # Not `ps`: slim images have none.
        try:
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False
    else:
        arguments = run(["/bin/ps", "-o", "args=", "-p", str(pid)]).stdout
    return str(data).encode() in arguments
