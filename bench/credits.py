"""What posting credits costs beside a plain insert, and whether 10^5 reserves add up.

    python -m bench.credits [--postings 4000] [--reserves 100000]

On an embedded PostgreSQL with its usual durability. Each row is committed by itself, 16 at once, in
turns: by our own sessions, and both statements also by bare asyncpg. Then adversaries reserve with
keys used twice, settle, release and let expire. Needs no network.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
from sqlalchemy import text

from bot.local.postgres import Postgres
from db.store.migrate import upgrade
from db.store.session import Database
from db.store.vault import Vault
from services.credits import (
    CreditBreach,
    CreditHolds,
    CreditProofs,
    Credits,
    NotEnoughCredits,
)
from services.errors import Conflict

USERS = 500
# So little that all of them run dry.
ATTACKED, GIVEN = 50, 2_000
AT_ONCE = 16
ROUNDS = 5
GATE = 0.3
TABLE = """
CREATE TABLE plain (id text PRIMARY KEY, user_id text NOT NULL, amount bigint NOT NULL,
    reason text NOT NULL, at timestamptz NOT NULL)
"""
INSERT = "INSERT INTO plain VALUES ({}, {}, {}, 'Summer offer', now())"
OURS = text(INSERT.format(":id", ":user_id", ":amount"))
BARE = INSERT.format("$1", "$2", "$3")
BARE_POST = """
SELECT outcome FROM credits_post('ctx_' || $1, $2, 'grant', 5, 0, -5, 0, $1,
    sha256(convert_to($1, 'UTF8')), 'Summer offer', '', NULL, '', now())
"""
TOTALS = """
SELECT sum(available + held + issued + spent), min(available), min(held), sum(available + held +
    spent) FROM credit_accounts WHERE user_id LIKE 'attacked%'
"""

Work = Callable[[int], Awaitable[object]]


class Room:
    """Counts the accounts that do not prove."""

    def __init__(self) -> None:
        self.broken = 0

    async def credits_broken(self, breaches: tuple[CreditBreach, ...], total: int) -> None:
        """So many."""
        self.broken = total


def main() -> int:
    """Measure, print ratios and sums; 1 when a gate is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--postings", type=int, default=4_000)
    parser.add_argument("--reserves", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seguito-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        server = Postgres(home)
        url = server.start()
        try:
            return asyncio.run(measure(url, given.postings, given.reserves))
        finally:
            server.stop()


async def measure(url: str, postings: int, reserves: int) -> int:
    """Speed first, then the attack, on one server."""
    await upgrade(url)
    database = Database(url, Vault({"bench": bytes(range(32))}), pool_size=AT_ONCE)
    pool = await asyncpg.create_pool(url, min_size=AT_ONCE, max_size=AT_ONCE)
    await pool.execute(TABLE)
    fast = await compare(database, pool, postings)
    sound = await attack(database, pool, reserves)
    await pool.close()
    await database.dispose()
    return 0 if fast and sound else 1


async def compare(database: Database, pool: asyncpg.Pool, postings: int) -> bool:
    """Rows a second of each, the medians of rounds in turns; whether the gate is kept."""
    credits = Credits(database, lambda: datetime.now(UTC))

    async def post(number: int) -> None:
        async with database.transaction() as session:
            user = f"user-{number % USERS}"
            await credits.grant(session, user, 5, uuid4().hex, "Summer offer")

    async def insert(number: int) -> None:
        async with database.transaction() as session:
            row = {"id": uuid4().hex, "user_id": f"user-{number % USERS}", "amount": 5}
            await session.execute(OURS, row)

    async def insert_bare(number: int) -> None:
        await pool.execute(BARE, uuid4().hex, f"user-{number % USERS}", 5)

    async def post_bare(number: int) -> None:
        await pool.execute(BARE_POST, uuid4().hex, f"user-{number % USERS}")

    sides: dict[str, Work] = {
        "post": post,
        "insert": insert,
        "bare post": post_bare,
        "bare insert": insert_bare,
    }
    middle = await rates(sides, postings)
    ours = middle["post"] / middle["insert"]
    bare = middle["bare post"] / middle["bare insert"]
    across = middle["post"] / middle["bare insert"]
    print(f"postings / inserts: by our sessions {ours:.2f}, by asyncpg {bare:.2f} (gate: {GATE});")
    print(f"ours beside asyncpg's inserts: {across:.2f}")
    return min(ours, bare) >= GATE


async def rates(sides: dict[str, Work], times: int) -> dict[str, float]:
    """Rows a second of each: the median of some rounds in turns, the first one left out."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS + 1):
        for name, work in sides.items():
            found[name].append(times / await timed(work, times))
    middle = {name: statistics.median(each[1:]) for name, each in found.items()}
    for name, rate in middle.items():
        print(f"{name:12} {rate:8.0f} rows/s")
    return middle


async def attack(database: Database, pool: asyncpg.Pool, reserves: int) -> bool:
    """Reserves of random amounts on few users; whether every sum is right afterwards."""
    now, room, dice = datetime.now(UTC), Room(), random.Random(16)  # noqa: S311 - repeatable
    holds = CreditHolds(database, lambda: now)
    credits = Credits(database, lambda: now)
    users = [f"attacked-{number}" for number in range(ATTACKED)]
    async with database.transaction() as session:
        for user in users:
            await credits.grant(session, user, GIVEN, f"{user} is given", "")
    twice = [uuid4().hex for _ in range(reserves // 20)]
    short = used = 0

    async def adversary(_: int) -> None:
        nonlocal short, used
        user, amount = dice.choice(users), dice.randint(1, 100)
        key = dice.choice(twice) if dice.random() < 0.1 else uuid4().hex
        try:
            hold = await holds.reserve(user, amount, key)
            end = dice.random()
            if end < 0.3:
                await holds.settle(user, hold.id, dice.randint(0, amount))
            elif end < 0.5:
                await holds.release(user, hold.id)
        except NotEnoughCredits:
            short += 1
        except Conflict:
            used += 1

    took = await timed(adversary, reserves)
    late = CreditHolds(database, lambda: now + timedelta(hours=1))
    while await late.expire():
        pass
    zero, available, held, kept = map(int, await pool.fetchrow(TOTALS))
    await CreditProofs(database, room).prove()
    print(
        f"{reserves:,} reserves in {took:.0f} s: {short:,} found too little, {used:,} a used key;"
        f" sum {zero}, least balance {available}, held {held}, {kept:,} of {ATTACKED * GIVEN:,}"
        f" kept, {room.broken} broken"
    )
    whole = zero == 0 and available >= 0 and held == 0 and kept == ATTACKED * GIVEN
    return whole and not room.broken


async def timed(work: Work, times: int) -> float:
    """Seconds for so many, 16 at once."""
    numbers = iter(range(times))

    async def worker() -> None:
        for number in numbers:
            await work(number)

    begun = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
