"""`python -m bot tenants`: which companies there are, and how each fares, a line for each."""

from typing import TextIO

from db.store.session import Database
from services.tenants import Tenant, every_tenant

COLUMNS = ("id", "slug", "company", "state", "plan", "provider", "database", "email", "problem")


async def write_tenants(database: Database, out: TextIO) -> int:
    """A line for each that is not deleted, with tabs between the columns; how many there are."""
    out.write("\t".join(COLUMNS) + "\n")
    count = 0
    async for tenant in every_tenant(database):
        out.write("\t".join(_columns(tenant)) + "\n")
        count += 1
    return count


def _columns(tenant: Tenant) -> tuple[str, ...]:
    return (
        tenant.id,
        tenant.slug,
        tenant.company,
        tenant.state,
        tenant.plan,
        tenant.provider,
        tenant.database,
        tenant.email,
        " ".join(tenant.problem.split()),
    )
