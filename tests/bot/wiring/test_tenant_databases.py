"""Where tenants' databases come from: which providers are set up, and the limit they share."""

import asyncio

import pytest
from pydantic import SecretStr

from bot.settings.settings import Settings
from bot.wiring.databases import build_tenant_vendors, cluster_parts, shared_windows
from db.store.asyncpg_pool import AsyncpgPool
from integrations.errors import Unreachable
from integrations.http import ClientOptions
from integrations.supabase_management.pacing import MOST, WINDOW, ManagementPace
from tests.conftest import NewDatabase

CLUSTER = "postgresql://manager:p%40ss@db.internal:5433/postgres?sslmode=require"
SUPABASE = {
    "supabase_access_token": SecretStr("sbp_0123456789abcdef0123"),
    "supabase_organization_id": "acme",
}


async def names(**given: object) -> tuple[str, set[str]]:
    """The usual provider, and all that are known."""
    built = build_tenant_vendors(Settings(**given), ClientOptions())
    await built.management.close()
    return built.databases.usual, set(built.databases.by_name)


@pytest.mark.parametrize(
    ("given", "usual", "known"),
    [
        ({}, "", {"own"}),
        ({"tenant_cluster_url": SecretStr(CLUSTER)}, "postgres", {"own", "postgres"}),
        (SUPABASE, "supabase", {"own", "supabase"}),
        (
            SUPABASE | {"tenant_cluster_url": SecretStr(CLUSTER), "tenant_databases": "postgres"},
            "postgres",
            {"own", "postgres", "supabase"},
        ),
    ],
)
async def test_the_settings_choose_the_provider(given, usual, known) -> None:
    assert await names(**given) == (usual, known)


def test_the_clusters_address_is_kept_in_parts() -> None:
    parts = cluster_parts(Settings(tenant_cluster_url=SecretStr(CLUSTER)))
    assert (parts.host, parts.port, parts.database) == ("db.internal", 5433, "postgres")
    assert (parts.user, parts.password.get_secret_value()) == ("manager", "p@ss")
    assert parts.sslmode == "require"


async def test_half_of_the_limit_is_shared_by_all_processes(
    migrated_database: NewDatabase,
) -> None:
    url = await migrated_database()
    pools = [AsyncpgPool(url, size=4) for _ in range(3)]
    paces = [ManagementPace(shared_windows(pool)) for pool in pools]
    waits = await asyncio.gather(
        *(paces[number % 3]("projects.get", "abc") for number in range(MOST * 2))
    )
    assert sum(not wait for wait in waits) == MOST
    assert max(waits) <= WINDOW
    # Another project, or another endpoint, has a limit of its own.
    assert not await paces[0]("projects.get", "def")
    assert not await paces[1]("projects.health", "abc")
    for pool in pools:
        await pool.close()


async def test_while_our_database_is_away_nothing_is_asked(closed_database: str) -> None:
    pool = AsyncpgPool(closed_database)
    with pytest.raises(Unreachable):
        await ManagementPace(shared_windows(pool))("projects.get", "abc")
    await pool.close()


@pytest.fixture
def closed_database() -> str:
    """Where nobody listens."""
    return "postgresql://nobody:x@127.0.0.1:1/none"
