"""What counting a call costs, and that it costs the same after a million of them.

    python bench/ledger.py [--rows 1000000] [--calls 6000]

On an embedded PostgreSQL with its usual durability: calls are held and settled as the gateway
does it, first on empty tables, then with `--rows` settled calls in them. Needs no network.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from bot.local.postgres import Postgres
from db.gateway.ledger import Rows
from db.store.asyncpg_pool import AsyncpgPool
from db.store.migrate import upgrade
from services.gateway import Claim, Ledger, Metered

LICENSES = 500
AT_ONCE = 64
ROUNDS = 3
# Within what two runs on the same tables differ on a shared machine.
GATE = 1.25
SLICE = 100_000
METERED = Metered("openai", "gpt-5.4-mini", 900, 200, 0, 1_234, "2026-11", streamed=True)
FILL = """
INSERT INTO gateway_requests
    SELECT gen_random_uuid(), 'lic_' || n % $2, current_date - n % 90, 'settled', now(), now(),
        'openai', 'gpt-5.4-mini', 900, 200, 0, 1234, '2026-11', false, true, false, ''
    FROM generate_series(1, $1::integer) AS n
"""
FILL_DAYS = """
INSERT INTO usage_days
    SELECT 'lic_' || n, current_date - day, 'openai', 'gpt-5.4-mini', 20, 900, 200, 1234, 0
    FROM generate_series(0, $1::integer) AS n, generate_series(1, 90) AS day
    ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds: the median and the 95th percentile of a hold, and all of a call on average."""

    p50: float
    p95: float
    per_call: float


def main() -> int:
    """Measure on empty and on full tables, print both and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--calls", type=int, default=6_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seguito-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        server = Postgres(home)
        url = server.start()
        try:
            return asyncio.run(measure(url, given.rows, given.calls))
        finally:
            server.stop()


async def measure(url: str, rows: int, calls: int) -> int:
    """Both measurements on one server."""
    await upgrade(url)
    hot = AsyncpgPool(url)
    await run(hot, calls // 4)
    empty = await best(hot, calls)
    print(line("empty", empty))
    begun = time.perf_counter()
    for done in range(0, rows, SLICE):
        await hot.fetch(FILL, min(SLICE, rows - done), LICENSES)
    await hot.fetch(FILL_DAYS, LICENSES)
    await hot.fetch("ANALYZE gateway_requests, usage_days, usage_months")
    print(f"filled {rows:,} rows in {time.perf_counter() - begun:.0f} s")
    await run(hot, calls // 4)
    full = await best(hot, calls)
    print(line(f"{rows:,} rows", full))
    await hot.close()
    ratio = full.per_call / empty.per_call
    print(f"cost per call × {ratio:.2f} (gate: {GATE})")
    return 0 if ratio <= GATE else 1


async def best(hot: AsyncpgPool, calls: int) -> Figures:
    """The quickest of some rounds: the others were disturbed."""
    return min([await run(hot, calls) for _ in range(ROUNDS)], key=lambda one: one.per_call)


async def run(hot: AsyncpgPool, calls: int) -> Figures:
    """So many calls, 64 at once, over 500 licenses."""
    ledger = Ledger(Rows(hot))
    numbers = iter(range(calls))
    waits: list[float] = []

    async def caller() -> None:
        for number in numbers:
            claim = Claim(uuid4(), f"lic_{number % LICENSES}", hourly=1_000_000, monthly=10**9)
            begun = time.perf_counter()
            hold = await ledger.hold(claim)
            waits.append(time.perf_counter() - begun)
            if hold.code:
                raise SystemExit(f"refused: {hold.code}")
            await ledger.settle(claim.request_id, METERED)

    begun = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(AT_ONCE)))
    await ledger.close()
    took = time.perf_counter() - begun
    await hot.fetch("UPDATE usage_months SET hits = '{}'")
    return Figures(statistics.median(waits), statistics.quantiles(waits, n=20)[-1], took / calls)


def line(name: str, figures: Figures) -> str:
    """One line of the report."""
    return (
        f"{name:16} hold p50 {figures.p50 * 1000:6.2f} ms  p95 {figures.p95 * 1000:6.2f} ms"
        f"  {1 / figures.per_call:7.0f} calls/s held and settled"
    )


if __name__ == "__main__":
    sys.exit(main())
