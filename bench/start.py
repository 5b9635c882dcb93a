"""How long `web` takes until it is ready, and what it holds at rest, beside a bare aiohttp server.

    python bench/start.py [--times 5]

Starts `python -m bot web` again and again on a migrated embedded PostgreSQL, and beside it an
aiohttp application with one route. Vendors are never asked: nothing is at their addresses.
"""

import argparse
import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from bot.local.postgres import Postgres
from bot.settings.kept import generated_keys, kept_secret
from db.store.migrate import upgrade

BARE = """
from aiohttp import web
app = web.Application()
app.router.add_get("/health/ready", lambda _: web.json_response({}))
web.run_app(app, host="127.0.0.1", port=PORT, print=None)
"""
PORTS = (39_101, 39_102)
READY_SECONDS = 60
REST_SECONDS = 3


def main() -> int:
    """Measure both in turns and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--times", type=int, default=5)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory(prefix="seguito-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        server = Postgres(home)
        url = server.start()
        asyncio.run(upgrade(url))
        bare, product = [], []
        for _ in range(times):
            bare.append(
                once([sys.executable, "-c", BARE.replace("PORT", str(PORTS[0]))], PORTS[0], {})
            )
            product.append(
                once([sys.executable, "-m", "bot", "web"], PORTS[1], environment(url, home))
            )
        server.stop()
    report(bare, product)
    return 0


def environment(url: str, home: Path) -> dict[str, str]:
    """Settings with which `web` starts and asks nobody."""
    return {
        "DATABASE_URL": url,
        "ENCRYPTION_KEYS": generated_keys(home),
        "LICENSE_PEPPER": kept_secret(home / "license-pepper"),
        "LICENSE_SIGNING_KEY": kept_secret(home / "license-signing-key"),
        "HOST": "127.0.0.1",
        "PORT": str(PORTS[1]),
        "PUBLIC_URL": f"http://127.0.0.1:{PORTS[1]}",
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": "bench-signing-secret",
        "SLACK_API_URL": "http://127.0.0.1:9/",
        "ANTHROPIC_API_KEY": "bench",
        "LOG_LEVEL": "ERROR",
    }


def once(command: list[str], port: int, settings: dict[str, str]) -> tuple[float, float]:
    """Seconds until ready, and MB held (resident) after a rest."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, **settings})
    try:
        wait(port)
        seconds = time.perf_counter() - begun
        time.sleep(REST_SECONDS)
        return seconds, resident(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def wait(port: int) -> None:
    """Until the server says it is ready."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
    raise SystemExit("not ready in time")


def resident(pid: int) -> float:
    """Resident memory of a process in MB (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1_000
    return 0.0


def report(bare: list[tuple[float, float]], product: list[tuple[float, float]]) -> None:
    """Medians and their ratios."""
    for name, place, unit in (("until ready", 0, "s"), ("at rest", 1, "MB")):
        low = statistics.median(run[place] for run in bare)
        ours = statistics.median(run[place] for run in product)
        print(
            f"{name:12} bare aiohttp {low:7.2f} {unit:2}"
            f"  web {ours:7.2f} {unit:2}  × {ours / low:.1f}"
        )


if __name__ == "__main__":
    sys.exit(main())
