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
# A form has SQL for both ways.
WARM = 2
READING = TypeAdapter(SqlReading)


class PostgresGrammar:
    """PostgreSQL 18's grammar: SQL too new for an older server passes it."""

    def __init__(self) -> None:
        self._ready: list[asyncio.subprocess.Process] = []

    async def warm(self) -> None:
        """Start the processes of the next two readings, which takes most of a reading's time."""
        while len(self._ready) < WARM:
            self._ready.append(await _start())

    async def close(self) -> None:
        """End those that nobody needed."""
        for child in self._ready:
            await _end(child)
        self._ready.clear()

    async def read(self, sql: str) -> tuple[SqlStatement, ...]:
        """The statements, in order; raises SqlRefused, or Unreachable when it takes too long."""
        try:
            raw = sql.encode()
        except UnicodeEncodeError as error:
            raise SqlRefused("not_text") from error
        if len(raw) > LONGEST:
            raise SqlRefused("too_long")
        reading = READING.validate_json(await _ask(await self._next(), raw))
        if reading.refused:
            raise SqlRefused(*reading.refused)
        return reading.statements

    async def _next(self) -> asyncio.subprocess.Process:
        while self._ready:
            # One that somebody killed while it waited has nothing to do with this SQL.
            if (child := self._ready.pop()).returncode is None:
                return child
        return await _start()


async def _start() -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", __package__),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=ROOT,
        env={"PATH": os.defpath, **PLAIN_PROTOBUF},
    )


async def _ask(child: asyncio.subprocess.Process, raw: bytes) -> bytes:
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


async def _end(child: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        child.kill()
    await child.communicate()
