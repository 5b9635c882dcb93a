"""A workspace's CRM: which one is connected, and the way into it with its failures in words."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from integrations.errors import AuthExpired, RefusedByVendor
from services.actors import Actor
from services.connections import CRM, EVERYBODY, CrmKeys, StoredKeys
from services.crm.port import CrmPort, CrmVendor
from services.errors import Disconnected, NotFound, translate_vendor_errors
from services.phrases import Phrase

NO_CRM = Phrase(
    "No CRM is connected in this workspace. An admin can connect one: /seguito connections.",
    "In questo workspace non è collegato nessun CRM. Un admin può collegarlo: /seguito "
    "connections.",
)
KEYS_REFUSED = Phrase(
    "{crm} does not accept this workspace’s keys any more. An admin can renew them: /seguito "
    "connections.",
    "{crm} non accetta più le chiavi di questo workspace. Un admin può rinnovarle: /seguito "
    "connections.",
)
OWN_KEYS_REFUSED = Phrase(
    "{crm} does not accept your own keys any more. Renew or remove them: /seguito connections.",
    "{crm} non accetta più le tue chiavi. Rinnovale o toglile: /seguito connections.",
)
NO_SUCH_CRM = Phrase("There is no such CRM here.", "Qui non c’è un CRM così.")


class CrmAccess:
    """Opens the one CRM a workspace has connected."""

    def __init__(self, keys: CrmKeys, vendors: Iterable[CrmVendor]) -> None:
        self._keys = keys
        self._vendors = {vendor.id: vendor for vendor in vendors}

    @property
    def vendors(self) -> tuple[CrmVendor, ...]:
        """Every CRM that can be connected."""
        return tuple(self._vendors.values())

    def vendor(self, vendor_id: str) -> CrmVendor:
        """The CRM of this id; raises NotFound."""
        try:
            return self._vendors[vendor_id]
        except KeyError:
            raise NotFound(NO_SUCH_CRM) from None

    async def of(self, actor: Actor) -> CrmPort | None:
        """The member's CRM, or None; nothing leaves the process, so it may turn out refused."""
        stored = await self._keys.of(actor)
        return self._open(stored) if stored else None

    @asynccontextmanager
    async def using(self, actor: Actor) -> AsyncIterator[CrmPort]:
        """The CRM, whose failures inside the block become sentences.

        Raises Disconnected without one or when its keys are refused (which marks them), Temporary,
        Gone, Invalid, NotAllowed. The mark goes when the CRM takes the keys again.
        """
        stored = await self._keys.of(actor)
        if stored is None:
            raise Disconnected(NO_CRM, vendor=CRM)
        crm = self._open(stored)
        with translate_vendor_errors(crm.name, let_through=(AuthExpired,)):
            try:
                yield crm
            except AuthExpired as error:
                await self._keys.mark(actor.workspace_id, stored, works=False)
                own = stored.member_id != EVERYBODY
                phrase = OWN_KEYS_REFUSED if own else KEYS_REFUSED
                raise Disconnected(phrase, vendor=CRM, crm=crm.name) from error
            except RefusedByVendor as error:
                told = crm.refusal(error)
                if told is None:
                    raise
                raise told from error
        await self._keys.mark(actor.workspace_id, stored, works=True)

    def _open(self, stored: StoredKeys) -> CrmPort:
        return self._vendors[stored.vendor].open(stored.keys)
