"""The tenants of this installation as rollouts see them."""

from collections.abc import Mapping
from dataclasses import replace

from services.errors import Conflict, NotFound
from services.rollouts.fleet import FleetTenant, PayerStanding, PayerStandings
from services.tenants import DELETED, DELETING, Tenant, Tenants

# What a plan by contract is worth a month, in cents: enough to know who pays most.
CURRENCY = "usd"
PRICES: Mapping[str, int] = {"starter": 9_900, "professional": 29_900, "enterprise": 99_900}


class TenantFleet:
    """Reads the tenants' directory, and asks who pays for each."""

    def __init__(self, tenants: Tenants, payers: PayerStandings) -> None:
        self._tenants = tenants
        self._payers = payers

    async def all(self) -> tuple[FleetTenant, ...]:
        """Every tenant that was not deleted, without its parts."""
        return tuple([_seen(one) async for one in self._tenants.every()])

    async def paying(self) -> tuple[FleetTenant, ...]:
        """The same, with how the payer of each stands."""
        tenants = [one async for one in self._tenants.every()]
        customers = sorted({one.customer_id for one in tenants if one.customer_id})
        paying = await self._payers.standings(customers)
        return tuple(_paid(_seen(one), one, paying.get(one.customer_id)) for one in tenants)

    async def find(self, tenant_id: str) -> FleetTenant | None:
        """The tenant with its parts while it is ready, who pays unasked; None when it is gone."""
        try:
            tenant = await self._tenants.get(tenant_id)
            parts = await self._tenants.parts(tenant_id)
        except NotFound:
            return None
        except Conflict:
            return _seen(tenant)
        return replace(_seen(tenant), parts=parts)


def _seen(tenant: Tenant) -> FleetTenant:
    return FleetTenant(
        id=tenant.id,
        name=tenant.slug or tenant.id,
        state=tenant.state,
        ready=tenant.is_usable,
        trial_ends_at=tenant.trial_ends_at,
        gone=tenant.state in (DELETING, DELETED),
    )


def _paid(seen: FleetTenant, tenant: Tenant, payer: PayerStanding | None) -> FleetTenant:
    """With what its payer pays; who has neither subscription nor trial pays by contract."""
    if payer is None or not (payer.price or payer.trial_ends_at):
        seen = replace(seen, price=PRICES.get(tenant.plan, 0), currency=CURRENCY)
    if payer is None:
        return seen
    if payer.price:
        seen = replace(seen, price=payer.price, currency=payer.currency)
    return replace(seen, dunning=payer.dunning, trial_ends_at=payer.trial_ends_at)
