"""`python -m bot admin-key`: a key printed once, taken by the product, and gone when revoked."""

import subprocess
import sys
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from db.store.session import Database
from services.audit.admin_keys import AdminKeys
from services.errors import NotAllowed
from tests.kit.product import KEYS, LICENSE_SECRETS

pytestmark = pytest.mark.process


def run(database: Database, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, on the tests' database."""
    own = {"DATABASE_URL": database.url, "PUBLIC_URL": "http://localhost:3000"}
    environment = {**own, "ENCRYPTION_KEYS": KEYS, **LICENSE_SECRETS}
    command = [sys.executable, "-m", "bot", "admin-key", *arguments]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


async def test_a_key_is_printed_alone_and_works_until_it_is_revoked(database: Database) -> None:
    pepper = LICENSE_SECRETS["LICENSE_PEPPER"].encode()
    name = f"Ada {uuid4().hex}"
    made = run(database, name)
    key = made.stdout.removesuffix("\n")
    assert (made.returncode, "\n" in key, key in made.stderr) == (0, False, False)
    keys = AdminKeys(database, pepper, "", lambda: datetime.now(UTC))
    assert (await keys.who(key)).name == name

    assert run(database, name).returncode == 2
    assert run(database, name, "--revoke").returncode == 0
    with pytest.raises(NotAllowed):
        await AdminKeys(database, pepper, "", lambda: datetime.now(UTC)).who(key)
    again = run(database, name, "--revoke")
    assert (again.returncode, len(again.stderr.strip().splitlines())) == (2, 1)
