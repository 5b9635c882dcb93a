"""The journal of migrations in the tenant's own database: append-only, in a schema of ours.

Everything that decides is asked in the transaction that changes, and answered as an SQLSTATE of
ours, so that a whole opening or closing is one string and one round trip.
"""

import secrets

from asyncpg import Connection

from integrations.tenant_databases.catalog import HASHES, JOURNAL_SCHEMA, STABLE, UNSTABLE
from integrations.tenant_databases.migrations import Direction, Script, Segment
from integrations.tenant_databases.outcomes import JournalEntry, TenantOrder

# Advisory locks are the database's own. Whoever works on a tenant as a whole takes this one:
# migrations here, exports and backups too.
TENANT_LOCK = (0x5E6017, 1)
TABLE = f"{JOURNAL_SCHEMA}.journal"
BUSY = "SG001"
ALREADY = "SG002"
OTHER_SQL = "SG003"
HALF_APPLIED = "SG004"
LATER_VERSION = "SG005"
DRIFTED_BEFORE = "SG006"
DRIFTED_AFTER = "SG007"
# How openings and closings tell the fingerprint they found: as INFO, which costs no round trip.
TOLD = "seguito: "

_CREATE = f"""
    CREATE SCHEMA IF NOT EXISTS {JOURNAL_SCHEMA};
    CREATE TABLE IF NOT EXISTS {TABLE} (
      entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      at timestamptz NOT NULL DEFAULT clock_timestamp(),
      operation text NOT NULL,
      version text NOT NULL,
      direction text NOT NULL CHECK (direction IN ('up', 'down')),
      event text NOT NULL CHECK (event IN ('began', 'intent', 'statement', 'done')),
      statement integer NOT NULL DEFAULT 0,
      hash text NOT NULL,
      fingerprint text NOT NULL DEFAULT '',
      UNIQUE (operation, event, statement)
    );
"""
_JOURNAL = f"""
SELECT b.operation, b.version, b.direction, b.hash, b.at AS began, b.fingerprint AS before,
  d.at AS ended, coalesce(d.fingerprint, '') AS after,
  (SELECT count(*) FROM {TABLE} s WHERE s.operation = b.operation AND s.event = 'statement') AS done
FROM {TABLE} b LEFT JOIN {TABLE} d ON d.operation = b.operation AND d.event = 'done'
WHERE b.event = 'began' ORDER BY b.entry
"""  # noqa: S608 - constants of this file
_PROGRESS = f"""
SELECT event, statement FROM {TABLE}
WHERE version = $1 AND direction = $2 AND event IN ('intent', 'statement')
  AND entry > (SELECT coalesce(max(entry), 0) FROM {TABLE} WHERE version = $1 AND event = 'done')
"""  # noqa: S608 - constants of this file


def quoted(text: str) -> str:
    """A literal for SQL that is sent in one string, where parameters cannot be."""
    return "'" + text.replace("'", "''") + "'"


def block(body: str) -> str:
    """A DO block whose quotes nobody can close."""
    tag = f"$seguito{secrets.token_hex(8)}$"
    return f"DO {tag} {body} {tag};"


def opening(order: TenantOrder, script: Script, expected: str) -> str:
    """What begins a migration, inside a transaction: lock, journal, fingerprint before.

    Ends in one of the SQLSTATEs above, or leaves the row that says it began. `expected`: the
    fingerprint it must find, "" for any.
    """
    version = quoted(order.migration.version)
    whole = "true" if script.transactional else "false"
    decide = _up(version, script.hash) if order.direction == "up" else _down(order, version)
    body = f"""
DECLARE sg_last record; sg_open record; sg_later text; sg_hash text;
BEGIN
  IF NOT pg_try_advisory_xact_lock({TENANT_LOCK[0]}, {TENANT_LOCK[1]}) THEN
    RAISE EXCEPTION 'busy' USING ERRCODE = '{BUSY}';
  END IF;
  IF to_regclass('{TABLE}') IS NULL THEN {_CREATE} END IF;
  SELECT j.* INTO sg_last FROM {TABLE} j WHERE j.version = {version} AND j.event = 'done'
    ORDER BY j.entry DESC LIMIT 1;
  SELECT j.* INTO sg_open FROM {TABLE} j WHERE j.version = {version} AND j.event = 'began'
    AND j.entry > coalesce(sg_last.entry, 0) AND ({whole} AND j.hash = '{script.hash}'
      OR EXISTS (SELECT FROM {TABLE} s WHERE s.operation = j.operation
        AND s.event IN ('intent', 'statement')))
    ORDER BY j.entry DESC LIMIT 1;
  IF sg_open.entry IS NOT NULL AND ({whole} OR sg_open.direction <> '{order.direction}'
      OR sg_open.hash <> '{script.hash}') THEN
    RAISE EXCEPTION 'half applied' USING ERRCODE = '{HALF_APPLIED}', DETAIL = {version};
  END IF;
  {decide}
  sg_hash := sg_open.fingerprint;
  IF sg_hash IS NULL THEN
    SELECT h.hash INTO sg_hash FROM ({HASHES}) h;
    IF {quoted(expected)} NOT IN ('', sg_hash) THEN
      RAISE EXCEPTION 'drifted' USING ERRCODE = '{DRIFTED_BEFORE}';
    END IF;
  END IF;
  IF sg_open.operation IS DISTINCT FROM {quoted(order.operation)} THEN
    {_insert(order, script.hash, "began", fingerprint="sg_hash", again=True)}
  END IF;
  RAISE INFO '{TOLD}before %', sg_hash;
END
"""  # noqa: S608 - every value is a number, a hash, or quoted
    return STABLE + block(body) + UNSTABLE


