"""Tenants' databases on a PostgreSQL cluster of our own: a database and a role each."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

import asyncpg
from asyncpg import Connection, PostgresError
from pydantic import SecretStr

from integrations.databases import (
    ConnectionMode,
    ConnectionParts,
    DatabaseHealth,
    DatabaseState,
    KnownDatabase,
    ListedDatabase,
    NeedsPerson,
    ProvidedDatabase,
)
from integrations.errors import RefusedByVendor
from integrations.tenant_databases import cluster_sql as sql
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.dump import PgDump
from integrations.tenant_databases.errors import VENDOR, state_of, unreachable
from integrations.tenant_databases.scram import scram_verifier

# Somebody is connected to the template or to what is dropped (55006), or changes the same row of
# the catalog at the same moment (XX000 “tuple concurrently updated”).
BUSY = frozenset({"55006", "XX000"})
TRIES = 8
FIRST_WAIT, LONGEST_WAIT = 0.05, 2.0  # seconds
DUPLICATES = (asyncpg.DuplicateDatabaseError, asyncpg.DuplicateObjectError)
# Sessions that were logging in while CONNECT was taken away are seen a moment later.
LOOKS = 4
BETWEEN_LOOKS = 0.05  # seconds
MAX_NAME = 63  # bytes; PostgreSQL's NAMEDATALEN
MARK_LENGTH = 16
CLOSINGS = 4
OPEN_DATABASES = "open_databases"
NOT_OURS = "name_taken"
CURE = (
    "Tenants could also connect to {names}. As the owner of the cluster run, for each of them: "
    "REVOKE CONNECT, TEMPORARY ON DATABASE … FROM PUBLIC; then try again."
)


@dataclass(frozen=True, slots=True)
class PrivilegeBreach:
    """A tenant's role may connect to, or make tables in, a database that is not its own."""

    role: str
    database: str


