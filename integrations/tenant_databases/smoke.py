"""The query that only a working database answers, asked over a connection of its own."""

from asyncpg import InterfaceError, PostgresError

from integrations.databases import ConnectionParts
from integrations.errors import RefusedByVendor, Unreachable
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.errors import VENDOR

# In one transaction: a pooler may give the next one to another server connection.
WRITE = "CREATE TEMPORARY TABLE seguito_smoke (n integer) ON COMMIT DROP"
PUT = "INSERT INTO seguito_smoke SELECT 1"
READ = "SELECT current_setting('server_version') FROM seguito_smoke"


class TenantSmoke:
    """Asks one database, and none else."""

    def __init__(self, connections: TenantConnections) -> None:
        self._connections = connections

    async def ask(self, parts: ConnectionParts) -> str:
        """Write and read a row that nobody else sees; the server's version (`16.4`).

        Raises TenantUnreachable, Unreachable when it broke off, RefusedByVendor with its SQLSTATE.
        """
        try:
            async with self._connections.connect(parts) as connection, connection.transaction():
                await connection.execute(WRITE)
                await connection.execute(PUT)
                told = str(await connection.fetchval(READ))
        except PostgresError as error:
            raise RefusedByVendor(VENDOR, str(error.sqlstate)) from None
        except (InterfaceError, OSError) as error:
            raise Unreachable(VENDOR, type(error).__name__) from None
        return told.split()[0]
