"""The check-up: each of a member's connections is really tried, and what mends it is said."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass

from services.actors import Actor
from services.connections import CRM, FATHOM, GOOGLE, Connections, Gmail
from services.crm import CrmAccess
from services.errors import AWAY, DomainError, Temporary
from services.phrases import Phrase

# The person waits before an open modal.
PATIENCE_SECONDS = 12.0

NAMES = {FATHOM: "Fathom", GOOGLE: "Google", CRM: "CRM"}
WORKS = Phrase("works", "funziona")
KEY_WORKS = Phrase("the key works", "la chiave funziona")
DRAFTS_GO_TO = Phrase("drafts go to {account}", "le bozze vanno in {account}")
NO_CRM = Phrase(
    "not connected; follow-ups do without the CRM", "non collegato; i follow-up ne fanno a meno"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """How one connection did: `fine`, and a sentence in both languages that says more."""

    vendor: str
    fine: bool
    en: str
    it: str

    def sentence(self, language: str) -> str:
        """What was found, or what to do."""
        return self.it if language == "it" else self.en


class Checkups:
    """Tries connections; changes nothing but what the vendors themselves say is over."""

    def __init__(self, connections: Connections, gmail: Gmail, crm: CrmAccess) -> None:
        self._connections = connections
        self._gmail = gmail
        self._crm = crm

    async def run(self, actor: Actor) -> tuple[Finding, ...]:
        """Fathom's key, Gmail's renewal and the CRM's keys, all at once; never raises for them."""
        looks = (
            tried(FATHOM, self._fathom(actor)),
            tried(GOOGLE, self._google(actor)),
            self._crm_found(actor),
        )
        return tuple(await asyncio.gather(*looks))

    async def _fathom(self, actor: Actor) -> Finding:
        await self._connections.check_fathom(actor)
        return fine(FATHOM, KEY_WORKS)

    async def _google(self, actor: Actor) -> Finding:
        return fine(GOOGLE, DRAFTS_GO_TO, account=await self._gmail.check(actor))

    async def _crm_found(self, actor: Actor) -> Finding:
        """Under the name of the CRM that is connected."""
        crm = await self._crm.of(actor)
        if crm is None:
            return fine(CRM, NO_CRM)
        return await tried(crm.vendor, self._try_crm(actor, crm.vendor), crm.name)

    async def _try_crm(self, actor: Actor, vendor: str) -> Finding:
        async with self._crm.using(actor) as crm:
            await crm.check()
        return fine(vendor, WORKS)


async def tried(vendor: str, work: Awaitable[Finding], name: str = "") -> Finding:
    """What came of it, or why it did not; never raises for the vendor."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await work
    except TimeoutError:
        return _wrong(vendor, Temporary(AWAY, vendor=name or NAMES[vendor]))
    except DomainError as error:
        return _wrong(vendor, error)


def fine(vendor: str, words: Phrase, **values: object) -> Finding:
    """It works, in these words."""
    return Finding(vendor, fine=True, en=words("en", **values), it=words("it", **values))


def _wrong(vendor: str, error: DomainError) -> Finding:
    return Finding(vendor, fine=False, en=error.sentence("en"), it=error.sentence("it"))
