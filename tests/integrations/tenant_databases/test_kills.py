"""kill -9 of a runner at every request it makes: the repeat ends as if nothing had been."""

import asyncio
from dataclasses import dataclass, replace
from multiprocessing.process import BaseProcess
from signal import SIGKILL

import asyncpg
import pytest

from integrations.tenant_databases.connections import TenantConnections
from integrations.tenant_databases.migrations import Direction, Migration
from integrations.tenant_databases.outcomes import AlreadyApplied, Applied
from integrations.tenant_databases.runner import MigrationRunner
from tests.kit.boundaries import Boundaries, Moment
from tests.kit.migrating import migrating
from tests.kit.tenant_migrations import (
    DOWN,
    QUICK,
    UP,
    filled,
    migration,
    ordered,
    value,
)
from tests.kit.tenant_parts import parts_of

pytestmark = pytest.mark.process
# Between transactions, which the one of the other tests has not.
ALONE = """-- seguito:no-transaction
CREATE TABLE ledger AS SELECT 'once' AS line;
CREATE INDEX CONCURRENTLY by_name ON customers (name);
CREATE TABLE last ();
"""
ALONE_DOWN = """-- seguito:no-transaction
DROP TABLE last;
DROP INDEX CONCURRENTLY by_name;
DROP TABLE ledger;
"""
# The server takes a moment to notice that a runner is no more.
PATIENT = replace(QUICK, tries=100)
INVALID = "SELECT count(*) FROM pg_index WHERE NOT indisvalid"
TWICE = (
    "SELECT count(*) FROM seguito_rollouts.journal GROUP BY version, direction, event, statement "
    "HAVING count(*) > 1"
)
# Before the next request is asked is after this one is answered.
MOMENTS: tuple[Moment, ...] = ("sent", "answered")


@dataclass
class Killer:
    """Kills the runner at one boundary; counts them all."""

    at: tuple[int, str] = (0, "")
    seen: int = 0
    child: BaseProcess | None = None

    async def meet(self, number: int, moment: Moment) -> bool:
        """Called by the wire."""
        self.seen = max(self.seen, number)
        if (number, moment) != self.at or self.child is None:
            return True
        self.child.kill()
        return False


async def migrate(url: str, what: Migration, direction: Direction, killer: Killer) -> int | None:
    """How the process ended: 0 by itself, -9 killed."""
    async with Boundaries(url, killer.meet) as wire:
        killer.child = migrating(wire.url, what, direction, f"k:{direction}")
        await asyncio.to_thread(killer.child.join)
        return killer.child.exitcode


@pytest.mark.parametrize(
    ("up", "down", "direction"),
    [(UP, DOWN, "up"), (UP, DOWN, "down"), (ALONE, ALONE_DOWN, "up"), (ALONE, ALONE_DOWN, "down")],
    ids=["up", "down", "up-alone", "down-alone"],
)
async def test_a_runner_killed_at_any_boundary_is_finished_by_the_next(
    new_database, up: str, down: str, direction: Direction
) -> None:
    what = migration(up, down)
    runner = MigrationRunner(TenantConnections())
    first = await filled(await new_database())
    start, end, boundaries = await reference(runner, first, what, direction)
    assert boundaries > 4
    repeat = ordered(what, direction, operation=f"k:{direction}", limits=PATIENT)
    for number in range(1, boundaries + 1):
        for moment in MOMENTS:
            url = await filled(await new_database())
            parts = parts_of(url)
            if direction == "down":
                assert isinstance(await runner.apply(parts, ordered(what)), Applied)
            killer = Killer((number, moment))
            assert await migrate(url, what, direction, killer) == -SIGKILL, (number, moment)
            found = await runner.apply(parts, repeat)
            assert isinstance(found, Applied | AlreadyApplied), (number, moment, found)
            assert (await runner.fingerprint(parts)).hash == end, (number, moment)
            assert await value(url, INVALID) == 0, (number, moment)
            assert await value(url, TWICE) is None, (number, moment)
            if direction == "up":
                assert await value(url, "SELECT count(*) FROM ledger") == 1, (number, moment)
            told = (await runner.journal(parts))[-1]
            assert (told.before, told.after) == (start, end), (number, moment)
            assert told.ended is not None
            await drop(url)


async def reference(
    runner: MigrationRunner, url: str, what: Migration, direction: Direction
) -> tuple[str, str, int]:
    """Fingerprints before and after, and how many requests the whole takes."""
    parts = parts_of(url)
    if direction == "down":
        await runner.apply(parts, ordered(what))
    start, killer = await runner.fingerprint(parts), Killer()
    assert await migrate(url, what, direction, killer) == 0
    return start.hash, (await runner.fingerprint(parts)).hash, killer.seen


async def drop(url: str) -> None:
    name = parts_of(url).database
    other = await asyncpg.connect(url.replace(f"/{name}", "/postgres"))
    await other.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await other.close()