class PostgresDatabases:
    """A provider of tenants' databases (services/tenants/ports.py); `ref` is the database's name.

    The database belongs to us and the role may only work in it, so that the role can let nobody
    in. Nobody else may connect: neither other tenants nor, as PostgreSQL has it by itself, PUBLIC.
    """

    name = "postgres"

    def __init__(
        self, cluster: ConnectionParts, connections: TenantConnections, dumps: PgDump
    ) -> None:
        """`cluster`: a database of it, as a role that may make databases and roles."""
        self._cluster = cluster
        self._connections = connections
        self._dumps = dumps

    async def find(self, name: str) -> ProvidedDatabase | None:
        """The tenant's database of this name; RefusedByVendor `name_taken` if it is no tenant's."""
        ref = database_name(name)
        async with self._admin() as admin:
            row = await admin.fetchrow(sql.FIND, ref, sql.TENANTS)
        if row is None:
            return None
        if not row["ours"]:
            raise RefusedByVendor(VENDOR, NOT_OURS, "a database of this name is no tenant's")
        return ProvidedDatabase(ref, name, _state(row))

    async def listed(self) -> tuple[ListedDatabase, ...]:
        """Every tenant's database of the cluster."""
        async with self._admin() as admin:
            rows = await admin.fetch(sql.LIST, sql.TENANTS)
        return tuple(
            ListedDatabase(row["name"], row["name"], _state(row), _made(row["comment"]))
            for row in rows
        )

    async def create(self, name: str, password: SecretStr) -> ProvidedDatabase:
        """Role and database, closed to everybody else; NeedsPerson when it cannot be closed."""
        ref = database_name(name)
        async with self._admin() as admin:
            await self._role(admin, ref, password)
            with suppress(*DUPLICATES):
                await _patiently(admin, sql.create_database(ref))
        await self._finish(ref)
        return ProvidedDatabase(ref, name, DatabaseState.READY)

    async def health(self, ref: str) -> DatabaseHealth:
        """READY, PAUSED or GONE; what a killed process left half made is finished here."""
        found = await self.find(ref)
        if found is None:
            return DatabaseHealth(DatabaseState.GONE)
        if found.state is DatabaseState.COMING_UP:
            await self._finish(ref)
            return DatabaseHealth(DatabaseState.READY)
        return DatabaseHealth(found.state)

    async def parts(self, ref: str, password: SecretStr) -> ConnectionParts:
        """The cluster's address, the tenant's database and role."""
        return replace(self._cluster, database=ref, user=ref, password=password)

    async def suspend(self, database: KnownDatabase) -> DatabaseState:
        """Take CONNECT away and end its sessions: PAUSED when none is left, else PAUSING."""
        async with self._admin() as admin:
            if await admin.fetchrow(sql.FIND, database.ref, sql.TENANTS) is None:
                return DatabaseState.GONE
            await _patiently(admin, sql.close(database.ref))
            for _ in range(LOOKS):
                await admin.fetch(sql.END_SESSIONS, database.ref)
                await asyncio.sleep(BETWEEN_LOOKS)
            left = await admin.fetchval(sql.SESSIONS, database.ref)
        return DatabaseState.PAUSING if left else DatabaseState.PAUSED

    async def resume(self, database: KnownDatabase) -> DatabaseState:
        """Give CONNECT back."""
        async with self._admin() as admin:
            if await admin.fetchrow(sql.FIND, database.ref, sql.TENANTS) is None:
                return DatabaseState.GONE
            await _patiently(admin, sql.open_to_tenant(database.ref))
        return DatabaseState.READY

    async def export(self, database: KnownDatabase) -> AsyncIterator[bytes]:
        """A dump in pg_dump's custom format, also of a suspended one: it is read as its owner."""
        parts = replace(self._cluster, database=database.ref)
        async for part in self._dumps.export(parts, "--no-owner"):
            yield part

    async def delete(self, database: KnownDatabase) -> DatabaseState:
        """End its sessions, drop the database and its role; also what is half gone."""
        async with self._admin() as admin:
            row = await admin.fetchrow(sql.FIND, database.ref, sql.TENANTS)
            if row is not None and not row["ours"]:
                raise RefusedByVendor(VENDOR, NOT_OURS, "a database of this name is no tenant's")
            if row is not None:
                await _patiently(admin, sql.close(database.ref))
                await _patiently(admin, sql.drop_database(database.ref))
            if await admin.fetchval(sql.IS_TENANT, database.ref, sql.TENANTS):
                await _patiently(admin, sql.drop_role(database.ref))
        return DatabaseState.GONE

    async def breaches(self) -> tuple[PrivilegeBreach, ...]:
        """Where tenants' roles may go and should not; first what can be closed is closed."""
        async with self._admin() as admin:
            await self._close_to_public(admin)
            rows = await admin.fetch(sql.BREACHES, sql.TENANTS)
        return tuple(PrivilegeBreach(row["role"], row["database"]) for row in rows)

    async def _role(self, admin: Connection, name: str, password: SecretStr) -> None:
        """The role with this password; of a role that is there and no tenant's: `name_taken`."""
        with suppress(*DUPLICATES):
            await _patiently(admin, sql.create_group())
        verifier = scram_verifier(password.get_secret_value())
        try:
            await _patiently(admin, sql.create_role(name, verifier))
        except asyncpg.DuplicateObjectError:
            if not await admin.fetchval(sql.IS_TENANT, name, sql.TENANTS):
                raise RefusedByVendor(VENDOR, NOT_OURS, "a role of this name is there") from None
            await _patiently(admin, sql.alter_role(name, verifier))

    async def _finish(self, name: str) -> None:
        """What makes a database a tenant's; its comment comes last and says that it is whole.

        One connection at a time: who holds one while waiting for another waits for itself.
        """
        async with self._admin() as admin:
            if not await admin.fetchval(sql.IS_SUPERUSER):
                await _patiently(admin, sql.join_role(name))
            await _patiently(admin, sql.close(name))
            await self._close_to_public(admin)
            await _patiently(admin, sql.accept(name))
        async with self._connect(replace(self._cluster, database=name)) as inside:
            await _patiently(inside, sql.give_schema(name))
        async with self._admin() as admin:
            await _patiently(admin, sql.open_to_tenant(name))
            await self._check(admin, name)
            made = datetime.now(UTC).isoformat(timespec="seconds")
            await _patiently(admin, sql.comment(name, f"{sql.MARK}{made}"))

    async def _check(self, admin: Connection, name: str) -> None:
        """Its role may enter its own database alone; others may have been made meanwhile."""
        for _ in range(CLOSINGS):
            rows = await admin.fetch(sql.BREACHES_OF, name)
            if not rows:
                return
            await self._close_to_public(admin)
        names = ", ".join(row["database"] for row in rows)
        raise NeedsPerson(VENDOR, OPEN_DATABASES, CURE.format(names=names))

    async def _close_to_public(self, admin: Connection) -> None:
        """No database lets in whoever has a role; roles that could before and are no tenants' may
        go on. What we may not change stays, and is found as a breach."""
        for row in await admin.fetch(sql.OPEN_TO_PUBLIC):
            roles = [one["name"] for one in await admin.fetch(sql.OTHER_ROLES, sql.TENANTS)]
            with suppress(asyncpg.InsufficientPrivilegeError, asyncpg.InvalidCatalogNameError):
                await _patiently(admin, sql.close_to_public(row["name"], roles))

    @asynccontextmanager
    async def _admin(self) -> AsyncIterator[Connection]:
        async with self._connect(self._cluster) as connection:
            yield connection

    @asynccontextmanager
    async def _connect(self, parts: ConnectionParts) -> AsyncIterator[Connection]:
        """With what PostgreSQL says in there told as one of ours."""
        try:
            direct = replace(parts, mode=ConnectionMode.DIRECT)
            async with self._connections.connect(direct, name="seguito tenants") as connection:
                yield connection
        except PostgresError as error:
            if told := unreachable(error):
                raise told from None
            raise RefusedByVendor(VENDOR, state_of(error), type(error).__name__) from None


def database_name(name: str) -> str:
    """The name as PostgreSQL can keep it: it would cut a longer one off, and mix two up."""
    if len(name.encode()) <= MAX_NAME:
        return name
    mark = sha256(name.encode()).hexdigest()[:MARK_LENGTH]
    return f"{name.encode()[: MAX_NAME - MARK_LENGTH - 1].decode(errors='ignore')}-{mark}"


async def _patiently(connection: Connection, statement: str) -> None:
    """Run it; where somebody is in the way, again after a wait with jitter."""
    for turn in range(TRIES):
        try:
            await connection.execute(statement)
        except PostgresError as error:
            if state_of(error) not in BUSY or turn == TRIES - 1:
                raise
        else:
            return
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2**turn)
        await asyncio.sleep(random.uniform(longest / 2, longest))  # noqa: S311 - only a wait


def _state(row: asyncpg.Record) -> DatabaseState:
    if not (row["comment"] or "").startswith(sql.MARK):
        return DatabaseState.COMING_UP
    return DatabaseState.READY if row["open"] else DatabaseState.PAUSED


def _made(comment: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat((comment or "").removeprefix(sql.MARK))
    except ValueError:
        return None
