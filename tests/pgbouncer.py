"""PgBouncer as its own process in front of the tests' PostgreSQL."""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.local.postgres import HOST
from db.store.postgres import connect
from db.store.urls import parse
from tests.chromium import PGBOUNCER
from tests.kit.product import free_port

SECONDS = 15
CONFIGURATION = """\
[databases]
* = host={host} port={server}
[pgbouncer]
listen_addr = {host}
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {users}
pool_mode = {mode}
default_pool_size = 50
{more}
"""


@contextmanager
def pooler(url: str, mode: str, folder: Path, more: str = "") -> Iterator[str]:
    """PgBouncer in front of this database; gives the URL through it. `more`: of its settings."""
    program = PGBOUNCER.found(os.environ)
    if program is None:
        pytest.fail("There is no PgBouncer here: run `make test`, or set PGBOUNCER.")
    given, port = parse(url).parameters, free_port()
    folder.mkdir()
    users, settings = folder / "users", folder / "pgbouncer.ini"
    users.write_text(f'"{given["user"]}" "{given["password"]}"\n')
    settings.write_text(
        CONFIGURATION.format(
            host=HOST, server=given["port"], port=port, users=users, mode=mode, more=more
        )
    )
    # Like PostgreSQL it refuses to be root.
    account = ["-u", "nobody"] if os.geteuid() == 0 else []
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, *account, settings], stdout=log, stderr=log)
    try:
        yield url.replace(f":{given['port']}/", f":{port}/")
    finally:
        process.terminate()
        process.wait(SECONDS)


async def accepting(url: str) -> str:
    """The same URL, once somebody answers there."""
    async with asyncio.timeout(SECONDS):
        while True:
            try:
                (await connect(url, {})).terminate()
            except OSError:
                await asyncio.sleep(0.05)
            else:
                return url
