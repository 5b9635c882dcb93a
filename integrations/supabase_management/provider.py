"""Tenants' databases as Supabase projects: one each, reached through the session pooler."""

from collections.abc import AsyncIterator, Mapping

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
from integrations.supabase_management.client import SupabaseManagement
from integrations.supabase_management.errors import NOT_FOUND, VENDOR
from integrations.supabase_management.types import NewProject, Pooler, Project
from integrations.tenant_databases.cluster import PrivilegeBreach
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.dump import PgDump

SERVICES = ("auth", "db", "db_postgres_user", "pooler", "rest")
HEALTHY = "ACTIVE_HEALTHY"
# A word we do not know is UNKNOWN: neither ready nor broken.
STATES: Mapping[str, DatabaseState] = {
    HEALTHY: DatabaseState.READY,
    **dict.fromkeys(
        ("COMING_UP", "ACTIVE_UNHEALTHY", "RESTORING", "UPGRADING", "RESTARTING", "RESIZING"),
        DatabaseState.COMING_UP,
    ),
    **dict.fromkeys(("INIT_FAILED", "RESTORE_FAILED", "PAUSE_FAILED"), DatabaseState.BROKEN),
    "PAUSING": DatabaseState.PAUSING,
    "INACTIVE": DatabaseState.PAUSED,
    "REMOVED": DatabaseState.GONE,
}
# Supavisor's ports are the same everywhere: 6543 shares sessions, 5432 keeps them (contract B.2).
SESSION_PORT = DIRECT_PORT = 5432
OWNER, DATABASE = "postgres", "postgres"
# Supabase's own rooms in the database; its `postgres` may not read all of them.
SUPABASES_OWN = (
    *("auth", "storage", "realtime", "_realtime", "extensions", "graphql", "graphql_public"),
    *("vault", "pgsodium", "supabase_functions", "supabase_migrations", "cron", "net", "pgbouncer"),
)
WITHOUT = tuple(f"--exclude-schema={name}" for name in SUPABASES_OWN)
PAUSED_FOR_EXPORT = "a paused project gives no data: resume it, export it, and suspend it again"


class SupabaseDatabases:
    """A provider of tenants' databases (services/tenants/ports.py); `ref` is the project's."""

    name = "supabase"

    def __init__(
        self,
        api: SupabaseManagement,
        connections: TenantConnections,
        dumps: PgDump,
        organization: str,
        region: str,
    ) -> None:
        self._api = api
        self._connections = connections
        self._dumps = dumps
        self._organization = organization
        self._region = region

    async def find(self, name: str) -> ProvidedDatabase | None:
        """The project of exactly this name; one that is gone is none."""
        found = await self._api.projects(self._organization, search=name)
        alive = (one for one in found if one.name == name and _state(one) is not DatabaseState.GONE)
        project = next(alive, None)
        return _provided(project) if project else None

    async def listed(self) -> tuple[ListedDatabase, ...]:
        """Every project of the organization, whoever made it; all of them, or an error."""
        return tuple(
            ListedDatabase(one.ref, one.name, _state(one), one.created_at)
            for one in await self._api.projects(self._organization)
        )

    async def breaches(self) -> tuple[PrivilegeBreach, ...]:
        """None: each project is a server of its own."""
        return ()

    async def create(self, name: str, password: SecretStr) -> ProvidedDatabase:
        """Ask once; a refusal is NeedsPerson with Supabase's sentence."""
        wish = NewProject(name, self._organization, self._region, password.get_secret_value())
        return _provided(await self._api.create(wish))

    async def health(self, ref: str) -> DatabaseHealth:
        """READY when project and services are: the project's own word is not enough."""
        try:
            project = await self._api.get(ref)
            state = _state(project)
            if state is not DatabaseState.READY:
                return DatabaseHealth(state, project.status)
            told = await self._api.health(ref, SERVICES)
        except RefusedByVendor as error:
            if error.code != NOT_FOUND:
                raise
            return DatabaseHealth(DatabaseState.GONE, "unknown to Supabase")
        waits = [f"{name}: {status}" for name, status in told.items() if status != HEALTHY]
        if waits:
            return DatabaseHealth(DatabaseState.COMING_UP, ", ".join(waits))
        return DatabaseHealth(DatabaseState.READY, project.status)

    async def parts(self, ref: str, password: SecretStr) -> ConnectionParts:
        """Of the session pooler, as the API tells; the server itself only where it answers.

        `db.<ref>.supabase.co` has IPv6 only, which many machines have not.
        """
        poolers = await self._api.poolers(ref)
        session = next((one for one in poolers if one.mode == ConnectionMode.SESSION), None)
        if session is None and poolers:
            session = poolers[0]
            return _through(session, SESSION_PORT, password)
        if session is not None:
            return _through(session, session.port, password)
        return await self._direct(ref, password)

    async def suspend(self, database: KnownDatabase) -> DatabaseState:
        """Pause the project, which takes Supabase a minute; NeedsPerson where it may not be."""
        state = (await self.health(database.ref)).state
        if state not in (DatabaseState.PAUSED, DatabaseState.PAUSING):
            await self._api.pause(database.ref)
            return DatabaseState.PAUSING
        return state

    async def resume(self, database: KnownDatabase) -> DatabaseState:
        """Restore the project once it is INACTIVE; while it is PAUSING that is not yet possible."""
        state = (await self.health(database.ref)).state
        if state is not DatabaseState.PAUSED:
            return state
        try:
            await self._api.restore(database.ref)
        except NeedsPerson as error:
            # Seen as a 400 that names the status (supabase#45240).
            if "PAUSING" not in error.sentence.upper():
                raise
            return DatabaseState.PAUSING
        return DatabaseState.COMING_UP

    async def export(self, database: KnownDatabase) -> AsyncIterator[bytes]:
        """pg_dump of what is ours in it; a paused project must be resumed first."""
        if (await self.health(database.ref)).state is DatabaseState.PAUSED:
            raise NeedsPerson(VENDOR, "paused", PAUSED_FOR_EXPORT)
        async for part in self._dumps.export(database.parts, *WITHOUT):
            yield part

    async def delete(self, database: KnownDatabase) -> DatabaseState:
        """Delete the project; only ever asked for by a person."""
        try:
            await self._api.delete(database.ref)
        except RefusedByVendor as error:
            if error.code != NOT_FOUND:
                raise
        return DatabaseState.GONE

    async def _direct(self, ref: str, password: SecretStr) -> ConnectionParts:
        host = (await self._api.get(ref)).host
        parts = ConnectionParts(
            host, DIRECT_PORT, DATABASE, OWNER, password, "require", ConnectionMode.DIRECT
        )
        async with self._connections.connect(parts):
            return parts


def _state(project: Project) -> DatabaseState:
    return STATES.get(project.status, DatabaseState.UNKNOWN)


def _provided(project: Project) -> ProvidedDatabase:
    return ProvidedDatabase(project.ref, project.name, _state(project))


def _through(pooler: Pooler, port: int, password: SecretStr) -> ConnectionParts:
    return ConnectionParts(
        pooler.host,
        port,
        pooler.database,
        pooler.user,
        password,
        pooler.sslmode or "require",
        ConnectionMode.SESSION,
    )
