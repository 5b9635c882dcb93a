"""The same protocol on PostgreSQL 18, and what is not compared between majors."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.local.postgres import LOSSY, Postgres
from bot.local.postgres_binaries import candidates, wheel_folders
from db.store.urls import parse
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.dump import PgDump
from integrations.tenant_databases.outcomes import Applied
from integrations.tenant_databases.runner import MigrationRunner
from integrations.tenant_databases.tryout import ScratchTryOut
from tests.kit.tenant_migrations import MIXED, MIXED_DOWN, filled, migration, ordered, run
from tests.kit.tenant_parts import parts_of

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def newest_url() -> Iterator[str]:
    """A server of PostgreSQL 18, from the wheel."""
    home = Path(tempfile.mkdtemp(prefix="seguito-tests-18-"))
    home.chmod(0o711)
    server = Postgres(home, settings=LOSSY, folders=list(wheel_folders()))
    yield server.start()
    server.stop()
    shutil.rmtree(home)


async def test_postgresql_18_goes_the_same_way_and_is_expected_apart(
    newest_url: str, new_database
) -> None:
    await run(newest_url, "CREATE DATABASE tenant")
    newest = parts_of(await filled(parse(newest_url).at("tenant").url))
    usual = parts_of(await filled(await new_database()))
    connections = TenantConnections()
    runner, what = MigrationRunner(connections), migration(MIXED, MIXED_DOWN)
    cluster = parts_of(newest_url, database="postgres")
    tries = ScratchTryOut(cluster, connections, PgDump(connections, candidates))
    found = await tries.try_out(what, [newest])
    assert (found.failure, found.impossible, found.can_roll_back) == (None, "", True)
    assert set(found.expected) == {18}
    start = await runner.fingerprint(newest)
    done = await runner.apply(newest, ordered(what, expected=found.expected))
    assert isinstance(done, Applied), done
    back = await runner.apply(newest, ordered(what, "down"))
    assert isinstance(back, Applied), back
    assert (await runner.fingerprint(newest)).hash == start.hash
    both = await tries.try_out(what, [newest, usual])
    other = (await runner.fingerprint(usual)).major
    if other != 18:
        assert (both.impossible, both.can_roll_back) == ("other_major", False)
        assert both.expected[other].after is None
