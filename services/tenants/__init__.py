"""Tenants: companies with a database of their own, from sign-up to deletion."""

from services.tenants.ports import (
    DatabaseHandle,
    Migrations,
    OwnDatabases,
    SmokeQuery,
    TenantDatabases,
)
