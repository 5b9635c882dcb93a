"""The tenants of this installation as rollouts see them."""

from collections.abc import Mapping

from services.errors import Conflict, NotFound
from services.rollouts.fleet import FleetTenant
from services.tenants import DELETED, DELETING, Tenant, Tenants

# What a plan costs a month, in minor units: enough to know who pays most.
PRICES: Mapping[str, int] = {"starter": 9_900, "professional": 29_900, "enterprise": 99_900}


class TenantFleet:
    """Reads the tenants' directory."""

    def __init__(self, tenants: Tenants) -> None:
        self._tenants = tenants

    async def all(self) -> tuple[FleetTenant, ...]:
        """Every tenant that was not deleted, without its parts."""
        return tuple([_seen(one) async for one in self._tenants.every()])

    async def find(self, tenant_id: str) -> FleetTenant | None:
        """The tenant with its parts while it is ready; None when it is gone."""
        try:
            tenant = await self._tenants.get(tenant_id)
            parts = await self._tenants.parts(tenant_id)
        except NotFound:
            return None
        except Conflict:
            return _seen(tenant)
        seen = _seen(tenant)
        return FleetTenant(seen.id, seen.name, seen.state, seen.ready, parts, gone=seen.gone)


def _seen(tenant: Tenant) -> FleetTenant:
    return FleetTenant(
        id=tenant.id,
        name=tenant.slug or tenant.id,
        state=tenant.state,
        ready=tenant.is_usable,
        price=PRICES.get(tenant.plan, 0),
        trial_ends_at=tenant.trial_ends_at,
        gone=tenant.state in (DELETING, DELETED),
    )
