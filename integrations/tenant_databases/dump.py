"""pg_dump of one tenant's database, as a stream: PostgreSQL's own program, told nothing else."""

import asyncio
import re
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import structlog
from psycopg.conninfo import make_conninfo

from integrations.databases import ConnectionMode, ConnectionParts
from integrations.errors import RefusedByVendor
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.errors import VENDOR, Reason, TenantUnreachable
from integrations.tenant_databases.journal import TENANT_LOCK
from integrations.tenant_databases.network import addresses
from integrations.webhooks.types import AddressPolicy

CHUNK = 65_536
# A table that somebody locks is waited for so long, and then nothing is dumped.
LOCK_WAIT_MS = 5_000
# Between two pieces of a dump, and for pg_dump to say its version.
SILENCE = timedelta(minutes=5)
ASKING = timedelta(seconds=10)
MAX_COMPLAINT = 4_096
NO_PG_DUMP = "no_pg_dump"
LOCKED = b"lock"
VERSION = re.compile(rb"\(PostgreSQL\) (\d+)")
# Several dumps at once do not disturb each other.
SHARE = "SELECT pg_try_advisory_lock_shared($1, $2)"
MAJOR = "SELECT current_setting('server_version_num')::int / 10000"

log = structlog.get_logger(__name__)


class PgDump:
    """Runs the pg_dump of this machine; one that is older than the server cannot read it."""

    def __init__(
        self,
        connections: TenantConnections,
        folders: Callable[[], Iterable[Path]],
        policy: AddressPolicy = AddressPolicy.PUBLIC,
    ) -> None:
        """`folders`: where PostgreSQL's programs may be, the best first."""
        self._connections = connections
        self._folders = folders
        self._policy = policy

    async def program(self, major: int) -> Path | None:
        """The first pg_dump that can read a server of this major version."""
        for folder in self._folders():
            path = folder / "pg_dump"
            if path.exists() and await _major(path) >= major:
                return path
        return None

    def export(self, parts: ConnectionParts, *arguments: str) -> AsyncIterator[bytes]:
        """The same in pg_dump's custom format."""
        return self.stream(parts, "--format=custom", *arguments)

    async def stream(self, parts: ConnectionParts, *arguments: str) -> AsyncIterator[bytes]:
        """What pg_dump writes with these arguments; it ends only when all of it was given.

        RefusedByVendor `no_pg_dump` where there is none, TenantUnreachable when the database is
        not to be had, its tables are locked by others, or a migration runs in it. Until it ends
        no migration begins there: each would queue behind its locks, and readers behind that.
        """
        async with self._connections.connect(parts) as connection:
            major = int(await connection.fetchval(MAJOR))
            pooled = parts.mode is ConnectionMode.TRANSACTION
            if not pooled and not await connection.fetchval(SHARE, *TENANT_LOCK):
                raise TenantUnreachable(Reason.BUSY)
            async for part in self._written(parts, major, arguments):
                yield part

    async def _written(
        self, parts: ConnectionParts, major: int, arguments: tuple[str, ...]
    ) -> AsyncIterator[bytes]:
        program = await self.program(major)
        if program is None:
            raise RefusedByVendor(VENDOR, NO_PG_DUMP, f"no pg_dump of PostgreSQL {major} or newer")
        found = await addresses(parts, self._policy)
        process = await asyncio.create_subprocess_exec(
            program,
            f"--dbname={_target(parts, found)}",
            "--no-password",
            f"--lock-wait-timeout={LOCK_WAIT_MS}",
            *arguments,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            env=_environment(parts),
        )
        try:
            async for part in _read(process):
                yield part
        finally:
            await _end(process)


def _target(parts: ConnectionParts, found: tuple[str, ...]) -> str:
    """Without the password, which the list of processes would show."""
    given: dict[str, str | int | None] = {
        "host": parts.host,
        "port": parts.port,
        "dbname": parts.database,
        "user": parts.user,
        "sslmode": parts.sslmode,
        "connect_timeout": 10,
        "application_name": "seguito export",
        "gssencmode": "disable",
    }
    if not parts.host.startswith("/"):
        given["hostaddr"] = ",".join(found)
        given["host"] = ",".join([parts.host] * len(found))
    if parts.sslmode == "verify-full":
        given["sslrootcert"] = "system"
    return make_conninfo("", **given)


def _environment(parts: ConnectionParts) -> dict[str, str]:
    """Nothing of ours: neither another password nor another server."""
    return {
        "PGPASSWORD": parts.password.get_secret_value(),
        "PGPASSFILE": "/dev/null",
        "LC_ALL": "C",
    }


async def _read(process: Process) -> AsyncIterator[bytes]:
    if process.stdout is None or process.stderr is None:
        raise TypeError("pg_dump was started without pipes")
    complaint = asyncio.create_task(_complaint(process.stderr))
    try:
        while part := await _part(process.stdout):
            yield part
        said = await complaint
    finally:
        complaint.cancel()
    if await process.wait() != 0:
        reason = Reason.FULL if LOCKED in said.lower() else Reason.LOST
        log.warning("tenants.export_failed", status=process.returncode)
        raise TenantUnreachable(reason, f"pg_dump ended with {process.returncode}")


async def _part(stdout: asyncio.StreamReader) -> bytes:
    try:
        async with asyncio.timeout(SILENCE.total_seconds()):
            return await stdout.read(CHUNK)
    except TimeoutError:
        raise TenantUnreachable(Reason.NO_ANSWER, "pg_dump fell silent") from None


async def _complaint(stderr: asyncio.StreamReader) -> bytes:
    kept = b""
    while part := await stderr.read(CHUNK):
        kept = (kept + part)[:MAX_COMPLAINT]
    return kept


async def _end(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _major(program: Path) -> int:
    """0 when it does not run here."""
    try:
        process = await asyncio.create_subprocess_exec(
            program, "--version", stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL
        )
        async with asyncio.timeout(ASKING.total_seconds()):
            said, _ = await process.communicate()
    except (OSError, TimeoutError):
        return 0
    found = VERSION.search(said)
    return int(found[1]) if found else 0
