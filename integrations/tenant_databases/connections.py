"""Connections to tenants' databases: by parts, few at a time, none kept when its work is done."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

import asyncpg
import structlog
from asyncpg import Connection, InterfaceError, PostgresError

from integrations.databases import ConnectionMode, ConnectionParts
from integrations.tenant_databases.errors import Reason, TenantUnreachable, no_route, unreachable
from integrations.tenant_databases.network import addresses, encryption, only_ipv6
from integrations.webhooks.types import AddressPolicy

APPLICATION = "seguito"
CONNECT = timedelta(seconds=10)
ROOM = timedelta(seconds=60)  # as long somebody waits for one of our connections to become free
GOODBYE = timedelta(seconds=2)
# Over all servers: a Supabase project is a server of its own (rollouts.md §9).
TOTAL = 32
# Of one server: a quarter of its connections, and no more than this.
PER_SERVER = 16
SHARE = 4
# Of one project behind a pooler, whose own pool has 15 by default.
POOLED = 4
HAS = "SELECT current_setting('max_connections')"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """How many connections of ours there are at once: in total, of one server, of one pooler."""

    total: int = TOTAL
    per_server: int = PER_SERVER
    pooled: int = POOLED


class TenantConnections:
    """The only way to a tenant's database; one per process, it keeps nothing open.

    `policy` says which addresses a database that somebody brought may have.
    """

    def __init__(
        self,
        limits: ConnectionLimits | None = None,
        policy: AddressPolicy = AddressPolicy.PUBLIC,
        *,
        room: timedelta = ROOM,
    ) -> None:
        """`room`: how long to wait for a connection of ours to become free."""
        self._limits = limits or ConnectionLimits()
        self._policy = policy
        self._room = room.total_seconds()
        self._total = asyncio.Semaphore(self._limits.total)
        self._servers: dict[tuple[str, ...], _Server] = {}
        self._open = 0

    @property
    def open(self) -> int:
        """How many connections there are now."""
        return self._open

    @asynccontextmanager
    async def connect(
        self,
        parts: ConnectionParts,
        *,
        name: str = APPLICATION,
        within: timedelta = CONNECT,
        settings: Mapping[str, str] | None = None,
    ) -> AsyncIterator[Connection]:
        """A connection for the length of the block; errors in there stay asyncpg's own.

        `name` is its application_name; `within` bounds connecting; `settings` travel with the
        login, so only to a server itself (DIRECT): poolers refuse them. Raises TenantUnreachable
        when there is none to be had, and connects to nothing else. After an error in the block it
        is torn down at once, whatever still runs.
        """
        _complete(parts)
        server = self._server(parts)
        async with self._turn(server):
            with _told():
                async with asyncio.timeout(within.total_seconds()):
                    found = await addresses(parts, self._policy)
                    ours = {"application_name": name, **(settings or {})}
                    connection = await _first(parts, found, ours)
            self._open += 1
            try:
                with _told():
                    await server.learn(connection)
                yield connection
            except BaseException:
                connection.terminate()
                raise
            finally:
                self._open -= 1
                await _leave(connection)

    def _server(self, parts: ConnectionParts) -> "_Server":
        if parts.mode is ConnectionMode.DIRECT:
            key: tuple[str, ...] = (parts.address or parts.host, str(parts.port))
            return self._servers.setdefault(key, _Server(self._limits.per_server))
        # A pooler serves many projects; the user's name says which.
        key = (parts.host, str(parts.port), parts.user)
        return self._servers.setdefault(key, _Server(self._limits.pooled, known=True))

    @asynccontextmanager
    async def _turn(self, server: "_Server") -> AsyncIterator[None]:
        """The server's room first: who waits for a busy one takes no room from the others."""
        async with AsyncExitStack() as taken:
            try:
                async with asyncio.timeout(self._room):
                    await taken.enter_async_context(server.room)
                    await taken.enter_async_context(self._total)
            except TimeoutError:
                says = "our connections to it are all at work"
                raise TenantUnreachable(Reason.FULL, says) from None
            yield


class _Server:
    """How many of its connections we may have: one, until it has said how many it has."""

    def __init__(self, most: int, *, known: bool = False) -> None:
        self._most = most
        self._known = known
        self.room = asyncio.Semaphore(most if known else 1)

    async def learn(self, connection: Connection) -> None:
        """Ask the first time."""
        if self._known:
            return
        has = int(await connection.fetchval(HAS, timeout=CONNECT.total_seconds()))
        if not self._known:
            self._known = True
            for _ in range(min(self._most, max(1, has // SHARE)) - 1):
                self.room.release()


async def _first(
    parts: ConnectionParts, found: tuple[str, ...], settings: Mapping[str, str]
) -> Connection:
    """By the first address that lets us come; what PostgreSQL itself says is final."""
    *others, last = found
    for address in others:
        # A machine without IPv6, or without one of the two, gets no further than the next one.
        with suppress(OSError):
            return await _login(parts, address, settings)
    try:
        return await _login(parts, last, settings)
    except OSError as error:
        if no_route(error) and only_ipv6(found):
            says = "the server has IPv6 only, and this machine has not"
            raise TenantUnreachable(Reason.ONLY_IPV6, says) from None
        raise


async def _login(parts: ConnectionParts, address: str, settings: Mapping[str, str]) -> Connection:
    # Every argument, or asyncpg would take what is missing from this process's environment.
    return await asyncpg.connect(
        host=address,
        port=parts.port,
        user=parts.user,
        password=parts.password.get_secret_value(),
        database=parts.database,
        ssl=encryption(parts),
        direct_tls=False,
        target_session_attrs="any",
        statement_cache_size=0,
        server_settings=dict(settings),
    )


async def _leave(connection: Connection) -> None:
    if connection.is_closed():
        return
    try:
        await connection.close(timeout=GOODBYE.total_seconds())
    except (OSError, TimeoutError, PostgresError, InterfaceError):
        connection.terminate()


@contextmanager
def _told() -> Iterator[None]:
    """TenantUnreachable for whatever is in the way; not chained: asyncpg quotes its parameters."""
    try:
        yield
    except (OSError, PostgresError, InterfaceError, TenantUnreachable) as error:
        told = unreachable(error)
        if told is None:
            raise
        log.info("tenants.unreachable", reason=str(told.reason))
        raise told from None


def _complete(parts: ConnectionParts) -> None:
    """Refuse parts with a gap, before anything could be filled in from elsewhere."""
    if not (parts.host and parts.port and parts.database and parts.user):
        raise TenantUnreachable(Reason.MISSING, "its connection parts are not complete")
