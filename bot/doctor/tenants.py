"""The doctor's look at where tenants' databases are made; it makes none."""

from asyncpg import PostgresError

from bot.doctor.finding import NOT_SET, WRONG, SettingFinding, fine, tried, untried, wrong
from bot.settings.settings import Settings
from bot.wiring.databases import cluster_parts
from integrations.errors import RefusedByVendor
from integrations.http import client
from integrations.supabase_management.client import SupabaseManagement
from integrations.supabase_management.errors import VENDOR
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.errors import TenantUnreachable

SUPABASE = (
    *("supabase_access_token", "supabase_organization_id"),
    *("supabase_region", "supabase_api_url"),
)
MAY = """
SELECT rolsuper OR (rolcreatedb AND rolcreaterole) FROM pg_roles WHERE rolname = current_user
"""


async def check_tenants(settings: Settings) -> tuple[SettingFinding, ...]:
    """The provider, the cluster, and Supabase's token."""
    return (_provider(settings), await _cluster(settings), await _supabase(settings))


def _provider(settings: Settings) -> SettingFinding:
    if not settings.tenant_provider:
        words = f"{NOT_SET}; tenants must bring a database of their own"
        return untried("tenant_databases", words=words)
    return fine("tenant_databases", words=settings.tenant_provider)


async def _cluster(settings: Settings) -> SettingFinding:
    name = "tenant_cluster_url"
    if not settings.given(name):
        return untried(name, words=NOT_SET)
    try:
        async with TenantConnections().connect(cluster_parts(settings)) as connection:
            may = await connection.fetchval(MAY)
    except (TenantUnreachable, PostgresError) as error:
        return SettingFinding((name,), WRONG, f"cannot be used ({error}); is it running?")
    if not may:
        return wrong(name, words="its role may not make databases and roles")
    return fine(name, words="answers, its role may make databases and roles")


async def _supabase(settings: Settings) -> SettingFinding:
    token = settings.given(SUPABASE[0])
    if not token:
        return untried(*SUPABASE, words=NOT_SET)
    async with client(settings.supabase_api_url, VENDOR) as http:
        api = SupabaseManagement(http, token)
        said = f"accepted, projects are made in {settings.supabase_region}"
        return await tried(
            *SUPABASE, call=_sees(api, settings.supabase_organization_id), words=said
        )


async def _sees(api: SupabaseManagement, organization: str) -> None:
    if organization not in await api.organizations():
        raise RefusedByVendor(VENDOR, "organization", f"no organization {organization} for it")
