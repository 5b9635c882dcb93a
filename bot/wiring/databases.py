"""Providers of tenants' databases, as the settings choose them."""

from bot.settings.settings import Settings
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.smoke import TenantSmoke
from services.tenants import DatabaseProviders


def build_databases(settings: Settings, connections: TenantConnections) -> DatabaseProviders:
    """Built once per process; nothing connects yet."""
    return DatabaseProviders(usual="", by_name={}, own=None, smoke=TenantSmoke(connections))
