"""What the ops channel is told of tenants, and what their cards say besides."""

from collections.abc import Sequence

from handlers.slack.outbound.ops_room import LANGUAGE, SlackOpsRoom
from services.alerts import Cause
from services.operations import Operation
from services.tenants import DELETE, ONBOARD, Tenant, TenantFindings, Tenants
from views.kit.blocks import Block
from views.slack import tenants as views


class SlackTenantRoom:
    """Speaks in the ops channel; every verb raises Temporary while Slack is away."""

    def __init__(self, room: SlackOpsRoom) -> None:
        self._room = room

    async def paused(self, tenant: Tenant) -> None:
        """Its database was paused, and not by us."""
        await self._room.say(views.paused(tenant, LANGUAGE))

    async def back(self, tenant: Tenant) -> None:
        """Its database is back by itself."""
        await self._room.say(views.back(tenant, LANGUAGE))

    async def findings(self, found: TenantFindings) -> None:
        """What the daily comparison with the providers found."""
        await self._room.raise_alert(Cause.TENANTS_DIFFER, views.findings(found, LANGUAGE))


class TenantCards:
    """What the card of a tenant's operation says as it stands now."""

    def __init__(self, tenants: Tenants) -> None:
        self._tenants = tenants

    async def draw(self, operation: Operation) -> Sequence[Block]:
        """A receipt, what can be done about a failure, or until when a deletion is taken back."""
        tenant = await self._tenants.get(operation.subject_id)
        return views.more_of(tenant, operation, ONBOARD, DELETE)
