"""The statements with which a cluster gets, closes and loses a tenant's database and role.

Names are quoted here and nowhere else: PostgreSQL takes no parameters in these statements.
"""

from collections.abc import Sequence

# Its members are the tenants' roles. It may do nothing and nobody logs in as it.
TENANTS = "seguito_tenants"
# The database's comment, once it is whole; behind it the time.
MARK = "a tenant's database, made by Seguito at "
# Who accepts nobody, as template0 or one that is being made, lets nobody in.
ACCEPTS = "d.datallowconn"

FIND = """
SELECT shobj_description(d.oid, 'pg_database') AS comment,
    coalesce(has_database_privilege(r.oid, d.oid, 'CONNECT'), false) AS open,
    r.oid IS NOT NULL AS ours
FROM pg_database d
LEFT JOIN (
    pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid AND g.rolname = $2
    JOIN pg_roles r ON r.oid = m.member
) ON r.rolname = d.datname
WHERE d.datname = $1
"""
LIST = """
SELECT d.datname AS name, shobj_description(d.oid, 'pg_database') AS comment,
    has_database_privilege(r.oid, d.oid, 'CONNECT') AS open
FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid AND g.rolname = $1
JOIN pg_roles r ON r.oid = m.member JOIN pg_database d ON d.datname = r.rolname
ORDER BY d.datname
"""
IS_TENANT = """
SELECT EXISTS (
    SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid AND g.rolname = $2
    JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = $1
)
"""
# Grantee 0 is PUBLIC; without an ACL of its own a database has the default one, which lets it in.
OPEN_TO_PUBLIC = f"""
SELECT DISTINCT d.datname AS name FROM pg_database d,
    aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
WHERE {ACCEPTS} AND a.grantee = 0
"""  # noqa: S608 - a constant of ours
OTHER_ROLES = """
SELECT rolname AS name FROM pg_roles
WHERE rolcanlogin AND NOT rolsuper AND rolname NOT IN (
    SELECT r.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
    JOIN pg_roles r ON r.oid = m.member WHERE g.rolname = $1
)
"""
MAY_ENTER = (
    "(has_database_privilege(r.oid, d.oid, 'CONNECT')"
    " OR has_database_privilege(r.oid, d.oid, 'TEMPORARY'))"
)
BREACHES = f"""
SELECT r.rolname AS role, d.datname AS database
FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid AND g.rolname = $1
JOIN pg_roles r ON r.oid = m.member CROSS JOIN pg_database d
WHERE d.datname <> r.rolname AND {ACCEPTS} AND {MAY_ENTER}
ORDER BY 1, 2
"""  # noqa: S608 - constants of ours
BREACHES_OF = f"""
SELECT d.datname AS database FROM pg_database d JOIN pg_roles r ON r.rolname = $1
WHERE d.datname <> $1 AND {ACCEPTS} AND {MAY_ENTER} ORDER BY 1
"""  # noqa: S608 - constants of ours
IS_SUPERUSER = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()"
END_SESSIONS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = $1 AND pid <> pg_backend_pid()"
)


def create_group() -> str:
    """The role whose members are the tenants'."""
    return f"CREATE ROLE {TENANTS} NOLOGIN"


def create_role(name: str, verifier: str) -> str:
    """A tenant's role; its password is a SCRAM verifier, so that no log of the server shows it."""
    role = _name(name)
    return (
        f"CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
        f" PASSWORD {_text(verifier)} IN ROLE {TENANTS}"
    )


def alter_role(name: str, verifier: str) -> str:
    """The same role with another password."""
    return f"ALTER ROLE {_name(name)} PASSWORD {_text(verifier)}"


def join_role(name: str) -> str:
    """Make us a member: on a managed cluster we are no superuser, and may do nothing for it."""
    return f"GRANT {_name(name)} TO CURRENT_USER"


def create_database(name: str) -> str:
    """From template0, to which nobody can be connected; nobody gets in before it is closed."""
    return f"CREATE DATABASE {_name(name)} TEMPLATE template0 ALLOW_CONNECTIONS false"


def accept(name: str) -> str:
    """Connections, of those who have the right."""
    return f"ALTER DATABASE {_name(name)} ALLOW_CONNECTIONS true"


def give_schema(name: str) -> str:
    """Inside: the tenant may make what it likes, others nothing."""
    role = _name(name)
    return (
        "REVOKE ALL ON SCHEMA public FROM PUBLIC; "
        f"ALTER SCHEMA public OWNER TO {role}; GRANT ALL ON SCHEMA public TO {role}"
    )


def open_to_tenant(name: str) -> str:
    """CONNECT, TEMPORARY and CREATE for the tenant's role alone."""
    database = _name(name)
    return (
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC; "
        f"GRANT CONNECT, TEMPORARY, CREATE ON DATABASE {database} TO {database}"
    )


def close(name: str) -> str:
    """Nobody but us may connect; who is connected stays until their session is ended."""
    database = _name(name)
    return f"REVOKE ALL ON DATABASE {database} FROM PUBLIC, {database}"


def close_to_public(name: str, roles: Sequence[str]) -> str:
    """Take from PUBLIC what it has by default, and leave it to these roles."""
    database = _name(name)
    kept = ", ".join(map(_name, roles))
    grants = f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {kept}; " if kept else ""
    return f"{grants}REVOKE CONNECT, TEMPORARY ON DATABASE {database} FROM PUBLIC"


def drop_database(name: str) -> str:
    """With the sessions in it."""
    return f"DROP DATABASE IF EXISTS {_name(name)} WITH (FORCE)"


def drop_role(name: str) -> str:
    """Its database is gone by now."""
    return f"DROP ROLE IF EXISTS {_name(name)}"


def comment(name: str, words: str) -> str:
    """The database's comment."""
    return f"COMMENT ON DATABASE {_name(name)} IS {_text(words)}"


def _name(name: str) -> str:
    if "\0" in name:
        raise ValueError("a NUL is in no name")
    return '"' + name.replace('"', '""') + '"'


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
