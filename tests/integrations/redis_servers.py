"""A Redis on a port of its own: fakeredis over TCP, or the real one where it is found."""

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from fakeredis import TcpFakeServer

FAKE = "fakeredis"
REAL = "redis-server"
KINDS = (FAKE, *((REAL,) if shutil.which(REAL) else ()))
START_SECONDS = 10


class FakeServer(TcpFakeServer):
    """Comes back on the same port, as a Redis that was restarted does."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(kind: str, port: int, folder: Path) -> Iterator[str]:
    """Serves until the block ends; gives the URL."""
    serving = faked(port) if kind == FAKE else real(port, folder)
    with serving:
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def faked(port: int) -> Iterator[None]:
    server = FakeServer(("127.0.0.1", port), server_type="redis")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def real(port: int, folder: Path) -> Iterator[None]:
    options = ["--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen([REAL, "--port", str(port), *options], stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _wait(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError("redis-server did not start")
