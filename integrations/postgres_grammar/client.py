"""Reads SQL with PostgreSQL's grammar in a process of its own.

The parser is C and dies of expressions some hundred thousand levels deep (`SELECT 1+1+1+…`, a UNION
of a generated seed). That must not take the product with it, nor hold up its event loop.
"""

import asyncio
import os
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from pydantic import TypeAdapter

from integrations.errors import Unreachable
from integrations.postgres_grammar.types import SqlReading, SqlRefused, SqlStatement

NAME = "PostgreSQL's grammar"
PLAIN_PROTOBUF = {"PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": "python"}
ROOT = Path(__file__).parents[2]
LONGEST = 1024 * 1024
PATIENCE = timedelta(seconds=30)
READING = TypeAdapter(SqlReading)


class PostgresGrammar:
    """PostgreSQL 18's grammar: SQL too new for an older server passes it."""

    async def read(self, sql: str) -> tuple[SqlStatement, ...]:
        """The statements, in order; raises SqlRefused, or Unreachable when it takes too long."""
        try:
            raw = sql.encode()
        except UnicodeEncodeError as error:
            raise SqlRefused("not_text") from error
        if len(raw) > LONGEST:
            raise SqlRefused("too_long")
        reading = READING.validate_json(await _ask(raw))
        if reading.refused:
            raise SqlRefused(*reading.refused)
        return reading.statements


async def _ask(raw: bytes) -> bytes:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", __package__),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=ROOT,
        env={"PATH": os.defpath, **PLAIN_PROTOBUF},
    )
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            answer, _ = await child.communicate(raw)
    except TimeoutError as error:
        raise Unreachable(NAME, "too slow") from error
    finally:
        with suppress(ProcessLookupError):
            child.kill()
    if child.returncode and child.returncode < 0:
        raise SqlRefused("too_deep")
    if child.returncode:
        raise Unreachable(NAME, f"ended with {child.returncode}")
    return answer
