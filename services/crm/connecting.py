"""Connecting a workspace's CRM: keys are tried, kept sealed, and the index begins."""

from dataclasses import dataclass

from db.store.session import Database
from integrations.errors import AuthExpired, RefusedByVendor
from services.actors import Actor
from services.connections import (
    EVERYBODY,
    MEMBER_KEYS,
    CrmKeys,
    SharedKeys,
    StoredKeys,
    possible_key,
)
from services.crm.access import CrmAccess
from services.crm.port import CrmPort, CrmVendor
from services.crm.refresh import CrmRefresh
from services.errors import Invalid, NotAllowed, NotFound, translate_vendor_errors
from services.phrases import Phrase
from services.ports import Directory

ONLY_ADMINS = Phrase(
    "Only an admin of this Slack workspace can connect, change or disconnect its CRM. Ask one of "
    "them.",
    "Solo un admin di questo workspace Slack può collegare, cambiare o scollegare il CRM. Chiedi a "
    "uno di loro.",
)
NOT_A_KEY = Phrase(
    "That does not look like a key of {crm}. Copy it whole, without spaces.",
    "Non sembra una chiave di {crm}. Copiala intera, senza spazi.",
)
NOT_ACCEPTED = Phrase(
    "{crm} does not accept these keys. Copy current ones from {crm}.",
    "{crm} non accetta queste chiavi. Copiane di valide da {crm}.",
)
OTHER_CRM = Phrase(
    "This workspace does not use {crm}, so keys of your own for it would do nothing.",
    "Questo workspace non usa {crm}: chiavi tue non servirebbero a nulla.",
)
NOTHING_TO_DISCONNECT = Phrase(
    "There is nothing to disconnect: these keys come from Seguito’s own configuration.",
    "Non c’è niente da scollegare: queste chiavi vengono dalla configurazione di Seguito.",
)


@dataclass(frozen=True, slots=True)
class NewKeys:
    """What was typed for a CRM; `own` are a member's, else they serve the whole workspace."""

    vendor: str
    typed: tuple[str, ...]
    own: bool = False


class CrmConnecting:
    """Who may connect what, and what then begins."""

    def __init__(
        self,
        database: Database,
        keys: CrmKeys,
        access: CrmAccess,
        refresh: CrmRefresh,
        directory: Directory,
        shared: SharedKeys,
    ) -> None:
        self._database = database
        self._keys = keys
        self._access = access
        self._refresh = refresh
        self._directory = directory
        self._shared = shared

    async def form(self, actor: Actor, vendor_id: str, *, own: bool) -> CrmVendor:
        """The CRM whose keys may be typed by this person; raises NotAllowed, NotFound."""
        if not own:
            await self._check_admin(actor)
        return self._access.vendor(vendor_id)

    async def stored(self, actor: Actor) -> StoredKeys | None:
        """What this person's CRM is opened with now."""
        return await self._keys.of(actor)

    async def save(self, actor: Actor, new: NewKeys) -> CrmPort:
        """Try the keys, then keep them sealed; raises Invalid, NotAllowed or Temporary.

        Another CRM than before drops what was kept of the old one.
        """
        vendor = await self.form(actor, new.vendor, own=new.own)
        keys = read_keys(vendor, new.typed)
        everybody = Actor(actor.workspace_id, EVERYBODY)
        if new.own:
            theirs = await self._keys.of(everybody)
            if theirs is None or theirs.vendor != vendor.id or vendor.id not in MEMBER_KEYS:
                raise Invalid(OTHER_CRM, field=vendor.fields[0].id, crm=vendor.name)
        crm = vendor.open(keys)
        await _try(crm, vendor)
        holder = actor if new.own else everybody
        async with self._database.transaction() as session:
            await self._keys.keep(session, holder, vendor.id, keys, by=actor.member_id)
            if not new.own:
                await self._refresh.connected(session, actor.workspace_id, vendor.id)
        return crm

    async def disconnect(self, actor: Actor, *, own: bool) -> None:
        """Delete the member's own keys, or the workspace's; raises NotAllowed, NotFound.

        The workspace's index goes with its keys, unless the environment's take over.
        """
        if not own:
            await self._check_admin(actor)
        holder = actor if own else Actor(actor.workspace_id, EVERYBODY)
        async with self._database.transaction() as session:
            if not await self._keys.forget(session, holder):
                raise NotFound(NOTHING_TO_DISCONNECT)
            if not own:
                after = self._keys.of_environment(actor.workspace_id)
                await self._refresh.connected(session, actor.workspace_id, after)

    async def _check_admin(self, actor: Actor) -> None:
        home = actor.workspace_id == self._shared.workspace_id
        if home and actor.member_id in self._shared.admins:
            return
        if not (await self._directory.person(actor)).admin:
            raise NotAllowed(ONLY_ADMINS)


def read_keys(vendor: CrmVendor, typed: tuple[str, ...]) -> tuple[str, ...]:
    """The keys that were typed; raises Invalid for what cannot be one, without asking anybody."""
    keys = []
    for field, words in zip(vendor.fields, typed, strict=True):
        try:
            keys.append(possible_key(words))
        except Invalid as error:
            raise Invalid(NOT_A_KEY, field=field.id, crm=vendor.name) from error
    return tuple(keys)


async def _try(crm: CrmPort, vendor: CrmVendor) -> None:
    field = vendor.fields[0].id
    with translate_vendor_errors(vendor.name, let_through=(AuthExpired, RefusedByVendor)):
        try:
            await crm.check()
        except AuthExpired as error:
            raise Invalid(NOT_ACCEPTED, field=field, crm=vendor.name) from error
        except RefusedByVendor as error:
            told = crm.refusal(error)
            if told is None:
                raise Invalid(NOT_ACCEPTED, field=field, crm=vendor.name) from error
            raise Invalid(told.phrase, field=field, **told.values) from error
