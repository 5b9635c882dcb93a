"""Reads SQL from stdin and writes its statements, or why it is refused, as JSON to stdout."""

import sys

from pydantic import TypeAdapter

from integrations.postgres_grammar.statements import statements
from integrations.postgres_grammar.types import SqlReading, SqlRefused

RECURSION = 100_000


def main() -> None:
    """One text of SQL in UTF-8, to its end."""
    sys.setrecursionlimit(RECURSION)
    sql = sys.stdin.buffer.read().decode()
    try:
        reading = SqlReading(statements(sql))
    except SqlRefused as refused:
        reading = SqlReading((), refused.args)
    sys.stdout.buffer.write(TypeAdapter(SqlReading).dump_json(reading))


if __name__ == "__main__":
    main()
