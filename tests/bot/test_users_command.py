"""`python -m bot users`: everybody who signed up, or those without a key, a line each."""

import subprocess
import sys
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import pytest_asyncio

from db.store.session import Database
from tests.kit.product import KEYS, LICENSE_SECRETS
from tests.kit.user_desk import UserDesk, user_desk

pytestmark = pytest.mark.process


@pytest_asyncio.fixture
async def desk(database: Database) -> AsyncIterator[UserDesk]:
    """Users on the tests' database."""
    async with user_desk(database) as desk:
        yield desk


def run(database: Database, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, on the tests' database."""
    own = {"DATABASE_URL": database.url, "PUBLIC_URL": "http://localhost:3000"}
    environment = {**own, "ENCRYPTION_KEYS": KEYS, **LICENSE_SECRETS}
    command = [sys.executable, "-m", "bot", "users", *arguments]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


async def test_users_with_and_without_a_key_are_printed(desk: UserDesk) -> None:
    mark = uuid4().hex
    ready = await desk.provisioned(f"ready.{mark}@example.com")
    waiting = await desk.sign_up(f"waiting.{mark}@example.com")
    for arguments, expected in (
        ((), {ready.id, waiting}),
        (("--provisioned",), {ready.id}),
        (("--unprovisioned",), {waiting}),
    ):
        told = run(desk.database, *arguments)
        assert told.returncode == 0, told.stderr
        head, *lines = [line.split("\t") for line in told.stdout.splitlines()]
        assert head[:3] == ["id", "email", "status"]
        assert {line[0] for line in lines if mark in line[1]} == expected
        assert f"{len(lines)} users." in told.stderr
    both = run(desk.database, "--provisioned", "--unprovisioned")
    assert both.returncode == 2
