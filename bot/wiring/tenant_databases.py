"""Where tenants' databases come from, as the settings choose: each provider by its word."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from pydantic import SecretStr

from bot.local.postgres_binaries import candidates
from bot.settings.settings import Settings
from bot.wiring.vendors import Vendors
from bot.wiring.webhooks import webhook_reach
from db.auth import AuthWindow, AuthWindows
from db.store.asyncpg_pool import AsyncpgPool
from db.store.reach import DatabaseUnavailable
from db.store.urls import parse
from integrations.databases import ConnectionMode, ConnectionParts
from integrations.errors import Unreachable
from integrations.supabase_management.client import SupabaseManagement
from integrations.supabase_management.errors import VENDOR
from integrations.supabase_management.pacing import ManagementPace
from integrations.supabase_management.provider import SupabaseDatabases
from integrations.tenant_databases.brought import BroughtDatabases
from integrations.tenant_databases.cluster import PostgresDatabases
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.dump import PgDump


@dataclass(frozen=True, slots=True)
class TenantDatabaseParts:
    """The providers that are set up, None for one that is not; whoever brings one always may."""

    dumps: PgDump
    brought: BroughtDatabases
    cluster: PostgresDatabases | None
    supabase: SupabaseDatabases | None


def build_connections_to_tenants(settings: Settings) -> TenantConnections:
    """One per process: it bounds how many there are."""
    return TenantConnections(policy=webhook_reach(settings))


def build_tenant_databases(
    settings: Settings, vendors: Vendors, connections: TenantConnections, pool: AsyncpgPool
) -> TenantDatabaseParts:
    """Built once per process; nothing connects yet."""
    policy = webhook_reach(settings)
    dumps = PgDump(connections, candidates, policy)
    brought = BroughtDatabases(connections, dumps, policy)
    cluster, supabase = None, None
    if settings.given("tenant_cluster_url"):
        cluster = PostgresDatabases(cluster_parts(settings), connections, dumps)
    if token := settings.given("supabase_access_token"):
        api = SupabaseManagement(vendors.management, token, ManagementPace(_counted(pool)))
        place = (settings.supabase_organization_id, settings.supabase_region)
        supabase = SupabaseDatabases(api, connections, dumps, *place)
    return TenantDatabaseParts(dumps, brought, cluster, supabase)


def cluster_parts(settings: Settings) -> ConnectionParts:
    """TENANT_CLUSTER_URL in parts; it was checked when the settings were read."""
    given = parse(settings.given("tenant_cluster_url")).parameters
    return ConnectionParts(
        host=given["host"],
        port=int(given.get("port") or "5432"),
        database=given["dbname"],
        user=given.get("user", ""),
        password=SecretStr(given.get("password", "")),
        sslmode=given.get("sslmode", "prefer"),
        mode=ConnectionMode.DIRECT,
    )


def _counted(pool: AsyncpgPool) -> Callable[[bytes, int, timedelta], Awaitable[timedelta]]:
    """In the windows that sign-up counts in, too: rows that every process shares."""
    windows = AuthWindows(pool)

    async def take(key: bytes, most: int, period: timedelta) -> timedelta:
        try:
            return await windows.take([AuthWindow(key, most, period)])
        except DatabaseUnavailable:
            raise Unreachable(VENDOR, "our calls cannot be counted now") from None

    return take
