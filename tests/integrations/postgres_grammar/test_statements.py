"""PostgreSQL's grammar as the gate of migrations: slices, refusals, concerns, locks."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from integrations.postgres_grammar.client import PostgresGrammar
from integrations.postgres_grammar.refusals import WHOLE
from integrations.postgres_grammar.statements import statements
from integrations.postgres_grammar.types import Concern, RepairPlan, SqlRefused, TableLock
from services.rollouts import statements as words

PARTS = (
    "CREATE TABLE città (id int)",
    "DO $$ BEGIN PERFORM 1; PERFORM ';'; END $$",
    "SELECT 'a;b', E'\\';', $x$ ; $$ ; $x$",
    "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END",
    "INSERT INTO t VALUES ('é; 日本')",
    "ALTER TABLE \"a;b\" ADD c text DEFAULT '--'",
    "UPDATE t SET a = 1 /* ; inside */ WHERE b = 2",
)
BETWEEN = (";", " ;\n", ";\n-- ünd; more\n", ";/* ; é */ ", ";;\n")


def codes(sql: str) -> list[str]:
    return [one.code for statement in statements(sql) for one in statement.concerns]


def refusal(sql: str) -> tuple[str, int, int, str]:
    with pytest.raises(SqlRefused) as refused:
        statements(sql)
    code, line, column, name = refused.value.args
    return code, line, column, name


@settings(max_examples=60, deadline=None)
@given(some.lists(some.tuples(some.sampled_from(PARTS), some.sampled_from(BETWEEN)), min_size=1))
def test_slices_are_what_was_written_and_nothing_is_lost(parts: list[tuple[str, str]]) -> None:
    sql = "".join(part + gap for part, gap in parts)
    read = statements(sql)
    assert [one.sql for one in read] == [part for part, _ in parts]
    lines = sql.split("\n")
    for one in read:
        here = "\n".join([lines[one.line - 1][one.column - 1 :], *lines[one.line :]])
        assert here.startswith(one.sql)


def test_line_and_column_count_characters_not_bytes() -> None:
    assert refusal("SELECT 'é日';\n  foo bar")[:3] == ("syntax", 2, 3)
    second = statements("SELECT 'é日'; SELECT 2")[1]
    assert (second.line, second.column) == (1, 14)


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("", "empty"),
        ("-- only words\n;;", "empty"),
        ("SELECT 1\0; DROP TABLE x", "nul_byte"),
        ("hello world", "syntax"),
        ("\\i other.sql", "psql"),
        ("SELECT 1;\n\\set x 1", "psql"),
        ("SELECT :x", "psql"),
        ("SELECT :'x'", "psql"),
        ("COPY t FROM STDIN;\n1\ta\n\\.\n", "copy"),
        ("COPY t FROM PROGRAM 'rm -rf /'", "copy"),
        ("COPY t TO '/tmp/x'", "copy"),
        ("BEGIN; SELECT 1; COMMIT", "transaction"),
        ("SAVEPOINT a", "transaction"),
        ("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "transaction"),
        ("CREATE DATABASE x", "server_wide"),
        ("ALTER SYSTEM SET work_mem = '1GB'", "server_wide"),
        ("CREATE TABLESPACE x LOCATION '/x'", "server_wide"),
        ("CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p", "server_wide"),
        ("CREATE ROLE x", "role"),
        ("ALTER USER x PASSWORD 'y'", "role"),
        ("GRANT a TO b", "role"),
        ("SET LOCAL ROLE x", "role"),
        ("RESET SESSION AUTHORIZATION", "role"),
        ("SET search_path = x", "session_setting"),
        ("RESET ALL", "session_setting"),
        ("DISCARD ALL", "session"),
        ("LISTEN x", "session"),
        ("PREPARE p AS SELECT 1", "session"),
        ("CREATE TABLE t AS EXECUTE p", "session"),
        ("CALL p()", "call"),
        ("EXPLAIN ANALYZE DELETE FROM t", "explain"),
        ("REINDEX DATABASE x", "whole_database"),
        ("REINDEX SCHEMA x", "whole_database"),
        ("CLUSTER", "whole_database"),
        ("CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)", "index_if_not_exists"),
        ("CREATE INDEX CONCURRENTLY ON t (a)", "index_without_name"),
        ("CREATE TABLE t (a int); CREATE INDEX CONCURRENTLY i ON t (a)", "mixed"),
    ],
)
def test_what_is_no_migration_is_refused(sql: str, code: str) -> None:
    assert refusal(sql)[0] == code


@pytest.mark.parametrize(
    "sql",
    [
        "SET LOCAL lock_timeout = 0",
        "SET statement_timeout = 0",
        "SET LOCAL idle_in_transaction_session_timeout = 0",
        "SELECT set_config('lock_timeout', '0', true)",
        "SELECT pg_catalog.set_config('Statement_Timeout', '0', true)",
        "INSERT INTO t SELECT set_config('lock_timeout', '0', true)",
        "DO $$ BEGIN SET LOCAL lock_timeout = 0; END $$",
    ],
)
def test_the_runners_timeouts_cannot_be_changed(sql: str) -> None:
    assert refusal(sql)[0] == "timeouts"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("ALTER TABLE s.t DROP COLUMN a", [Concern("drops_column", "s.t.a")]),
        ("ALTER TABLE t DROP a, ADD b int", [Concern("drops_column", "t.a")]),
        ("DROP TABLE a, s.b", [Concern("drops_table", "a"), Concern("drops_table", "s.b")]),
        ("DROP SCHEMA s CASCADE", [Concern("drops_schema", "s"), Concern("cascades")]),
        ("DROP TYPE s.t", [Concern("drops_type", "s.t")]),
        ("DROP VIEW v", [Concern("drops_view", "v")]),
        ("DROP POLICY p ON s.t", [Concern("drops_policy", "s.t.p")]),
        ("DROP FUNCTION f(int)", [Concern("drops_function", "f")]),
        ("ALTER TABLE t DROP CONSTRAINT c", [Concern("drops_constraint", "t.c")]),
        ("ALTER DOMAIN d DROP CONSTRAINT c", [Concern("drops_constraint", "d.c")]),
        ("ALTER TABLE t ALTER a TYPE bigint", [Concern("changes_type", "t.a")]),
        ("TRUNCATE t", [Concern("empties_table", "t")]),
        ("DELETE FROM t", [Concern("deletes_all", "t")]),
        ("DELETE FROM t WHERE 1 = 1", [Concern("deletes_all", "t")]),
        ("UPDATE t SET a = 1 WHERE true", [Concern("updates_all", "t")]),
        ("WITH x AS (DELETE FROM t RETURNING *) SELECT 1", [Concern("deletes_all", "t")]),
        ("ALTER TABLE t DISABLE ROW LEVEL SECURITY", [Concern("disables_row_security", "t")]),
        ("GRANT SELECT ON t TO anon, b", [Concern("grants_everybody", "anon")]),
        ("GRANT SELECT ON t TO PUBLIC", [Concern("grants_everybody", "public")]),
        (
            "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
            [Concern("grants_everybody", "public")],
        ),
        ("DO $$ BEGIN NULL; END $$", [Concern("opaque_do")]),
        (
            "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'x'; END $$",
            [Concern("opaque_execute", "f")],
        ),
        ("SELECT pg_advisory_lock(1)", [Concern("opaque_call", "pg_advisory_lock")]),
        ("SELECT set_config('a.b', 'c', false)", [Concern("opaque_call", "set_config")]),
        ("SELECT ours.migrate()", [Concern("opaque_call", "migrate")]),
        ("INSERT INTO t SELECT dblink('x')", [Concern("opaque_call", "dblink")]),
        ("SELECT setval('s', 1)", []),
        ("DELETE FROM t WHERE a = 1", []),
        ("ALTER TABLE t ADD a int", []),
        ("ALTER TYPE e ADD VALUE 'x'", []),
        ("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", []),
        ("DROP INDEX i", []),
    ],
)
def test_what_destroys_or_hides_needs_a_second_admin(sql: str, expected: list[Concern]) -> None:
    (statement,) = statements(sql)
    assert list(statement.concerns) == expected
    assert statement.needs_approval == bool(expected)


@pytest.mark.parametrize(
    ("sql", "plan"),
    [
        ("CREATE INDEX CONCURRENTLY i ON s.t (a)", RepairPlan("create_index", "i", "s", "t")),
        ("DROP INDEX CONCURRENTLY s.i", RepairPlan("drop_index", "i", "s")),
        ("REINDEX TABLE CONCURRENTLY s.t", RepairPlan("reindex", "t", "s")),
        ("REINDEX (CONCURRENTLY) INDEX i", RepairPlan("reindex", "i")),
        ("VACUUM t", RepairPlan("repeat")),
        (
            "ALTER TABLE s.t DETACH PARTITION s.p CONCURRENTLY",
            RepairPlan("detach", "p", "s", '"s"."t"'),
        ),
    ],
)
def test_what_runs_alone_says_how_it_is_mended(sql: str, plan: RepairPlan) -> None:
    (statement,) = statements(sql)
    assert (statement.mode, statement.repair) == ("alone", plan)


def test_statements_that_run_alone_stand_beside_others_when_the_author_says_so() -> None:
    mark = words.NO_TRANSACTION_MARK
    both = "CREATE TABLE t (a int);\nCREATE INDEX CONCURRENTLY i ON t (a)"
    read = statements(f"-- Why.\n{mark}\n{both}")
    assert [one.mode for one in read] == ["transaction", "alone"]
    assert refusal(both.replace("\n", f"\n{mark}\n"))[0] == "mixed"


EXCLUSIVE, WRITES, SHARE = "ACCESS EXCLUSIVE", "SHARE ROW EXCLUSIVE", "SHARE"
QUIET = "SHARE UPDATE EXCLUSIVE"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("ALTER TABLE s.t ADD a int DEFAULT 3", [TableLock("s.t", EXCLUSIVE, "instant")]),
        ("ALTER TABLE t ADD a timestamptz DEFAULT now()", [TableLock("t", EXCLUSIVE, "instant")]),
        (
            "ALTER TABLE t ADD a uuid DEFAULT gen_random_uuid()",
            [TableLock("t", EXCLUSIVE, "rewrite")],
        ),
        ("ALTER TABLE t ADD a serial", [TableLock("t", EXCLUSIVE, "rewrite")]),
        (
            "ALTER TABLE t ADD a int GENERATED ALWAYS AS (1) STORED",
            [TableLock("t", EXCLUSIVE, "rewrite")],
        ),
        ("ALTER TABLE t ALTER a SET NOT NULL", [TableLock("t", EXCLUSIVE, "scan")]),
        ("ALTER TABLE t ADD CHECK (a > 1)", [TableLock("t", EXCLUSIVE, "scan")]),
        (
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 1) NOT VALID",
            [TableLock("t", EXCLUSIVE, "instant")],
        ),
        ("ALTER TABLE t ADD UNIQUE (a)", [TableLock("t", EXCLUSIVE, "scan")]),
        (
            "ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i",
            [TableLock("t", EXCLUSIVE, "instant")],
        ),
        ("ALTER TABLE t ALTER a TYPE bigint", [TableLock("t", EXCLUSIVE, "rewrite")]),
        (
            "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES b NOT VALID",
            [TableLock("t", WRITES, "writes_wait"), TableLock("b", WRITES, "writes_wait")],
        ),
        ("ALTER TABLE t VALIDATE CONSTRAINT c", [TableLock("t", QUIET, "nothing")]),
        (
            "ALTER TABLE t ATTACH PARTITION p FOR VALUES IN (1)",
            [TableLock("t", QUIET, "nothing"), TableLock("p", EXCLUSIVE, "instant")],
        ),
        ("CREATE TABLE t (a int REFERENCES b)", [TableLock("b", WRITES, "writes_wait")]),
        ("CREATE INDEX i ON t (a)", [TableLock("t", SHARE, "writes_wait")]),
        ("CREATE INDEX CONCURRENTLY i ON t (a)", [TableLock("t", QUIET, "nothing")]),
        (
            "CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f()",
            [TableLock("t", WRITES, "writes_wait")],
        ),
        ("CREATE POLICY p ON t USING (true)", [TableLock("t", EXCLUSIVE, "instant")]),
        ("DROP TRIGGER g ON s.t", [TableLock("s.t", EXCLUSIVE, "instant")]),
        ("TRUNCATE t", [TableLock("t", EXCLUSIVE, "rewrite")]),
        ("REFRESH MATERIALIZED VIEW m", [TableLock("m", EXCLUSIVE, "rewrite")]),
        ("COMMENT ON COLUMN s.t.a IS 'x'", [TableLock("s.t", QUIET, "nothing")]),
        ("VACUUM FULL t", [TableLock("t", EXCLUSIVE, "rewrite")]),
        ("ANALYZE t", [TableLock("t", QUIET, "nothing")]),
        ("LOCK TABLE t IN SHARE MODE", [TableLock("t", SHARE, "writes_wait")]),
        ("INSERT INTO t VALUES (1)", []),
    ],
)
def test_the_preview_knows_which_table_is_locked_how(sql: str, expected: list[TableLock]) -> None:
    (statement,) = statements(sql)
    assert list(statement.locks) == expected


def test_commands_are_called_by_postgresqls_words() -> None:
    sql = "DROP MATERIALIZED VIEW m; ALTER INDEX i RENAME TO j; CREATE TABLE t(); ANALYZE"
    kinds = [one.kind for one in statements(f"{sql}; REVOKE ALL ON t FROM a")]
    expected = "DROP MATERIALIZED VIEW, ALTER INDEX, CREATE TABLE, ANALYZE, REVOKE"
    assert ", ".join(kinds) == expected


async def test_an_expression_that_kills_the_parser_is_a_sentence() -> None:
    with pytest.raises(SqlRefused) as refused:
        await PostgresGrammar().read("SELECT " + "+".join("1" * 300_000))
    assert refused.value.code == "too_deep"


async def test_processes_that_wait_serve_one_reading_each_and_end_with_the_program() -> None:
    grammar = PostgresGrammar()
    await grammar.warm()
    up, down = await asyncio.gather(grammar.read("SELECT 1"), grammar.read("SELECT 2"))
    assert (up[0].sql, down[0].sql) == ("SELECT 1", "SELECT 2")
    assert (await grammar.read("SELECT 3"))[0].sql == "SELECT 3"
    await grammar.warm()
    await grammar.close()
    assert (await grammar.read("SELECT 4"))[0].sql == "SELECT 4"


async def test_a_long_union_is_read() -> None:
    seed = "INSERT INTO t " + " UNION ALL ".join(f"SELECT {n}" for n in range(3000))
    (read,) = await PostgresGrammar().read(seed)
    assert (read.kind, read.sql) == ("INSERT", seed)


async def test_more_than_a_megabyte_is_refused_unread() -> None:
    with pytest.raises(SqlRefused) as refused:
        await PostgresGrammar().read("SELECT '" + "é" * 600_000 + "'")
    assert refused.value.code == "too_long"


async def test_half_a_character_is_refused() -> None:
    with pytest.raises(SqlRefused) as refused:
        await PostgresGrammar().read("SELECT '\ud800'")
    assert refused.value.code == "not_text"


def test_every_refusal_has_its_sentence() -> None:
    assert {*WHOLE.values()} <= words.REFUSALS.keys()
