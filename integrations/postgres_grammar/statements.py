"""Reads a text of SQL into statements: exactly the slices PostgreSQL's grammar makes."""

import re
from collections.abc import Iterator

from google.protobuf.internal.decoder import SetRecursionLimit
from google.protobuf.message import DecodeError
from postgast import PgQueryError, parse

from integrations.postgres_grammar.concerns import concerns
from integrations.postgres_grammar.kinds import command, mode_of, repair_of
from integrations.postgres_grammar.locks import locks
from integrations.postgres_grammar.nodes import Node, unwrap
from integrations.postgres_grammar.refusals import refusal
from integrations.postgres_grammar.types import SqlRefused, SqlStatement

NUL = "\0"
DEEPEST = 20_000
# In front of the first statement: those that run alone are wanted, beside others.
MARK = re.compile(r"^[ \t]*--[ \t]*seguito:no-transaction[ \t]*$", re.M)
COPY_WITH_ROWS = re.compile(r"\bcopy\b[^;]*\bfrom\s+stdin\b[^;]*;", re.I)
PSQL_VARIABLE = re.compile(r":['\"{]?\w")


def statements(sql: str) -> tuple[SqlStatement, ...]:
    """The statements of this text, in order; raises SqlRefused.

    Only to be called in a process of its own: the C library dies of very deep expressions.
    """
    if NUL in sql:
        # The parser would stop there and call the rest fine.
        raise SqlRefused("nul_byte", *place(sql, sql.index(NUL)))
    slices = list(_slices(sql))
    if not slices:
        raise SqlRefused("empty")
    made = tuple(_statement(sql, start, text, node) for start, text, node in slices)
    _check_modes(sql[: slices[0][0]], made)
    return made


def place(sql: str, index: int) -> tuple[int, int]:
    """Line and column of a character, both from 1."""
    before = sql[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1


def _slices(sql: str) -> Iterator[tuple[int, str, Node]]:
    raw = sql.encode()
    # A UNION of 50 lines passes the default of 100 levels. Only protobuf's Python, which the
    # process of its own is told to use, can be asked for more.
    SetRecursionLimit(DEEPEST)
    try:
        tree = parse(sql)
    except PgQueryError as error:
        raise _in_words(sql, error) from error
    except (DecodeError, RecursionError) as error:
        raise SqlRefused("too_deep") from error
    for one in tree.stmts:
        # Offsets are of bytes; a length of 0 means to the end.
        end = one.stmt_location + one.stmt_len if one.stmt_len else len(raw)
        start = len(raw[: one.stmt_location].decode())
        text = raw[one.stmt_location : end].decode()
        yield start + len(text) - len(text.lstrip()), text.strip(), one.stmt


def _statement(sql: str, start: int, text: str, wrapped: Node) -> SqlStatement:
    kind, node = unwrap(wrapped)
    line, column = place(sql, start)
    name = command(kind, node)
    if code := refusal(kind, node):
        raise SqlRefused(code, line, column, name)
    return SqlStatement(
        sql=text,
        kind=name,
        line=line,
        column=column,
        mode=mode_of(kind, node),
        concerns=concerns(kind, node),
        locks=locks(kind, node),
        repair=repair_of(kind, node),
    )


def _check_modes(head: str, made: tuple[SqlStatement, ...]) -> None:
    alone = [one for one in made if one.mode == "alone"]
    if alone and len(alone) < len(made) and not MARK.search(head):
        first = alone[0]
        raise SqlRefused("mixed", first.line, first.column, first.kind)


def _in_words(sql: str, error: PgQueryError) -> SqlRefused:
    # The library's documentation says bytes, but it counts characters, as PostgreSQL does.
    index = max(error.cursorpos - 1, 0)
    where = place(sql, index)
    rest = sql[index:]
    if COPY_WITH_ROWS.search(sql[:index]):
        return SqlRefused("copy", *where, "COPY")
    if rest.startswith("\\"):
        return SqlRefused("psql", *where, rest.split()[0][:20])
    if PSQL_VARIABLE.match(rest):
        return SqlRefused("psql", *where, rest.split()[0][:20])
    if "memory exhausted" in error.message:
        return SqlRefused("too_deep", *where)
    return SqlRefused("syntax", *where, error.message[:200])
