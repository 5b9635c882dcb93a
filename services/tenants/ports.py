"""What tenants need of others: providers of databases, migrations, and a query that proves them."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import SecretStr

from integrations.databases import (
    ConnectionParts,
    DatabaseHealth,
    DatabaseState,
    ProvidedDatabase,
)


@dataclass(frozen=True, slots=True)
class DatabaseHandle:
    """One database at its provider: the provider's id, our name of it, and how to reach it."""

    ref: str
    name: str
    parts: ConnectionParts


class TenantDatabases(Protocol):
    """One provider of databases: `supabase`, `postgres`, or `own` (a URL somebody brought).

    Every verb may be repeated, also after a lost answer, and then changes nothing twice. Every
    verb raises an IntegrationError: Unreachable (it may have happened), RateLimited, AuthExpired,
    NeedsPerson (with the vendor's sentence), RefusedByVendor.
    """

    @property
    def name(self) -> str:
        """The word that is kept with a tenant: `supabase`, `postgres`, `own`."""

    async def find(self, name: str) -> ProvidedDatabase | None:
        """The database of exactly this name, however it fares.

        Over all pages: a page that fails raises, for a short list would be a second database.
        """

    async def create(self, name: str, password: SecretStr) -> ProvidedDatabase:
        """Ask for a database of this name whose owner has this password; it may still come up.

        Called only after `find` said None. At most once per try: no retry inside.
        """

    async def health(self, ref: str) -> DatabaseHealth:
        """How it fares; READY only when every service we need answers. GONE when it is unknown."""

    async def parts(self, ref: str, password: SecretStr) -> ConnectionParts:
        """How to reach it, as the provider says; nothing is built from a pattern."""

    async def suspend(self, database: DatabaseHandle) -> DatabaseState:
        """Refuse new connections and end the open ones.

        PAUSED when that is so, PAUSING when it takes a while (ask `health`), READY when this
        provider cannot: then only we stay away.
        """

    async def resume(self, database: DatabaseHandle) -> DatabaseState:
        """Accept connections again: READY, or COMING_UP (ask `health`), or PAUSING (not yet)."""

    def export(self, database: DatabaseHandle) -> AsyncIterator[bytes]:
        """A dump in pg_dump's custom format; ends only when the whole of it was given, else raises.

        A suspended database is exported too.
        """

    async def delete(self, database: DatabaseHandle) -> DatabaseState:
        """End its sessions and drop it, for ever: GONE, also when it was gone before.

        READY when this provider never deletes (`own`): it stays with whoever brought it.
        """


class OwnDatabases(Protocol):
    """Databases that customers bring by URL; every effective host is judged before connecting."""

    async def read(self, url: SecretStr) -> ConnectionParts:
        """The parts of a libpq URL, each host resolved once and judged; connects to nothing.

        RefusedByVendor `malformed`, `many_hosts`, `socket`, `service`, `unknown_host`,
        `private_address`.
        """

    async def is_empty(self, parts: ConnectionParts) -> bool:
        """Whether it holds no table, view, function or type of anybody's; raises as above."""


class Migrations(Protocol):
    """The migrations that every tenant has."""

    async def catch_up(self, tenant_id: str, parts: ConnectionParts) -> int:
        """Apply all that this database lacks, in order; how many these were.

        Safe to repeat. Raises DomainError with the sentence of what failed; Temporary when it is
        busy or away and worth another try.
        """


class SmokeQuery(Protocol):
    """One question that a working database answers."""

    async def ask(self, parts: ConnectionParts) -> str:
        """Connect anew, read and write in a temporary table; the server's version (`16.4`).

        Raises an IntegrationError. Never connects to any other database.
        """


@dataclass(frozen=True, slots=True)
class DatabaseProviders:
    """Where databases come from: by each provider's word, `usual` for new ones ("" for none).

    `own` reads addresses that customers bring; None: none may be brought.
    """

    usual: str
    by_name: Mapping[str, TenantDatabases]
    own: OwnDatabases | None
    smoke: SmokeQuery
