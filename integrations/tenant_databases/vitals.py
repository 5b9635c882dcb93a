"""How a tenant's database fares: waits for locks, and how its transactions end."""

from datetime import timedelta

from asyncpg import InterfaceError, PostgresError

from integrations.databases import ConnectionParts
from integrations.errors import Unreachable
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.errors import VENDOR
from integrations.tenant_databases.outcomes import Vitals

# pg_locks names the database of a table's lock only; whoever waits is named in pg_stat_activity.
LOOK = """
SELECT (
    SELECT coalesce(max(clock_timestamp() - l.waitstart), interval '0')
    FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
    WHERE NOT l.granted AND a.datname = current_database()
) AS wait, xact_commit AS commits, xact_rollback AS rollbacks
FROM pg_stat_database WHERE datname = current_database()
"""


class TenantVitals:
    """Asks one database, over a connection of its own."""

    def __init__(self, connections: TenantConnections) -> None:
        self._connections = connections

    async def vitals(self, parts: ConnectionParts) -> Vitals:
        """One connection and one query; raises Unreachable."""
        try:
            async with self._connections.connect(parts) as connection:
                row = await connection.fetchrow(LOOK)
        except (PostgresError, InterfaceError, OSError) as error:
            raise Unreachable(VENDOR, type(error).__name__) from None
        if row is None:
            raise Unreachable(VENDOR, "no statistics")
        wait: timedelta = row["wait"]
        return Vitals(wait, row["commits"], row["rollbacks"])
