"""The same on real databases of a cluster: made, closed under a held session, opened, dropped."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from bot.local.postgres_binaries import candidates
from db.store.session import Database
from integrations.databases import ConnectionParts
from integrations.tenant_databases.cluster import PostgresDatabases
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.dump import PgDump
from integrations.tenant_databases.errors import Reason, TenantUnreachable
from integrations.tenant_databases.smoke import TenantSmoke
from services.tenants import DELETE, RESUME, SUSPEND, DatabaseProviders
from services.tenants.rows import known, parts_of
from tests.kit import tenant_parts
from tests.kit.tenant_desk import ADMIN, TenantDesk, tenant_desk

LET_GO = 2  # seconds, as people were promised
# Which of them depends on whether the server's word has come yet.
ENDED = (asyncpg.PostgresError, asyncpg.InterfaceError)


async def answer(connections: TenantConnections, parts: ConnectionParts) -> int:
    """Over a connection of its own."""
    async with connections.connect(parts) as connection:
        return int(await connection.fetchval("SELECT 1"))


@pytest.fixture
def connections() -> TenantConnections:
    """The only way in."""
    return TenantConnections()


@pytest_asyncio.fixture
async def real(
    database: Database, template_url: str, connections: TenantConnections
) -> AsyncIterator[TenantDesk]:
    """Tenants on the tests' own server."""
    cluster = tenant_parts.parts_of(template_url, database="postgres")
    provider = PostgresDatabases(cluster, connections, PgDump(connections, candidates))
    world = DatabaseProviders("postgres", {"postgres": provider}, None, TenantSmoke(connections))
    async with tenant_desk(database, world) as desk:
        yield desk


async def test_a_suspended_tenant_loses_its_sessions_and_gets_them_back_when_resumed(
    real: TenantDesk, connections: TenantConnections
) -> None:
    tenant = await real.ready("Real Ltd")
    assert tenant.state == "ready", tenant.problem
    parts = await real.tenants.parts(tenant.id)

    async def closed_under_us() -> None:
        async with connections.connect(parts) as held:
            await real.tenants.suspend(ADMIN, tenant.id, "Unpaid")
            await real.run(tenant.id, SUSPEND)
            await held.fetchval("SELECT 1", timeout=LET_GO)

    with pytest.raises(ENDED):
        await closed_under_us()
    with pytest.raises(TenantUnreachable) as refused:
        await answer(connections, parts)
    assert refused.value.reason is Reason.CLOSED
    await real.tenants.resume(ADMIN, tenant.id)
    await real.run(tenant.id, RESUME)
    assert await answer(connections, await real.tenants.parts(tenant.id)) == 1


async def test_a_deleted_tenant_is_dropped_although_somebody_is_connected(
    real: TenantDesk, connections: TenantConnections
) -> None:
    tenant = await real.ready("Gone Ltd")
    async with real.database.transaction() as session:
        parts = parts_of(session, await known(session, tenant.id))

    async def dropped_under_us() -> None:
        async with connections.connect(parts) as held:
            await real.tenants.delete(ADMIN, tenant.id, tenant.slug)
            await real.run(tenant.id, DELETE)
            await held.fetchval("SELECT 1", timeout=LET_GO)

    with pytest.raises(ENDED):
        await dropped_under_us()
    assert (await real.tenants.get(tenant.id)).state == "deleted"
    with pytest.raises(TenantUnreachable):
        await answer(connections, parts)


async def test_eight_that_sign_up_at_once_have_eight_databases(real: TenantDesk) -> None:
    made = [await real.sign_up(f"Crowd {n}") for n in range(8)]
    await asyncio.gather(*(real.run(tenant.id) for tenant in made))
    seen = [await real.tenants.get(tenant.id) for tenant in made]
    assert {one.state for one in seen} == {"ready"}
    assert len({one.database for one in seen}) == 8
