"""Databases for a while on a cluster of ours: copies of schemas that nobody else may enter."""

import asyncio
import re
import secrets
import time
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, replace
from typing import Self

from asyncpg import Connection, ObjectInUseError

from integrations.databases import ConnectionParts
from integrations.tenant_databases.catalog import EXCLUDED
from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.dump import PgDump
from integrations.tenant_databases.fingerprint import major_of
from integrations.tenant_databases.journal import block

PREFIX = "seguito_try_"
# Somebody is still leaving the template.
IN_USE_TRIES, IN_USE_WAIT = 40, 0.05
LEFT_BEHIND_SECONDS = 3600
APPLICATION = "seguito try-outs"
# What psql understands and a server does not, and what servers before 17 do not.
FOR_PSQL = re.compile(r"^\\(un)?restrict .*$", re.M)
TOO_NEW = re.compile(r"^SET transaction_timeout = .*$", re.M)
EXTENSION = re.compile(r'^(?:CREATE|COMMENT ON) EXTENSION (?:IF NOT EXISTS )?"?([\w-]+).*;$', re.M)
# Everybody who is granted something there, or named by a policy.
ROLES = """
SELECT DISTINCT pg_get_userbyid(role) AS role FROM (
  SELECT (aclexplode(relacl)).grantee FROM pg_class
  UNION SELECT (aclexplode(nspacl)).grantee FROM pg_namespace
  UNION SELECT (aclexplode(proacl)).grantee FROM pg_proc
  UNION SELECT (aclexplode(typacl)).grantee FROM pg_type
  UNION SELECT (aclexplode(attacl)).grantee FROM pg_attribute
  UNION SELECT (aclexplode(defaclacl)).grantee FROM pg_default_acl
  UNION SELECT defaclrole FROM pg_default_acl
  UNION SELECT unnest(polroles) FROM pg_policy) r(role)
WHERE role <> 0
"""
# What SQL of Supabase's projects counts on and no dump of ours contains.
SUPABASE = """
CREATE SCHEMA auth; CREATE SCHEMA extensions;
CREATE TABLE auth.users (id uuid PRIMARY KEY, email text, created_at timestamptz);
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid';
CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE AS 'SELECT NULL::text';
CREATE FUNCTION auth.email() RETURNS text LANGUAGE sql STABLE AS 'SELECT NULL::text';
CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS 'SELECT NULL::jsonb';
"""
IS_SUPABASE = "SELECT to_regclass('auth.users') IS NOT NULL"
OLD = "SELECT datname FROM pg_database WHERE starts_with(datname, $1)"


@dataclass(frozen=True, slots=True)
class SchemaCopy:
    """A schema as SQL, the roles that it names, and whether it counts on Supabase's own things."""

    sql: str
    roles: tuple[str, ...]
    supabase: bool


class Scratch:
    """Databases on a cluster whose role may create them; all of them go when the block ends."""

    def __init__(
        self, cluster: ConnectionParts, connections: TenantConnections, dumps: PgDump
    ) -> None:
        self._cluster = cluster
        self._connections = connections
        self._dumps = dumps
        self._names: list[str] = []

    async def __aenter__(self) -> Self:
        async with self._admin() as admin:
            for row in await admin.fetch(OLD, PREFIX):
                if _left_behind(row["datname"]):
                    await _drop(admin, row["datname"])
        return self

    async def __aexit__(self, *_: object) -> None:
        async with self._admin() as admin:
            while self._names:
                await _drop(admin, self._names[-1])
                self._names.pop()

    async def major(self) -> int:
        """The cluster's major version; raises TenantUnreachable."""
        async with self._admin() as admin:
            return major_of(admin)

    async def schema_of(self, reference: ConnectionParts) -> SchemaCopy:
        """The schema of this tenant; RefusedByVendor `no_pg_dump`, TenantUnreachable."""
        left_out = [f"--exclude-schema={name}" for name in EXCLUDED]
        parts = [
            part
            async for part in self._dumps.stream(
                reference,
                *("--schema-only", "--no-owner", "--no-publications", "--no-subscriptions"),
                *("--no-tablespaces", "--no-security-labels", *left_out),
            )
        ]
        async with self._connections.connect(reference, name=APPLICATION) as connection:
            roles = tuple(str(row["role"]) for row in await connection.fetch(ROLES))
            supabase = bool(await connection.fetchval(IS_SUPABASE))
        return SchemaCopy(b"".join(parts).decode(), roles, supabase)

    async def template(self, schema: SchemaCopy) -> ConnectionParts:
        """A database of this schema that nobody stays connected to; errors are asyncpg's."""
        made = await self.empty(schema)
        async with self._connections.connect(made, name=APPLICATION) as connection:
            await connection.execute(await _loadable(connection, schema.sql))
        return made

    async def empty(self, schema: SchemaCopy) -> ConnectionParts:
        """A database with nothing in it but what every new tenant of this kind has."""
        made = await self._create("template0")
        async with self._connections.connect(made, name=APPLICATION) as connection:
            for role in schema.roles:
                await connection.execute(_role(role))
            if schema.supabase:
                await connection.execute(SUPABASE)
        return made

    async def copy(self, template: ConnectionParts) -> ConnectionParts:
        """Another database like this one."""
        return await self._create(template.database)

    async def _create(self, template: str) -> ConnectionParts:
        name = f"{PREFIX}{int(time.time())}_{secrets.token_hex(6)}"
        async with self._admin() as admin:
            self._names.append(name)
            await _patiently(admin, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            await admin.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
        return replace(self._cluster, database=name)

    def _admin(self) -> AbstractAsyncContextManager[Connection]:
        return self._connections.connect(self._cluster, name=APPLICATION)


async def _loadable(connection: Connection, dump: str) -> str:
    """The dump as this server takes it: without what only psql or a newer server understands."""
    rows = await connection.fetch("SELECT name FROM pg_available_extensions")
    there = {row["name"] for row in rows}
    text = EXTENSION.sub(lambda found: found[0] if found[1] in there else "", dump)
    return TOO_NEW.sub("", FOR_PSQL.sub("", text))


def _role(name: str) -> str:
    """A role of this name that may do nothing, unless there is one."""
    quoted, literal = name.replace('"', '""'), name.replace("'", "''")
    return block(
        f"BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{literal}') THEN "
        f'CREATE ROLE "{quoted}" NOLOGIN; END IF; END'
    )


async def _patiently(admin: Connection, statement: str) -> None:
    for _ in range(IN_USE_TRIES):
        with suppress(ObjectInUseError):
            await admin.execute(statement)
            return
        await asyncio.sleep(IN_USE_WAIT)
    await admin.execute(statement)


async def _drop(admin: Connection, name: str) -> None:
    await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _left_behind(name: str) -> bool:
    made = name.removeprefix(PREFIX).partition("_")[0]
    return made.isdigit() and int(made) < time.time() - LEFT_BEHIND_SECONDS
