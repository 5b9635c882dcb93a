"""What the pages of figures cost at a million calls, beside the bare queries they ask.

    python -m bench.dashboard [--calls 1000000] [--rounds 7]

On an embedded PostgreSQL with its usual durability: so many single calls of the last hundred days
by 400 licenses, summed up as the clock does it. Every statement of a page is written down once,
then asked again by bare asyncpg on one connection, in turns with the page over HTTP: the factor is
between the two medians. Needs no network.
"""

import argparse
import asyncio
import time

import aiohttp
import asyncpg
from aiohttp import web

from bench.beside import beside, folder
from bot.local.postgres import Postgres
from db.store.migrate import upgrade
from db.store.session import Database
from db.store.vault import Vault
from handlers.http import register
from handlers.http.dashboard.kit.guard import SESSION
from services.actors import Operator
from services.admins import Device
from tests.kit.product import free_port
from tests.kit.wired import foundation, wired

LICENSES, DAYS = 400, 100
PAGES = ("/admin", "/admin/usage", "/admin/usage?days=365&by=week")
CUSTOMERS = f"""
INSERT INTO customers
SELECT 'cus_' || n, n || '@x.example', 'Customer ' || n, 'active', '', now(), now()
FROM generate_series(1, {LICENSES}) AS n
"""  # noqa: S608 - constants of this file
SOLD = f"""
INSERT INTO licenses (id, customer_id, plan, plan_version, key_digest, key, key_hint, status,
    reason, issued_at, request_id, order_digest, domain)
SELECT 'lic_' || n, 'cus_' || n, 'pro', 1, sha256(n::text::bytea), '', 'ABCD', 'active', '',
    now() - n * interval '1 day' / 2, n::text, '', ''
FROM generate_series(1, {LICENSES}) AS n
"""  # noqa: S608 - constants of this file
CALLS = f"""
INSERT INTO gateway_requests
SELECT gen_random_uuid(), 'lic_' || (1 + floor(power(random(), 2) * {LICENSES}))::int, at::date,
    CASE WHEN random() < 0.01 THEN 'failed' ELSE 'settled' END, at, at + interval '3 seconds',
    (ARRAY['openai', 'anthropic', 'deepseek'])[1 + n % 3],
    (ARRAY['gpt-5.4-mini', 'claude-haiku-5-5', 'deepseek-flash'])[1 + n % 3],
    1000, 300, 0, 2300, '1', false, true, false, ''
FROM generate_series(1, $1::int) AS n,
    LATERAL (SELECT now() - interval '{DAYS} days' * (1 - n / $1::float8) AS at) AS moment
"""  # noqa: S608 - constants of this file


async def main(calls: int, rounds: int) -> None:
    """Fill, measure each page beside its queries, print a line each."""
    server = Postgres(folder())
    url = server.start()
    try:
        await upgrade(url)
        bare = await asyncpg.connect(url)
        began = time.perf_counter()
        for statement, values in ((CUSTOMERS, ()), (SOLD, ()), (CALLS, (calls,))):
            await bare.execute(statement, *values)
        await bare.execute("VACUUM ANALYZE")
        print(f"{calls:,} calls in {time.perf_counter() - began:.0f} s")
        database = Database(url, Vault({"test": bytes(range(32))}))
        await _measure(database, bare, rounds)
        await bare.close()
        await database.dispose()
    finally:
        server.stop()


async def _measure(database: Database, bare: asyncpg.Connection, rounds: int) -> None:
    async with wired(foundation(database)) as product:
        began = time.perf_counter()
        summed = await product.services.reports.days.sum_up()
        print(f"{summed} days summed up in {time.perf_counter() - began:.1f} s")
        await bare.execute("VACUUM ANALYZE")
        app, port = web.Application(), free_port()
        register(app, product.services)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "localhost", port).start()
        ada = Operator("admin", "ada", "Ada")
        await product.services.admins.local.create("ada", "a long enough password")
        session = await product.services.admins.sessions.begin(ada, Device("", "bench"))
        cookies = {SESSION: session.token}
        async with aiohttp.ClientSession(f"http://localhost:{port}", cookies=cookies) as browser:
            for path in PAGES:
                await _page(database, bare, browser, path, rounds)
        await runner.cleanup()


async def _page(
    database: Database,
    bare: asyncpg.Connection,
    browser: aiohttp.ClientSession,
    path: str,
    rounds: int,
) -> None:
    size = 0

    async def load() -> None:
        nonlocal size
        async with browser.get(path) as answer:
            size = len(await answer.read())
            if answer.status != 200:
                raise SystemExit(f"{path}: {answer.status}")

    took = await beside(database, bare, load, rounds, reads_only=True)
    print(
        f"{path:32} page {took.whole * 1e3:6.1f} ms  {took.statements:2} queries "
        f"{took.bare * 1e3:6.1f} ms  factor {took.factor:4.2f}  {size / 1024:5.1f} KiB  "
        f"{took.verdict}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    wanted = parser.parse_args()
    asyncio.run(main(wanted.calls, wanted.rounds))
