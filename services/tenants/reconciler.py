"""Compares the providers' databases with what we keep: tells, closes what is open, deletes none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog

from db.store.session import Database
from db.tenants import tenants as table
from integrations.databases import DatabaseState, ListedDatabase
from integrations.errors import IntegrationError
from services.ports import Clock

RECONCILE = "tenants.reconcile"
# Younger ones may be somebody's onboarding whose row this look did not see.
SETTLED = timedelta(hours=24)
# Whose database must be there.
KEPT = frozenset((table.READY, table.PAUSED, table.SUSPENDED, table.RESUMING))

log = structlog.get_logger(__name__)


class OpenDoor(Protocol):
    """A tenant's role that may enter a database which is not its own."""

    @property
    def role(self) -> str:
        """The role, called like the tenant's database."""

    @property
    def database(self) -> str:
        """Where it may go."""


class ListsDatabases(Protocol):
    """A provider as the reconciler sees it. Every verb raises an IntegrationError."""

    async def listed(self) -> tuple[ListedDatabase, ...]:
        """Every database there; all of them or an error, never a part."""

    async def breaches(self) -> Sequence[OpenDoor]:
        """Who may enter what is not theirs, after closing what can be closed."""


@dataclass(frozen=True, slots=True)
class TenantFindings:
    """What a person should look at. Nothing was deleted.

    unseen      providers that did not list all they have: of these nothing else is said
    orphans     databases of ours by their name that no tenant is stored with, by provider
    missing     tenants whose database their provider does not know
    breaches    roles and the databases of others they may enter
    """

    unseen: tuple[str, ...] = ()
    orphans: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    breaches: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.unseen or self.orphans or self.missing or self.breaches)


class FindingsRoom(Protocol):
    """The ops channel; raises Temporary while Slack is away."""

    async def findings(self, found: TenantFindings) -> None:
        """What a person should look at."""


class TenantReconciler:
    """Looks once a day. Matches by stored ids; a project is deleted by a person's button only."""

    def __init__(
        self,
        database: Database,
        providers: Mapping[str, ListsDatabases],
        room: FindingsRoom,
        prefix: str,
        clock: Clock,
    ) -> None:
        """`prefix` of the names that we give to databases."""
        self._database = database
        self._providers = providers
        self._room = room
        self._prefix = prefix
        self._clock = clock

    async def tick(self, slot: str) -> None:
        """A step: look, and tell the ops channel if there is anything."""
        found = await self.look()
        log.info("tenants.reconciled", count=len(found.orphans) + len(found.missing))
        if found:
            await self._room.findings(found)

    async def look(self) -> TenantFindings:
        """Compare every provider; one that fails, or lists a part, is told and nothing more."""
        seen = [await self._provider(name, one) for name, one in self._providers.items()]
        return TenantFindings(
            tuple(one for each in seen for one in each.unseen),
            tuple(one for each in seen for one in each.orphans),
            tuple(one for each in seen for one in each.missing),
            tuple(one for each in seen for one in each.breaches),
        )

    async def _provider(self, name: str, provider: ListsDatabases) -> TenantFindings:
        try:
            listed = await provider.listed()
            breaches = await provider.breaches()
        except IntegrationError as error:
            log.warning("tenants.not_listed", vendor=name, detail=str(error))
            return TenantFindings(unseen=(name,))
        # After the list: whoever signed up meanwhile is stored, and not taken for an orphan.
        async with self._database.transaction() as session:
            rows = await table.with_database(session, name)
        refs = {row.ref for row in rows}
        names = {row.project_name for row in rows}
        there = {one.ref for one in listed if one.state is not DatabaseState.GONE}
        orphans = (one for one in listed if one.ref not in refs and one.name not in names)
        return TenantFindings(
            orphans=tuple(f"{name}: {one.name}" for one in orphans if self._is_old(one)),
            missing=tuple(
                f"{row.slug or row.id} ({name})"
                for row in rows
                if row.ref and row.ref not in there and row.state in KEPT
            ),
            breaches=tuple(f"{one.role} → {one.database}" for one in breaches),
        )

    def _is_old(self, one: ListedDatabase) -> bool:
        """Ours by its name, and made so long ago that nobody is still at it."""
        made = one.created_at
        settled = made is not None and made < self._clock() - SETTLED
        return one.name.startswith(self._prefix) and settled
