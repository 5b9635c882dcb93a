"""What finding a contact costs at 20,000 accounts and 100,000 contacts, and filling that index.

    python -m bench.crm_search [--accounts 20000] [--people 100000] [--times 400]

Starts PostgreSQL and the sandbox's Crono with such a crowd, reads it into the index as the
background job does, then types names. Prints the first pass beside the vendor's pages alone, and
the search's p50 and p99 beside the bare indexed query of the same words on a connection of its own.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
from aiohttp.test_utils import TestServer

from bot.local.postgres import LOSSY, Postgres
from db.store.migrate import upgrade
from db.store.session import Database
from db.store.urls import parse
from db.store.vault import Vault
from integrations.crono.client import Crono, PageWindow
from integrations.crono.types import CronoKeys
from integrations.http import client
from integrations.sandbox.crono.api import KEYS
from integrations.sandbox.crono.crowd import FIRST, LAST
from integrations.sandbox.crono.vendor import vendors
from integrations.sandbox.kit.stage import SandboxOptions
from integrations.sandbox.server import build
from services.actors import Actor
from services.connections import CrmKeys, SharedKeys
from services.crm import AT_ONCE, CrmAccess, CrmIndex, CrmQuery, CrmRefresh, CronoVendor
from services.crm.folding import fold, prefix_query, words

WORKSPACE = "T0BENCH"
ADA = Actor(WORKSPACE, "U0ADA")
GOAL = 3.0
BARE = """
    SELECT kind, id, name, email, account_id FROM crm_records
    WHERE lexemes @@ $1::text::tsquery AND workspace_id = $2 AND kind = ANY($3) LIMIT 200
"""


def main() -> int:
    """Measure and print; 1 when the search's goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=400)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o711)
        server = Postgres(Path(home), settings=LOSSY)
        try:
            return asyncio.run(measured(server.start(), asked))
        finally:
            server.stop()


async def measured(url: str, asked: argparse.Namespace) -> int:
    """The whole of it on one database."""
    await upgrade(url)
    options = SandboxOptions(crm_size=(asked.accounts, asked.people))
    database = Database(url, Vault({"bench": bytes(32)}))
    async with (
        TestServer(build(options, [vendors])) as sandbox,
        client(f"{sandbox.make_url('/crono')}", "crono") as http,
    ):
        crono = Crono(http)
        pages = await pages_alone(crono)
        filled = await fill(database, crono)
    print(f"first pass: {filled:.1f} s; the CRM's pages alone {pages:.1f} s: {filled / pages:.2f}x")
    ratio = await searches(database, url, asked.times)
    await database.dispose()
    return 0 if ratio <= GOAL else 1


async def pages_alone(crono: Crono) -> float:
    """Seconds to ask for every page and keep nothing."""
    begun = time.perf_counter()
    for resource in ("Accounts", "Prospects", "Opportunities"):
        offset, total = 0, 1
        while offset < total:
            page = await crono.changed(CronoKeys(*KEYS), resource, PageWindow(None, offset))
            offset, total = offset + len(page.rows), page.total or 0
    return time.perf_counter() - begun


async def fill(database: Database, crono: Crono) -> float:
    """Seconds of a first pass, step after step as the job takes them."""

    def clock() -> datetime:
        return datetime.now(UTC)

    keys = CrmKeys(database, SharedKeys(WORKSPACE, crono=KEYS), clock)
    refresh = CrmRefresh(database, keys, CrmAccess(keys, (CronoVendor(crono),)), clock)
    await refresh.begin_due()
    connection = await asyncpg.connect(parse(database.url).url)
    job = await connection.fetchval("SELECT leased_to FROM crm_indexes")
    begun = time.perf_counter()
    while await refresh.advance(WORKSPACE, "1", job) == AT_ONCE:
        pass
    took = time.perf_counter() - begun
    print(await connection.fetchval("SELECT count(*) FROM crm_records"), "records")
    await connection.execute("ANALYZE")
    await connection.close()
    return took


async def searches(database: Database, url: str, times: int) -> float:
    """Print both, taken in turns; the ratio of their 99th percentiles."""
    index, bare = CrmIndex(database), await asyncpg.connect(parse(url).url)
    kinds, typed = ["contact", "account"], list(names(times))

    async def plain(text: str) -> object:
        query = prefix_query(WORKSPACE, ((word,) for word in words(fold(text))))
        return await bare.fetch(BARE, query, WORKSPACE, kinds)

    async def ours(text: str) -> object:
        return await index.search(ADA, CrmQuery(text))

    for text in typed[:20]:
        await plain(text)
        await ours(text)
    floor, found = await in_turns((plain, ours), typed)
    [wrong] = await in_turns((ours,), [swapped(text) for text in typed[:100]])
    await bare.close()
    ratio = found[98] / floor[98]
    for label, cuts in (("bare query", floor), ("search", found), ("mistyped", wrong)):
        print(f"{label:11} p50 {cuts[49]:6.2f} ms  p99 {cuts[98]:6.2f} ms")
    print(f"search beside the bare query, p99: {ratio:.2f}x (goal {GOAL:.0f}x)")
    return ratio


async def in_turns(
    calls: Sequence[Callable[[str], Awaitable[object]]], typed: Sequence[str]
) -> list[list[float]]:
    """The hundredths of how long each call took, in milliseconds; one after the other each time."""
    took: list[list[float]] = [[] for _ in calls]
    for text in typed:
        for call, times in zip(calls, took, strict=True):
            begun = time.perf_counter()
            await call(text)
            times.append((time.perf_counter() - begun) * 1000)
    return [statistics.quantiles(times, n=100) for times in took]


def names(times: int) -> Sequence[str]:
    """What people type: beginnings of names, one word or two."""
    found = []
    for number in range(times):
        first, last = FIRST[number % len(FIRST)], LAST[number * 5 % len(LAST)]
        found.append(
            (last[: 3 + number % 4], f"{first[:4]} {last[:5]}", f"{first} {last}")[number % 3]
        )
    return found


def swapped(text: str) -> str:
    """The same with two letters the wrong way round."""
    return text[:2] + text[3:4] + text[2:3] + text[4:] if len(text) > 4 else text


if __name__ == "__main__":
    raise SystemExit(main())
