"""First byte of a dashboard's page beside a bare aiohttp and Jinja2 page of its size, as a ratio.

    python -m bench.dashboard_page [--times 300]

On an embedded PostgreSQL. Fifty licenses are listed: by our page, with its session and its queries;
by a bare template that is given rows it needs not look up; and what our queries take alone.
One request after the other, in turns, in one process.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from jinja2 import Environment

from bot.local.postgres import Postgres
from db.store.migrate import upgrade
from db.store.session import Database
from db.store.vault import Vault
from handlers import http
from handlers.http.dashboard.kit.guard import SESSION
from handlers.http.health import METRICS, PROBE
from services import Services
from services.actors import Operator
from services.admins import Device
from services.licensing import LicenseSearch, Order
from tests.kit.wired import foundation, wired

ROWS, PAGE = 50, "/admin/licenses"
OPERATOR = Operator("admin", "bench", "bench")
BARE = """<!doctype html><html lang="en"><head><title>Licenses</title></head><body><table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>{{ filler }}</body></html>"""
Timed = Callable[[], Awaitable[object]]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--times", type=int, default=300)
    with tempfile.TemporaryDirectory(prefix="seguito-bench-") as folder:
        Path(folder).chmod(0o711)
        server = Postgres(Path(folder))
        try:
            asyncio.run(measure(server.start(), parser.parse_args().times))
        finally:
            server.stop()
    return 0


async def measure(url: str, times: int) -> None:
    """Both pages and the queries alone, in turns."""
    await upgrade(url)
    database = Database(url, Vault({"bench": bytes(range(32))}))
    async with wired(foundation(database)) as product:
        await product.start()
        services = product.services
        for _ in range(ROWS):
            order = Order(f"{uuid4().hex[:12]}@example.com", "pro", 12)
            await services.licensing.licenses.issue(OPERATOR, order, uuid4().hex)
        await services.admins.local.create(OPERATOR.id, "a long enough password")
        token = (await services.admins.sessions.begin(OPERATOR, Device())).token
        async with TestServer(_ours(services)) as ours, aiohttp.ClientSession() as client:
            address = ours.make_url(PAGE)
            jar = {"Cookie": f"{SESSION}={token}"}
            size = len(await (await client.get(address, headers=jar)).read())
            async with TestServer(_bare(size)) as bare:
                one = bare.make_url("/")
                taken = await _in_turns(
                    {
                        "our page": lambda: _first_byte(client, str(address), jar),
                        "bare page": lambda: _first_byte(client, str(one), {}),
                        "our queries": lambda: _queries(services, token),
                    },
                    times,
                )
    await database.dispose()
    for name, seconds in taken.items():
        print(f"{name:12} {statistics.median(seconds) * 1_000:7.2f} ms")
    page, floor, queries = (statistics.median(taken[name]) for name in taken)
    print(f"{size} bytes: {page / floor:.1f} × a bare page; {page / queries:.1f} × its queries")


def _ours(services: Services) -> web.Application:
    app = web.Application()
    app[PROBE], app[METRICS] = _nobody_asks, lambda: b""
    http.register(app, services)
    return app


async def _nobody_asks() -> object:
    raise AssertionError("nobody asks for health here")


def _bare(size: int) -> web.Application:
    template = Environment(autoescape=True).from_string(BARE)
    now = datetime.now(UTC)
    rows = [(f"{n}@example.com", "pro", "Active", now, f"…{n:04}") for n in range(ROWS)]
    filler = "x" * max(0, size - len(template.render(rows=rows, filler="")))

    async def page(_: web.Request) -> web.Response:
        text = template.render(rows=rows, filler=filler)
        return web.Response(text=text, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    return app


async def _first_byte(client: aiohttp.ClientSession, url: str, headers: dict[str, str]) -> None:
    async with client.get(url, headers=headers) as answer:
        answer.raise_for_status()
        await answer.content.readany()


async def _queries(services: Services, token: str) -> None:
    await services.admins.sessions.find(token)
    await services.licensing.licenses.search(LicenseSearch(limit=ROWS + 1))
    await services.licensing.plans.available()


async def _in_turns(timed: dict[str, Timed], times: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(times):
        for name, call in timed.items():
            began = time.perf_counter()
            await call()
            taken[name].append(time.perf_counter() - began)
    return taken


if __name__ == "__main__":
    sys.exit(main())
