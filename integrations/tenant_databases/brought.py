"""Databases that customers bring by URL: every way in it is judged before anybody connects."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from ipaddress import ip_address

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr

from integrations.databases import (
    ConnectionMode,
    ConnectionParts,
    DatabaseHealth,
    DatabaseState,
    KnownDatabase,
    ProvidedDatabase,
)
from integrations.errors import RefusedByVendor
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.dump import PgDump
from integrations.tenant_databases.errors import VENDOR, TenantUnreachable
from integrations.tenant_databases.network import OPTIONAL, look_up
from integrations.webhooks.addresses import is_allowed
from integrations.webhooks.types import AddressPolicy

SCHEMES = ("postgresql://", "postgres://")
MAX_URL = 2_000
DEFAULT_PORT, LAST_PORT = 5432, 65_535
SSL_MODES = frozenset({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})
# Prisma's word for PgBouncer in front, which libpq does not know.
SHARED = "pgbouncer=true"
SHARED_PORTS = frozenset({6432, 6543})
POOLER = "pooler"
# What providers put into every database, and extensions, are not the customer's.
NOT_THEIRS = """
    n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'auth', 'storage',
    'realtime', '_realtime', 'extensions', 'graphql', 'graphql_public', 'vault', 'pgsodium',
    'supabase_functions', 'supabase_migrations', 'cron', 'net', 'pgbouncer')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = o.oid AND d.deptype = 'e')
"""
IS_EMPTY = f"""
SELECT NOT EXISTS (SELECT FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace
        WHERE o.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND {NOT_THEIRS})
    AND NOT EXISTS (SELECT FROM pg_proc o JOIN pg_namespace n ON n.oid = o.pronamespace
        WHERE {NOT_THEIRS})
    AND NOT EXISTS (SELECT FROM pg_type o JOIN pg_namespace n ON n.oid = o.typnamespace
        WHERE o.typtype IN ('e', 'd', 'r') AND {NOT_THEIRS})
"""  # noqa: S608 - constants of ours


class BroughtDatabases:
    """Reads such URLs, and is a provider for what it found (services/tenants/ports.py).

    It makes, suspends and deletes nothing: the database stays with whoever brought it.
    """

    name = "own"

    def __init__(
        self, connections: TenantConnections, dumps: PgDump, policy: AddressPolicy
    ) -> None:
        """`policy`: whether addresses of our own network may be brought."""
        self._connections = connections
        self._dumps = dumps
        self._policy = policy

    async def read(self, url: SecretStr) -> ConnectionParts:
        """The parts, with the one address that will be connected to; connects to nothing.

        RefusedByVendor `malformed`, `many_hosts`, `socket`, `service`, `unknown_host`,
        `private_address`.
        """
        parts = _parts(url.get_secret_value(), self._policy)
        try:
            found = await look_up(parts.address or parts.host, parts.port)
        except TenantUnreachable:
            raise _refused("unknown_host") from None
        if not found or not all(is_allowed(ip_address(_bare(one)), self._policy) for one in found):
            raise _refused("private_address")
        return replace(parts, address=_bare(found[0]))

    async def is_empty(self, parts: ConnectionParts) -> bool:
        """Whether it holds no table, view, function or type of anybody's; TenantUnreachable."""
        async with self._connections.connect(parts) as connection:
            return bool(await connection.fetchval(IS_EMPTY))

    async def find(self, name: str) -> ProvidedDatabase | None:
        """None: it has no name of ours."""
        return None

    async def create(self, name: str, password: SecretStr) -> ProvidedDatabase:
        """Nobody makes these here."""
        raise _refused("brought_by_its_owner")

    async def health(self, ref: str) -> DatabaseHealth:
        """Not known without its parts."""
        return DatabaseHealth(DatabaseState.UNKNOWN)

    async def parts(self, ref: str, password: SecretStr) -> ConnectionParts:
        """Known since it was brought, and from nowhere else."""
        raise _refused("brought_by_its_owner")

    async def suspend(self, database: KnownDatabase) -> DatabaseState:
        """READY: only we stay away."""
        return DatabaseState.READY

    async def resume(self, database: KnownDatabase) -> DatabaseState:
        """READY."""
        return DatabaseState.READY

    async def export(self, database: KnownDatabase) -> AsyncIterator[bytes]:
        """pg_dump's custom format."""
        async for part in self._dumps.export(database.parts, "--no-owner"):
            yield part

    async def delete(self, database: KnownDatabase) -> DatabaseState:
        """READY: it stays as it is."""
        return DatabaseState.READY


def _parts(url: str, policy: AddressPolicy) -> ConnectionParts:
    """As libpq understands it, without looking at files and environment of this machine."""
    given = _read(url)
    host, address = given.get("host", ""), given.get("hostaddr", "")
    if "service" in given:
        raise _refused("service")
    if "," in host or "," in address or "," in given.get("port", ""):
        raise _refused("many_hosts")
    if host.startswith(("/", "@")):
        raise _refused("socket")
    port, user = given.get("port", str(DEFAULT_PORT)), given.get("user", "")
    sslmode = given.get("sslmode", "prefer")
    whole = (host or address) and user and port.isdecimal() and 0 < int(port) <= LAST_PORT
    if not whole or sslmode not in SSL_MODES or (address and not _is_address(address)):
        raise _refused("malformed")
    return ConnectionParts(
        host=host or address,
        port=int(port),
        database=given.get("dbname") or user,
        user=user,
        password=SecretStr(given.get("password", "")),
        # Over the open internet nothing travels in clear.
        sslmode="require" if _is_weak(sslmode) and policy is AddressPolicy.PUBLIC else sslmode,
        mode=_mode(url, host, int(port)),
        address=address,
    )


def _read(url: str) -> Mapping[str, str]:
    unfit = len(url) > MAX_URL or not url.isprintable() or " " in url
    if unfit or not url.startswith(SCHEMES):
        raise _refused("malformed")
    place, _, query = url.partition("?")
    known = "&".join(one for one in query.split("&") if one and one != SHARED)
    try:
        given = conninfo_to_dict(f"{place}?{known}" if known else place)
    except (ProgrammingError, UnicodeError):
        raise _refused("malformed") from None
    return {name: str(value) for name, value in given.items() if value}


def _mode(url: str, host: str, port: int) -> ConnectionMode:
    """By what the usual poolers look like: PgBouncer, Supavisor, Neon's."""
    if SHARED in url or port in SHARED_PORTS or f"-{POOLER}." in host:
        return ConnectionMode.TRANSACTION
    return ConnectionMode.SESSION if f".{POOLER}." in host else ConnectionMode.DIRECT


def _is_weak(sslmode: str) -> bool:
    return sslmode in OPTIONAL or sslmode == "disable"


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _bare(address: str) -> str:
    """Without the zone that a link-local IPv6 address may have."""
    return address.partition("%")[0]


def _refused(code: str) -> RefusedByVendor:
    return RefusedByVendor(VENDOR, code)
