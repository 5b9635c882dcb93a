"""The keys of a workspace's CRM, or a member's own for it: sealed, and marked when refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import TypeAdapter

from db.connections import connections as table
from db.crm import refreshes
from db.store.session import Database, Session, seal, unseal
from services.actors import Actor
from services.ports import Clock

CRM = "crm"
CRONO = "crono"
HUBSPOT = "hubspot"
CRMS = (CRONO, HUBSPOT)
# Where a member can have keys of their own, so that the CRM names them as the author.
MEMBER_KEYS = frozenset({CRONO})
# Whose row the workspace's own keys are.
EVERYBODY = ""
KEYS: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[str, ...])


@dataclass(frozen=True, slots=True)
class SharedKeys:
    """Keys from the environment: they serve the people of one workspace only.

    The Fathom key shows one person's meetings, so it serves the ops admins alone.
    """

    workspace_id: str = ""
    admins: frozenset[str] = frozenset()
    fathom: str = ""
    crono: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class StoredKeys:
    """What opens the CRM for somebody; `by` connected it ("" for the environment's keys)."""

    vendor: str
    keys: tuple[str, ...] = field(repr=False)
    works: bool = True
    member_id: str = EVERYBODY
    by: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class CrmProgress:
    """How far the workspace's index of its CRM is; `problem` is what the last reading met."""

    done: int
    total: int
    filled: bool
    refreshed_at: datetime | None


class CrmKeys:
    """Keeps the keys of one CRM per workspace, and members' own keys for that same CRM."""

    def __init__(self, database: Database, shared: SharedKeys, clock: Clock) -> None:
        self._database = database
        self._shared = shared
        self._clock = clock

    async def of(self, actor: Actor) -> StoredKeys | None:
        """The member's own keys, else the workspace's, else the environment's."""
        async with self._database.transaction() as session:
            everybody = await _of(session, actor.workspace_id, EVERYBODY)
            stored = everybody or self._from_environment(actor.workspace_id)
            if stored is None or actor.member_id == EVERYBODY:
                return stored
            own = await _of(session, actor.workspace_id, actor.member_id)
            return own if own is not None and own.vendor == stored.vendor else stored

    async def workspaces(self) -> Mapping[str, str]:
        """Every workspace with a CRM, and which."""
        async with self._database.transaction() as session:
            rows = await table.of_everybody(session, CRMS)
        found = {row.workspace_id: row.vendor for row in rows}
        if self._shared.crono and self._shared.workspace_id:
            found.setdefault(self._shared.workspace_id, CRONO)
        return found

    async def keep(
        self, session: Session, actor: Actor, vendor: str, keys: tuple[str, ...], *, by: str
    ) -> None:
        """Seal the keys; those for everybody (an empty member) replace every other CRM's."""
        if actor.member_id == EVERYBODY:
            await table.forget(session, actor.workspace_id, [one for one in CRMS if one != vendor])
        row = await table.find(session, actor.workspace_id, actor.member_id, vendor, lock=True)
        if row is None:
            row = table.Connection(
                workspace_id=actor.workspace_id,
                member_id=actor.member_id,
                vendor=vendor,
                secret=b"",
                connected_at=self._clock(),
            )
        row.status, row.account, row.connected_at = table.CONNECTED, by, self._clock()
        seal(session, row, "secret", KEYS.dump_json(keys).decode())
        session.add(row)

    async def forget(self, session: Session, actor: Actor) -> bool:
        """Delete the member's own keys, or the workspace's; whether there were any."""
        stored = await _of(session, actor.workspace_id, actor.member_id)
        if stored is None:
            return False
        row = await table.find(
            session, actor.workspace_id, actor.member_id, stored.vendor, lock=True
        )
        if row is not None:
            await session.delete(row)
        return row is not None

    async def mark(self, workspace_id: str, stored: StoredKeys, *, works: bool) -> None:
        """Say that the CRM refused these very keys, or took them again; they are never deleted."""
        if works == stored.works:
            return
        async with self._database.transaction() as session:
            row = await table.find(
                session, workspace_id, stored.member_id, stored.vendor, lock=True
            )
            if (
                row is not None
                and KEYS.validate_json(unseal(session, row, "secret")) == stored.keys
            ):
                row.status = table.CONNECTED if works else table.DISCONNECTED
                session.add(row)

    async def progress(self, workspace_id: str) -> CrmProgress | None:
        """How far the index is; None before its first reading."""
        async with self._database.transaction() as session:
            return await progress_in(session, workspace_id)

    def of_environment(self, workspace_id: str) -> str:
        """The CRM that the environment's keys open for this workspace, "" for none."""
        stored = self._from_environment(workspace_id)
        return stored.vendor if stored else ""

    def _from_environment(self, workspace_id: str) -> StoredKeys | None:
        shared = self._shared
        if shared.crono and workspace_id == shared.workspace_id:
            return StoredKeys(CRONO, shared.crono)
        return None


async def progress_in(session: Session, workspace_id: str) -> CrmProgress | None:
    """How far the workspace's index is; None before its first reading."""
    row = await refreshes.find(session, workspace_id)
    if row is None:
        return None
    return CrmProgress(row.done, row.total, row.filled_at is not None, row.refreshed_at)


async def _of(session: Session, workspace_id: str, member_id: str) -> StoredKeys | None:
    for row in await table.of_member(session, workspace_id, member_id):
        if row.vendor in CRMS:
            return StoredKeys(
                row.vendor,
                _keys(session, row),
                row.status == table.CONNECTED,
                member_id,
                row.account,
                row.connected_at,
            )
    return None


def _keys(session: Session, row: table.Connection) -> tuple[str, ...]:
    return KEYS.validate_json(unseal(session, row, "secret"))
