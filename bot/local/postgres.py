"""The embedded PostgreSQL of a machine without DATABASE_URL: for development and tests, never more.

One process owns the server and holds a file lock; further processes attach to it. The server is
the owner's child: when the owner ends, in whatever way, the server ends too, and the next start
cleans up. Attached processes lose it together with its owner.
"""

import atexit
import ctypes
import fcntl
import hashlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import IO

from bot.local.postgres_binaries import (
    Binaries,
    NoPostgres,
    environment,
    find,
    reachable,
    readable_copy,
    server_account,
)
from bot.local.postgres_cluster import DATABASE, USER, Cluster, write_private

HOST = "127.0.0.1"
START = timedelta(seconds=60)
STOP = timedelta(seconds=10)
PR_SET_PDEATHSIG = 1
SETTINGS = (
    f"listen_addresses={HOST}",
    "unix_socket_directories=",
    "max_connections=200",
    "shared_buffers=64MB",
)
# For tests only: a power cut may lose the whole cluster.
LOSSY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Postgres:
    """Starts the server of one SEGUITO_HOME, or attaches to the one that runs there."""

    def __init__(
        self,
        home: Path,
        *,
        port: int = 0,
        settings: Sequence[str] = (),
        folders: Sequence[Path] | None = None,
    ) -> None:
        """`port` 0: the last one or a free one; `settings`: more `name=value` for the server;
        `folders`: where to look for PostgreSQL's programs instead of everywhere."""
        self._home = home.resolve()
        self._port = port
        self._settings = (*SETTINGS, *settings)
        self._folders = folders
        self._child: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    def start(self) -> str:
        """The database's URL once the server answers; raises NoPostgres. Blocks for seconds.

        Call it on the main thread: Linux ends the server when the *thread* that started it ends.
        """
        self._home.mkdir(mode=0o755, parents=True, exist_ok=True)
        cluster = self._cluster()
        deadline = time.monotonic() + START.total_seconds()
        while time.monotonic() < deadline:
            if self._take_lock():
                return self._url(self._own(cluster))
            port = cluster.ready_port()
            if port and _accepts(port):
                return self._url(port)
            time.sleep(0.1)
        raise NoPostgres(f"another process holds {self._home} but its PostgreSQL does not answer")

    def stop(self) -> None:
        """Stop the server if this process owns it; an attached process stops nothing."""
        child, self._child = self._child, None
        if child is not None:
            atexit.unregister(self.stop)
            _end(child)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _cluster(self) -> Cluster:
        account = server_account()
        if reachable(self._home, account):
            return Cluster(self._home / "postgres", account)
        # As root below a private folder (/root, say): the data lives where `nobody` can reach it,
        # rather than opening the private folder to everyone.
        mark = hashlib.sha256(str(self._home.resolve()).encode()).hexdigest()[:12]
        return Cluster(Path("/var/lib") / f"seguito-{mark}" / "postgres", account)

    def _take_lock(self) -> bool:
        lock = (self._home / "postgres.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _own(self, cluster: Cluster) -> int:
        try:
            return self._run(cluster)
        except (NoPostgres, OSError):
            self.stop()
            raise

    def _run(self, cluster: Cluster) -> int:
        shelf = cluster.data.parent
        shelf.mkdir(mode=0o755, parents=True, exist_ok=True)
        cluster.clear_leftover()
        binaries = find(self._folders, major=cluster.major)
        binaries = readable_copy(binaries, cluster.account, shelf / "postgres-binaries")
        if cluster.major is None:
            cluster.create(binaries, self._password())
        port = self._port or _free_port(self._last_port())
        self._child = self._spawn(cluster, binaries, port)
        atexit.register(self.stop)
        self._await_ready(cluster, self._child)
        (self._home / "postgres.port").write_text(str(port))
        return port

    def _spawn(self, cluster: Cluster, binaries: Binaries, port: int) -> subprocess.Popen[bytes]:
        if threading.current_thread() is not threading.main_thread():
            raise NoPostgres("the embedded PostgreSQL must be started on the main thread")
        options = [part for setting in self._settings for part in ("-c", setting)]
        account = cluster.account
        with (self._home / "postgres.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - a program we looked up, never a shell
                [binaries.folder / "postgres", "-D", cluster.data, "-p", str(port), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment(),
                # Its own group: Ctrl-C in the terminal is for us, who stop the server last.
                process_group=0,
                preexec_fn=die_with_parent(),
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )

    def _await_ready(self, cluster: Cluster, child: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START.total_seconds()
        while time.monotonic() < deadline:
            if child.poll() is not None:
                log = self._home / "postgres.log"
                raise NoPostgres(f"PostgreSQL ended at once; the reason is at the end of {log}")
            if cluster.ready_port(child.pid):
                return
            time.sleep(0.02)
        raise NoPostgres("PostgreSQL did not become ready in time")

    def _last_port(self) -> int:
        path = self._home / "postgres.port"
        return int(path.read_text()) if path.exists() else 0

    def _password(self) -> str:
        path = self._home / "postgres.password"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(24))
        return path.read_text()

    def _url(self, port: int) -> str:
        return f"postgresql://{USER}:{self._password()}@{HOST}:{port}/{DATABASE}"


def die_with_parent() -> Callable[[], None] | None:
    """For the child, before it becomes postgres: have Linux send SIGINT when our thread ends."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def _free_port(wished: int) -> int:
    for port in (wished, 0):
        with socket.socket() as probe:
            # As PostgreSQL does: connections of its last run may still be fading away.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            return found
    raise NoPostgres(f"no port is free on {HOST}")


def _accepts(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=1):
            return True
    except OSError:
        return False


def _end(child: subprocess.Popen[bytes]) -> None:
    """SIGINT is PostgreSQL's fast shutdown; SIGQUIT gives up on it, without losing commits."""
    for wish in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        child.send_signal(wish)
        try:
            child.wait(STOP.total_seconds())
        except subprocess.TimeoutExpired:
            continue
        return
