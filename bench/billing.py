"""What keeping an event costs beside a bare INSERT, what handling one costs, and convergence.

    python -m bench.billing [--events 1500] [--histories 10000] [--kept 50]

On an embedded PostgreSQL with its usual durability, over loopback. Stripe is a pure fake: its own
latency is no part of this. Needs no network. `--histories` are played on the pure rules, and the
first `--kept` of them on the database as well.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path
from random import Random

import aiohttp
import asyncpg
from aiohttp import web

from bench.billing_histories import End, differing, drawn, in_order
from bot.local.postgres import Postgres
from db.store.migrate import upgrade
from db.store.session import Database
from db.store.urls import parse
from db.store.vault import Vault
from handlers.http.billing import inbox
from tests.kit.billing_stage import NOW, STARTER, BillingStage
from tests.kit.fake_stripe import FakeStripe, signature
from tests.services.billing.histories import Deed, Play

AT_ONCE = 8
ROUNDS = 3
FLOOR = "INSERT INTO bench_events VALUES ($1, $2)"


def main() -> int:
    """Measure all three in one run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--events", type=int, default=1_500)
    parser.add_argument("--histories", type=int, default=10_000)
    parser.add_argument("--kept", type=int, default=50)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seguito-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        server = Postgres(home)
        url = server.start()
        try:
            return asyncio.run(measure(url, given.events, given.histories, given.kept))
        finally:
            server.stop()


async def measure(url: str, events: int, histories: int, kept: int) -> int:
    """Accepting, handling, converging."""
    await upgrade(url)
    vault = Vault({"bench": bytes(range(32))})
    database, other = Database(url, vault), Database(url, vault)
    try:
        await accepting(database, url, events)
        await handling(database, other, events // 3)
        return await converging(database, histories, kept)
    finally:
        await database.dispose()
        await other.dispose()


async def accepting(database: Database, url: str, events: int) -> None:
    """Our door beside a bare one that stores the same body, in turns."""
    stage = BillingStage(database)
    pool = await asyncpg.create_pool(parse(url).url, min_size=AT_ONCE, max_size=AT_ONCE)
    await pool.execute("CREATE TABLE bench_events (id text PRIMARY KEY, body text)")

    async def bare(request: web.Request) -> web.Response:
        body = await request.text()
        await pool.execute(FLOOR, request.headers["X-Id"], body)
        return web.json_response({"received": True})

    async def ours(request: web.Request) -> web.Response:
        raw = await request.read()
        await stage.inbox.receive(raw, request.headers[inbox.SIGNATURE])
        return web.json_response({"received": True})

    app = web.Application()
    app.add_routes([web.post("/bare", bare), web.post("/ours", ours)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    took: dict[str, list[float]] = {"bare": [], "ours": []}
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
        for turn in range(2 * ROUNDS):
            path = ("bare", "ours")[turn % 2]
            bodies = [body(stage.stripe, n) for n in range(events // ROUNDS)]
            await spread([post(http, path, raw, stage, took[path]) for raw in bodies])
    await runner.cleanup()
    await pool.close()
    for name, times in took.items():
        print(f"accept {name}: p50 {at(times, 50):.2f} ms, p99 {at(times, 99):.2f} ms")
    ratios = [at(took["ours"], p) / at(took["bare"], p) for p in (50, 99)]
    print(f"accept ours / bare: p50 {ratios[0]:.2f}, p99 {ratios[1]:.2f} (target 2)")


def body(stripe: FakeStripe, number: int) -> bytes:
    """An event as big as Stripe's usual ones."""
    padding = {"id": f"cus_{number}", "object": "customer", "note": "x" * 3_000}
    return stripe.tell("customer.updated", padding)


async def post(
    http: aiohttp.ClientSession, path: str, raw: bytes, stage: BillingStage, took: list[float]
) -> None:
    """One delivery; how long its answer took, in milliseconds."""
    number = raw[7:40].decode()
    headers = {"X-Id": number, inbox.SIGNATURE: signature(raw, stage.clock())}
    begun = time.perf_counter()
    async with http.post(f"/{path}", data=raw, headers=headers) as response:
        response.raise_for_status()
    took.append((time.perf_counter() - begun) * 1_000)


async def handling(database: Database, other: Database, events: int) -> None:
    """Two workers handle events of many customers; beside them their statements alone."""
    stage = BillingStage(database)
    second = BillingStage(other, stage.stripe)
    second.feel = stage.feel
    bodies = []
    for _ in range(max(1, events // 4)):
        stage.stripe.subscribe(await stage.customer(), STARTER)
    bodies, stage.stripe.events = stage.stripe.events, []
    for raw in bodies:
        await stage.deliver(raw)
    begun = time.perf_counter()
    await spread([(stage, second)[n % 2].handle(raw) for n, raw in enumerate(bodies)])
    ours = len(bodies) / (time.perf_counter() - begun)
    begun = time.perf_counter()
    await spread([statements((database, other)[n % 2]) for n in range(len(bodies))])
    floor = len(bodies) / (time.perf_counter() - begun)
    print(f"handle: {ours:.0f} events a second by two workers of one core;", end=" ")
    print(f"floor of three transactions with 20 statements: {floor:.0f}, {ours / floor:.2f} of it")


async def statements(database: Database) -> None:
    """As many round trips and commits as an event needs."""
    for count in (2, 2, 16):
        async with database.transaction() as session:
            connection = await session.connection()
            for _ in range(count):
                await connection.exec_driver_sql("SELECT 1")


async def converging(database: Database, histories: int, kept: int) -> int:
    """Histories by chance, told anyhow, beside themselves in order; 1 when one ends otherwise."""
    chance, begun = Random(7), time.perf_counter()  # noqa: S311 - no secret
    drawn_ones = [drawn(chance) for _ in range(histories)]
    differ = len(differing(drawn_ones, chance))
    took = time.perf_counter() - begun
    print(f"histories on the pure rules: {histories}, shuffled, doubled and live;", end=" ")
    print(f"{differ} end otherwise ({took:.0f} s)")
    on_database = 0
    for history in drawn_ones[:kept]:
        ends = [await end_of(database, history, Random(n)) for n in (0, 1)]  # noqa: S311 - no secret
        on_database += any(end != in_order(history) for end in ends)
    print(f"histories on the database: {kept}, in order and shuffled;", end=" ")
    print(f"{on_database} end otherwise than on the pure rules")
    return 1 if differ or on_database else 0


async def end_of(database: Database, history: list[Deed], chance: Random) -> End:
    """Access and effects, in order for the first chance, shuffled for others."""
    stage = BillingStage(database, FakeStripe(NOW))
    customer_id = await stage.customer()
    play = Play(stage.stripe, customer_id)
    for deed in history:
        play.do(deed)
    bodies, stage.stripe.events = stage.stripe.events, []
    if chance.random() < 0.5:  # the second seed
        bodies = [*bodies, *bodies]
        chance.shuffle(bodies)
    await stage.arrive(*bodies)
    account, told = await stage.account(customer_id), await stage.effects(customer_id)
    keys = sorted(key.replace(stage.stripe.prefix, "") for key in told)
    return account.state, account.plan, account.rule, keys


async def spread(work: list[Awaitable[None]]) -> None:
    """A few at once."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(each: Awaitable[None]) -> None:
        async with gate:
            await each

    await asyncio.gather(*map(one, work))


def at(times: list[float], percent: int) -> float:
    """A percentile."""
    return statistics.quantiles(times, n=100)[percent - 1]


if __name__ == "__main__":
    sys.exit(main())
