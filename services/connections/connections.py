"""What a member has connected: the Fathom key, the Google grant, Crono's keys, and their health."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from db import meetings
from db.connections import connections
from db.store import jobs
from db.store.session import Database, Session, seal, unseal
from integrations.fathom.client import Fathom
from services.actors import Actor
from services.connections.crm_keys import (
    CRM,
    CRMS,
    EVERYBODY,
    CrmKeys,
    CrmProgress,
    SharedKeys,
    progress_in,
)
from services.errors import Disconnected, Invalid, translate_vendor_errors
from services.phrases import Phrase
from services.ports import Clock

FATHOM = "fathom"
# The job that makes a member's webhook what it should be.
WATCH = "arrivals.settle"
GOOGLE = "google"
MAX_KEY = 400

NO_FATHOM = Phrase(
    "Connect Fathom first: I need your API key to see your meetings.",
    "Prima collega Fathom: mi serve la tua chiave API per vedere le riunioni.",
)
NO_GMAIL = Phrase(
    "Connect Gmail first, so that I can put drafts there.",
    "Prima collega Gmail, così posso metterci le bozze.",
)
RENEWING = Phrase(
    "Gmail’s access is being renewed. Please try again in a few seconds.",
    "L’accesso a Gmail si sta rinnovando. Riprova tra qualche secondo.",
)
NOT_A_KEY = Phrase(
    "That does not look like a Fathom API key. Copy it whole from Fathom › Settings › API Access.",
    "Non sembra una chiave API di Fathom. Copiala intera da Fathom › Settings › API Access.",
)
KEY_REFUSED = Phrase(
    "Fathom does not accept this key. Copy a current one from Fathom › Settings › API Access.",
    "Fathom non accetta questa chiave. Copiane una valida da Fathom › Settings › API Access.",
)


@dataclass(frozen=True, slots=True)
class ConnectionHealth:
    """One connection as its owner sees it; `account` is an e-mail address or "".

    `vendor` is `crm` when the workspace has connected none. Of a CRM `account` is who connected
    it, `index` how far its index is, and `own` says that the member uses keys of their own.
    """

    vendor: str
    connected: bool
    account: str
    since: datetime | None
    index: CrmProgress | None = None
    own: bool = False


class Connections:
    """Keeps and tests the members' keys."""

    def __init__(
        self,
        database: Database,
        fathom: Fathom,
        shared: SharedKeys,
        clock: Clock,
        crm_keys: CrmKeys,
    ) -> None:
        self._crm_keys = crm_keys
        self._database = database
        self._fathom = fathom
        self._shared = shared
        self._clock = clock

    async def fathom_key(self, actor: Actor) -> str:
        """The member's Fathom key, also one that was refused; raises Disconnected without one."""
        async with self._database.transaction() as session:
            row = await _find(session, actor, FATHOM)
            if row is not None:
                return unseal(session, row, "secret")
        if shared := self._shared_fathom(actor):
            return shared
        raise Disconnected(NO_FATHOM, vendor=FATHOM)

    @asynccontextmanager
    async def using_fathom(self, actor: Actor) -> AsyncIterator[str]:
        """Fathom's failures inside the block become ours.

        A refused key is marked and kept; the mark goes when Fathom takes the key again.
        """
        key = await self.fathom_key(actor)
        try:
            with translate_vendor_errors("Fathom"):
                yield key
        except Disconnected:
            await self.expired(actor, FATHOM, secret=key)
            raise
        await self._works(actor, FATHOM, secret=key)

    async def save_fathom_key(self, actor: Actor, typed: str) -> None:
        """Test the key with Fathom, then keep it sealed; raises Invalid or Temporary."""
        key = possible_key(typed)
        try:
            with translate_vendor_errors("Fathom"):
                await self._fathom.check_key(key)
        except Disconnected as error:
            raise Invalid(KEY_REFUSED, field="key") from error
        async with self._database.transaction() as session:
            await self.keep(session, actor, FATHOM, secret=key)
            await meetings.forget(session, actor.workspace_id, actor.member_id)
            await _watch(session, actor)

    async def addresses(self, actor: Actor) -> frozenset[str]:
        """The mailboxes the member has connected."""
        async with self._database.transaction() as session:
            rows = await connections.of_member(session, actor.workspace_id, actor.member_id)
        return frozenset(row.account.lower() for row in rows if row.account)

    async def check_fathom(self, actor: Actor) -> None:
        """Ask Fathom whether the member's key still works; raises Disconnected or Temporary."""
        async with self.using_fathom(actor) as key:
            await self._fathom.check_key(key)

    async def keep(
        self, session: Session, actor: Actor, vendor: str, *, secret: str, account: str = ""
    ) -> connections.Connection:
        """Insert or replace the member's sealed secret for `vendor`."""
        row = await _find(session, actor, vendor, lock=True)
        if row is None:
            row = connections.Connection(
                workspace_id=actor.workspace_id,
                member_id=actor.member_id,
                vendor=vendor,
                secret=b"",
                connected_at=self._clock(),
            )
        row.status = connections.CONNECTED
        row.account = account
        row.connected_at = self._clock()
        row.expires_at = None
        seal(session, row, "secret", secret)
        session.add(row)
        return row

    async def health(self, actor: Actor) -> tuple[ConnectionHealth, ...]:
        """Fathom, Gmail and the CRM, each connected or not."""
        async with self._database.transaction() as session:
            return await self.health_in(session, actor)

    async def health_in(self, session: Session, actor: Actor) -> tuple[ConnectionHealth, ...]:
        """The same in the caller's transaction; opens no secret and asks nobody outside."""
        rows = await connections.of_member_and_all(session, actor.workspace_id, actor.member_id)
        own = {row.vendor: row for row in rows if row.member_id == actor.member_id}
        fathom = _health(FATHOM, own.get(FATHOM))
        crm = self._crm(actor, own, [row for row in rows if row.member_id == EVERYBODY])
        index = await progress_in(session, actor.workspace_id) if crm.vendor != CRM else None
        return (
            replace(fathom, connected=True) if self._shared_fathom(actor) else fathom,
            _health(GOOGLE, own.get(GOOGLE)),
            replace(crm, index=index),
        )

    def _crm(
        self,
        actor: Actor,
        own: Mapping[str, connections.Connection],
        everybodys: list[connections.Connection],
    ) -> ConnectionHealth:
        """As `CrmKeys.of` chooses: one's own keys, else the workspace's, else the environment's."""
        shared = next((row for row in everybodys if row.vendor in CRMS), None)
        vendor = shared.vendor if shared else self._crm_keys.of_environment(actor.workspace_id)
        if not vendor:
            return ConnectionHealth(CRM, connected=False, account="", since=None)
        row = own.get(vendor)
        if row is None and shared is None:
            return ConnectionHealth(vendor, connected=True, account="", since=None)
        return replace(_health(vendor, row or shared), own=row is not None)

    async def forget_fathom(self, actor: Actor) -> bool:
        """Delete the member's Fathom key; whether there was one."""
        async with self._database.transaction() as session:
            row = await _find(session, actor, FATHOM, lock=True)
            if row is not None:
                await session.delete(row)
                await session.flush()
                await _watch(session, actor)
            await meetings.forget(session, actor.workspace_id, actor.member_id)
        return row is not None

    async def expired(self, actor: Actor, vendor: str, *, secret: str) -> bool:
        """Mark a connection dead; True the first time, so that its owner is told once.

        `secret` is what the vendor refused: a connection made anew meanwhile stays alive.
        """
        async with self._database.transaction() as session:
            row = await _find(session, actor, vendor, lock=True)
            if row is None or row.status == connections.DISCONNECTED:
                return False
            if unseal(session, row, "secret") != secret:
                return False
            row.status = connections.DISCONNECTED
            session.add(row)
        return True

    def _shared_fathom(self, actor: Actor) -> str:
        """The key that serves an ops admin who has none of their own; "" for anybody else."""
        is_admin = self._home(actor) and actor.member_id in self._shared.admins
        return self._shared.fathom if is_admin else ""

    async def _works(self, actor: Actor, vendor: str, *, secret: str) -> None:
        async with self._database.transaction() as session:
            row = await _find(session, actor, vendor)
            failing = row is not None and row.status != connections.CONNECTED
            if row is not None and failing and unseal(session, row, "secret") == secret:
                row.status = connections.CONNECTED
                session.add(row)

    def _home(self, actor: Actor) -> bool:
        return actor.workspace_id == self._shared.workspace_id


def possible_key(typed: str) -> str:
    """The key that was typed; raises Invalid when it cannot be one, without asking anybody."""
    key = typed.strip()
    if not key or len(key) > MAX_KEY or not key.isascii() or not key.isprintable() or " " in key:
        raise Invalid(NOT_A_KEY, field="key")
    return key


async def _find(
    session: Session, actor: Actor, vendor: str, *, lock: bool = False
) -> connections.Connection | None:
    return await connections.find(session, actor.workspace_id, actor.member_id, vendor, lock=lock)


async def _watch(session: Session, actor: Actor) -> None:
    ids = (actor.workspace_id, actor.member_id)
    job = f"{WATCH}:{uuid4().hex}"
    await jobs.start(session, WATCH, job, *ids, partition=actor.workspace_id)


def _health(vendor: str, row: connections.Connection | None) -> ConnectionHealth:
    connected = row is not None and row.status == connections.CONNECTED
    return ConnectionHealth(
        vendor, connected, row.account if row else "", row.connected_at if row else None
    )
