"""Something of ours, timed in turns with the bare statements that it asks."""

import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from sqlalchemy import event

from db.store.session import Database

# What the house allows: so much of its queries' own time.
FACTOR = 3.0
READS = ("SELECT", "WITH")


@dataclass(frozen=True, slots=True)
class Beside:
    """Medians in seconds, and how many statements were asked."""

    whole: float
    bare: float
    statements: int

    @property
    def factor(self) -> float:
        """How many times its statements' own time it takes."""
        return self.whole / self.bare

    @property
    def verdict(self) -> str:
        """Whether that is allowed."""
        return "ok" if self.factor <= FACTOR else f"over {FACTOR:g} x"


async def beside(
    database: Database,
    bare: asyncpg.Connection,
    work: Callable[[], Awaitable[None]],
    rounds: int,
    *,
    reads_only: bool = False,
) -> Beside:
    """`work` is done once to warm up and once to write its statements down, then timed."""
    asked: list[tuple[str, tuple[object, ...]]] = []

    def write_down(*given: object) -> None:
        statement, values = str(given[2]), given[3]
        if not reads_only or statement.lstrip().startswith(READS):
            asked.append((statement, tuple(values) if isinstance(values, tuple | list) else ()))

    async def ask() -> None:
        for statement, values in asked:
            await bare.fetch(statement, *values)

    await work()
    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", write_down)
    await work()
    event.remove(engine, "before_cursor_execute", write_down)
    await ask()
    wholes, bares = [], []
    for _ in range(rounds):
        wholes.append(await _timed(work))
        bares.append(await _timed(ask))
    return Beside(statistics.median(wholes), statistics.median(bares), len(asked))


def folder() -> Path:
    """Where an embedded PostgreSQL of a bench lives."""
    made = Path(tempfile.mkdtemp(prefix="seguito-bench-"))
    made.chmod(0o711)
    return made


async def _timed(work: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began
