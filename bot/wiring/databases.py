"""Providers of tenants' databases, as the settings choose them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from pydantic import SecretStr

from bot.local.postgres_binaries import candidates
from bot.settings.settings import Settings
from bot.wiring.webhooks import webhook_reach
from db.auth import AuthWindow, AuthWindows
from db.store.asyncpg_pool import AsyncpgPool
from db.store.reach import DatabaseUnavailable
from db.store.urls import parse
from integrations.databases import ConnectionMode, ConnectionParts
from integrations.errors import Unreachable
from integrations.http import ClientOptions, client
from integrations.supabase_management.client import SupabaseManagement
from integrations.supabase_management.errors import VENDOR
from integrations.supabase_management.pacing import TakeFromWindow
from integrations.supabase_management.provider import SupabaseDatabases
from integrations.tenant_databases.brought import BroughtDatabases
from integrations.tenant_databases.cluster import PostgresDatabases
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.dump import PgDump
from integrations.tenant_databases.smoke import TenantSmoke
from services.tenants import DatabaseProviders, TenantDatabases


class TenantVendors(NamedTuple):
    """Supabase's Management API, the one way to tenants' databases, and their providers."""

    management: SupabaseManagement
    connections: TenantConnections
    databases: DatabaseProviders


def build_tenant_vendors(settings: Settings, options: ClientOptions) -> TenantVendors:
    """Built once per process; nothing connects yet."""
    connections = build_tenant_connections(settings)
    management = build_management(settings, options)
    databases = build_databases(settings, connections, management)
    return TenantVendors(management, connections, databases)


def build_tenant_connections(settings: Settings) -> TenantConnections:
    """One per process, since it bounds how many there are; nothing connects yet."""
    return TenantConnections(policy=webhook_reach(settings))


def build_management(settings: Settings, options: ClientOptions) -> SupabaseManagement:
    """Without a limit of ours, until there is a database to count in."""
    http = client(settings.supabase_api_url, VENDOR, options)
    return SupabaseManagement(http, settings.given("supabase_access_token"))


def build_dumps(settings: Settings, connections: TenantConnections) -> PgDump:
    """pg_dump, wherever this machine has it."""
    return PgDump(connections, candidates, webhook_reach(settings))


def build_databases(
    settings: Settings, connections: TenantConnections, management: SupabaseManagement
) -> DatabaseProviders:
    """Every provider that is set up; whoever brings a database may always."""
    dumps = build_dumps(settings, connections)
    brought = BroughtDatabases(connections, dumps, webhook_reach(settings))
    known: dict[str, TenantDatabases] = {brought.name: brought}
    if settings.given("tenant_cluster_url"):
        cluster = PostgresDatabases(cluster_parts(settings), connections, dumps)
        known[cluster.name] = cluster
    if settings.given("supabase_access_token"):
        place = (settings.supabase_organization_id, settings.supabase_region)
        supabase = SupabaseDatabases(management, connections, dumps, *place)
        known[supabase.name] = supabase
    return DatabaseProviders(settings.tenant_provider, known, brought, TenantSmoke(connections))


def listing(
    given: DatabaseProviders,
) -> Mapping[str, PostgresDatabases | SupabaseDatabases]:
    """The providers that can say all they have."""
    kinds = (PostgresDatabases, SupabaseDatabases)
    return {name: one for name, one in given.by_name.items() if isinstance(one, kinds)}


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


def shared_windows(pool: AsyncpgPool) -> TakeFromWindow:
    """Counts in rows that every process shares, as sign-up does."""
    windows = AuthWindows(pool)

    async def take(key: bytes, most: int, period: timedelta) -> timedelta:
        try:
            return await windows.take([AuthWindow(key, most, period)])
        except DatabaseUnavailable:
            raise Unreachable(VENDOR, "our calls cannot be counted now") from None

    return take
