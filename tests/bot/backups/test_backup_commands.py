"""The commands as a cron job sees them: what their exit codes say, and what they leave behind."""

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import NewDatabase
from tests.kit.product import KEYS, LICENSE_SECRETS

pytestmark = pytest.mark.process
SMALL_DISK = 20_000


def run(
    url: str, *arguments: str, before: Callable[[], None] | None = None, keys: str = KEYS
) -> subprocess.CompletedProcess[str]:
    """`python -m bot …` on this database."""
    own = {"DATABASE_URL": url, "PUBLIC_URL": "http://localhost:3000", "ENCRYPTION_KEYS": keys}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env={**own, **LICENSE_SECRETS},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        preexec_fn=before,
    )


def small_disk() -> None:
    """No file grows beyond that, as on a disk that is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_DISK, SMALL_DISK))


async def test_whole_is_0_and_everything_else_is_not(
    migrated_database: NewDatabase, new_database: NewDatabase, tmp_path: Path
) -> None:
    home, copy, file = await migrated_database(), await new_database(), tmp_path / "a.dump"
    full = run(home, "backup", str(file), before=small_disk)
    assert (full.returncode, full.stdout) == (1, "")
    assert "pg_dump ended with" in full.stderr
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240 - a folder of this test

    away = run("postgresql://x@127.0.0.1:1/none", "backup", str(file))
    assert (away.returncode, len(away.stderr.splitlines())) == (2, 1)

    done = run(home, "backup", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert "which are not in it" in done.stdout
    assert run(home, "backup", str(file)).returncode == 1

    assert run(copy, "restore", str(tmp_path / "missing")).returncode == 1
    restored = run(copy, "restore", str(file))
    assert (restored.returncode, restored.stderr) == (0, "")
    # A copy does no work of its own accord, and says what to type.
    refused = run(copy, "migrate-tenants")
    assert refused.returncode == 2
    assert "until `python -m bot release`" in refused.stderr
    assert run(copy, "release", "another.example").returncode == 1
    assert run(copy, "release", "localhost:3000").returncode == 0
    assert run(copy, "release").returncode == 0