def closing(order: TenantOrder, script: Script, segment: Segment | None, expected: str) -> str:
    """What ends a migration, inside its last transaction: fingerprint after, rows, done."""
    rows = wrote(order, script, segment) if segment else ""
    body = f"""
DECLARE sg_hash text;
BEGIN
  SELECT h.hash INTO sg_hash FROM ({HASHES}) h;
  IF {quoted(expected)} NOT IN ('', sg_hash) THEN
    RAISE EXCEPTION 'drifted' USING ERRCODE = '{DRIFTED_AFTER}';
  END IF;
  {rows}
  {_insert(order, script.hash, "done", fingerprint="sg_hash")}
  RAISE INFO '{TOLD}after %', sg_hash;
END
"""  # noqa: S608 - every value is a number, a hash, or quoted
    return STABLE + block(body)


def wrote(order: TenantOrder, script: Script, segment: Segment) -> str:
    """The rows that say this segment's statements are done."""
    hashes = script.hashes
    numbers = range(segment.first, segment.first + len(segment.statements))
    return "\n".join(
        _insert(order, hashes[number - 1], "statement", statement=number) for number in numbers
    )


def intends(order: TenantOrder, script: Script, number: int) -> str:
    """The row that says a statement that runs alone is about to; a second time it changes none."""
    return _insert(order, script.hashes[number - 1], "intent", statement=number, again=True)


async def progress(
    connection: Connection, order: TenantOrder
) -> tuple[frozenset[int], frozenset[int]]:
    """Numbers of the statements that are done, and of those that were begun alone."""
    rows = await connection.fetch(_PROGRESS, order.migration.version, order.direction)
    done = frozenset(row["statement"] for row in rows if row["event"] == "statement")
    return done, frozenset(row["statement"] for row in rows if row["event"] == "intent")


async def entries(connection: Connection) -> tuple[JournalEntry, ...]:
    """The whole journal, oldest first; empty where nothing was ever applied."""
    if await connection.fetchval("SELECT to_regclass($1)", TABLE) is None:
        return ()
    return tuple(
        JournalEntry(
            operation=row["operation"],
            version=row["version"],
            direction=_direction(row["direction"]),
            hash=row["hash"],
            statements=row["done"],
            began=row["began"],
            ended=row["ended"],
            before=row["before"],
            after=row["after"],
        )
        for row in await connection.fetch(_JOURNAL)
    )


def _direction(text: str) -> Direction:
    return "up" if text == "up" else "down"


def _up(version: str, script_hash: str) -> str:
    return f"""
  IF sg_last.direction = 'up' AND sg_last.hash = '{script_hash}' THEN
    RAISE EXCEPTION 'already' USING ERRCODE = '{ALREADY}', DETAIL = sg_last.fingerprint;
  ELSIF sg_last.direction = 'up' THEN
    RAISE EXCEPTION 'other SQL' USING ERRCODE = '{OTHER_SQL}', DETAIL = {version};
  END IF;"""


def _down(order: TenantOrder, version: str) -> str:
    return f"""
  IF sg_last.direction IS NULL OR sg_last.direction = 'down' THEN
    RAISE EXCEPTION 'already' USING ERRCODE = '{ALREADY}',
      DETAIL = coalesce(sg_last.fingerprint, '');
  ELSIF sg_last.hash <> '{order.migration.up.hash}' THEN
    RAISE EXCEPTION 'other SQL' USING ERRCODE = '{OTHER_SQL}', DETAIL = {version};
  END IF;
  SELECT l.version INTO sg_later FROM (
    SELECT DISTINCT ON (j.version) j.version, j.direction, j.entry FROM {TABLE} j
    WHERE j.event = 'done' ORDER BY j.version, j.entry DESC) l
  WHERE l.direction = 'up' AND l.entry > sg_last.entry ORDER BY l.entry DESC LIMIT 1;
  IF sg_later IS NOT NULL AND sg_open.entry IS NULL THEN
    RAISE EXCEPTION 'later version' USING ERRCODE = '{LATER_VERSION}', DETAIL = sg_later;
  END IF;"""  # noqa: S608 - every value is a hash or quoted


def _insert(
    order: TenantOrder,
    script_hash: str,
    event: str,
    *,
    statement: int = 0,
    fingerprint: str = "''",
    again: bool = False,
) -> str:
    named = f"{quoted(order.operation)}, {quoted(order.migration.version)}, '{order.direction}'"
    columns = "operation, version, direction, event, statement, hash, fingerprint"
    values = f"{named}, '{event}', {statement}, '{script_hash}', {fingerprint}"
    repeat = " ON CONFLICT DO NOTHING" if again else ""
    return f"INSERT INTO {TABLE} ({columns}) VALUES ({values}){repeat};"  # noqa: S608 - quoted
