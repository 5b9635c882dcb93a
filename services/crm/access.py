"""A workspace's CRM: which one is connected, and the way into it with its failures in words."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from integrations.errors import RefusedByVendor
from services.actors import Actor
from services.connections import CRONO, Connections
from services.crm.port import CrmPort, CrmVendor
from services.errors import Disconnected, translate_vendor_errors
from services.phrases import Phrase

NO_CRM = Phrase(
    "No CRM is connected in this workspace. An admin can connect one in /seguito.",
    "In questo workspace non è collegato nessun CRM. Un admin può collegarlo in /seguito.",
)


class CrmAccess:
    """Opens the one CRM a workspace has connected."""

    def __init__(self, connections: Connections, vendors: Iterable[CrmVendor]) -> None:
        self._connections = connections
        self._vendors = {vendor.id: vendor for vendor in vendors}

    async def of(self, actor: Actor) -> CrmPort | None:
        """The member's CRM, or None; nothing leaves the process, so it may turn out refused."""
        keys = await self._connections.crono_keys(actor)
        return self._vendors[CRONO].open((keys.public, keys.private)) if keys else None

    @asynccontextmanager
    async def using(self, actor: Actor) -> AsyncIterator[CrmPort]:
        """The CRM, whose failures inside the block become sentences.

        Raises Disconnected without one or when its keys are refused, Temporary, Gone, Invalid,
        NotAllowed.
        """
        crm = await self.of(actor)
        if crm is None:
            raise Disconnected(NO_CRM, vendor="crm")
        with translate_vendor_errors(crm.name):
            try:
                yield crm
            except RefusedByVendor as error:
                told = crm.refusal(error)
                if told is None:
                    raise
                raise told from error
