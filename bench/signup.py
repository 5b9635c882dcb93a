"""What sign-up through us adds to a direct call, beside what a bare aiohttp proxy adds, as a ratio.

    python -m bench.signup [--times 400] [--repeat 3]

The imitated Supabase, a proxy that passes bytes, and `python -m bot web` without its jobs, which
have a process of their own in a deployment. One sign-up after the other, each of a new address and
from another network, in turns: straight, through the proxy, through us.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import aiohttp

from bench.slack_ack import LOAD_CORE, SERVER_CORE, free_port, pin, running, wait_for
from bot.local.postgres import Postgres
from bot.settings.kept import generated_keys, kept_secret
from db.store.migrate import upgrade

HERE = Path(__file__).parent
PROXY = """
import asyncio, sys, aiohttp, uvloop
from aiohttp import web
UPSTREAM, PORT = sys.argv[1], int(sys.argv[2])
SESSION = web.AppKey("session", aiohttp.ClientSession)
async def session(app):
    app[SESSION] = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
    yield
    await app[SESSION].close()
async def passing(request):
    kept = {n: v for n, v in request.headers.items() if n.lower() not in ("host", "content-length")}
    async with app[SESSION].request(
        request.method, UPSTREAM + request.path_qs, data=await request.read(), headers=kept
    ) as answer:
        body = await answer.read()
        return web.Response(status=answer.status, body=body, content_type=answer.content_type)
app = web.Application()
app.cleanup_ctx.append(session)
app.router.add_route("*", "/{path:.*}", passing)
loop = uvloop.new_event_loop()
web.run_app(app, host="127.0.0.1", port=PORT, print=None, access_log=None, loop=loop)
"""
MOST_ADDED = 2.0
OK = 200
NETWORKS = 250 * 250
# Seconds between two: what follows a sign-up is done beside its answer, and is no part of it.
PAUSE = 0.15


def main() -> int:
    """Measure, print, and say by the exit code whether the gate is passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--times", type=int, default=400)
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="seguito-bench-")))
        folder.chmod(0o711)
        told = stack.enter_context(supabase())
        direct, key = told["SUPABASE_URL"], told["SUPABASE_PUBLISHABLE_KEY"]
        ways = {
            "direct": (f"{direct}/auth/v1/signup", key),
            "proxy": (stack.enter_context(proxy(direct)), key),
            "ours": (stack.enter_context(product(folder, told)), ""),
        }
        found = asyncio.run(measure(ways, asked.times, asked.repeat))
    return report(found)


@contextmanager
def supabase() -> Iterator[dict[str, str]]:
    """The sandbox's project; what the product has to know of it."""
    command = [sys.executable, "-m", "integrations.sandbox", "--port", "0"]
    with subprocess.Popen(command, cwd=HERE.parent, stdout=subprocess.PIPE) as process:
        try:
            said = process.stdout.readline() if process.stdout else b"{}"
            url = json.loads(said)["url"]
            pin(process.pid, LOAD_CORE)
            told = asyncio.run(_environment(url))
            yield told
        finally:
            process.terminate()


async def _environment(url: str) -> dict[str, str]:
    async with aiohttp.ClientSession(url) as http, http.get("/environment") as answer:
        return {name: str(value) for name, value in (await answer.json()).items()}


@contextmanager
def proxy(upstream: str) -> Iterator[str]:
    """The floor: bytes through, no rule, no memory."""
    port = free_port()
    with running([sys.executable, "-c", PROXY, upstream, str(port)], HERE.parent) as pid:
        wait_for(f"http://127.0.0.1:{port}/auth/v1/health")
        pin(pid, SERVER_CORE)
        yield f"http://127.0.0.1:{port}/auth/v1/signup"


@contextmanager
def product(folder: Path, told: dict[str, str]) -> Iterator[str]:
    """`python -m bot web`, whose jobs would run elsewhere."""
    database, port = Postgres(folder), free_port()
    url = database.start()
    asyncio.run(upgrade(url))
    settings = {
        **{name: value for name, value in told.items() if name.isupper()},
        "DATABASE_URL": url,
        "ENCRYPTION_KEYS": generated_keys(folder),
        "LICENSE_PEPPER": kept_secret(folder / "license-pepper"),
        "LICENSE_SIGNING_KEY": kept_secret(folder / "license-signing-key"),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "EMBEDDED_WORKER": "false",
        "LOG_LEVEL": "ERROR",
    }
    try:
        with running([sys.executable, "-m", "bot", "web"], HERE.parent, settings) as pid:
            wait_for(f"http://127.0.0.1:{port}/health/live")
            pin(pid, SERVER_CORE)
            yield f"http://127.0.0.1:{port}/core/v1/auth/signup"
    finally:
        database.stop()


async def measure(
    ways: dict[str, tuple[str, str]], times: int, repeat: int
) -> dict[str, list[float]]:
    """The p50 of each way in milliseconds, once for every repeat."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    async with aiohttp.ClientSession() as http:
        for name, way in ways.items():
            await once(http, *way, times // 4, f"{name} before")
        for _ in range(repeat):
            for name, way in ways.items():
                found[name].append(await once(http, *way, times, name))
    return found


async def once(http: aiohttp.ClientSession, url: str, key: str, times: int, name: str) -> float:
    """The median of so many sign-ups one after the other, in milliseconds."""
    took: list[float] = []
    for number in range(times):
        body = {"email": f"{uuid4().hex}@bench.example", "password": "correct horse"}
        seen = (uuid4().int + number) % NETWORKS
        headers = {"X-Forwarded-For": f"93.{seen // 250}.{seen % 250}.1"}
        headers |= {"apikey": key} if key else {}
        begun = time.perf_counter()
        async with http.post(url, json=body, headers=headers) as answer:
            await answer.read()
            if answer.status != OK:
                raise SystemExit(f"{name}: {answer.status} {await answer.text()}")
        took.append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(PAUSE)
    return statistics.median(took)


def report(found: dict[str, list[float]]) -> int:
    """Print the medians of the medians, what each adds, and the ratio."""
    p50 = {name: statistics.median(runs) for name, runs in found.items()}
    added = {name: p50[name] - p50["direct"] for name in ("proxy", "ours")}
    ratio = added["ours"] / added["proxy"]
    print(f"direct        p50 {p50['direct']:6.2f} ms")
    for name, label in (("proxy", "bare aiohttp"), ("ours", "through us")):
        print(f"{label:13} p50 {p50[name]:6.2f} ms  adds {added[name]:5.2f} ms")
    print(f"ratio of what is added: {ratio:.2f} (at most {MOST_ADDED})")
    return 0 if ratio <= MOST_ADDED else 1


if __name__ == "__main__":
    sys.exit(main())
