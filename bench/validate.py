"""How many license keys one process validates a second, cold and warm, beside bare asyncpg floors.

    python -m bench.validate [--tools DIR] [--seconds 4] [--repeat 3]

`python -m bot web` and the floors of the shared tools run in turns on core 0, the load on core 1,
on one PostgreSQL. Cold: each key is asked for once since the start. Warm: 10,000 keys again and
again. Then a second process is asked until it has heard of a suspension made in the first.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from bench.slack_ack import LOAD_CORE, SERVER_CORE, free_port, pin, running, wait_for
from bot.local.postgres import Postgres
from bot.settings.kept import generated_keys, kept_secret
from db.store.migrate import upgrade
from db.store.urls import plain
from services.licensing import digest, new_key

HERE = Path(__file__).parent
KEYS, WARM_KEYS = 100_000, 10_000
# The warm run's own warm-up must have met every key.
WARM_UP, COLD_WARM_UP = 4.0, 0.5
GATES = {"cold": 0.8, "warm": 0.7}
REVOCATION_SECONDS = 1.0
TRIES = 10
PEPPER, ADMIN = "a pepper for the bench, 32 characters", "adm_for-the-bench-only-0123456789"
DISTURBED = 0.2
COLUMNS = (
    *("id", "customer_id", "plan", "plan_version", "key_digest", "key", "key_hint", "status"),
    *("reason", "expires_at", "issued_at", "request_id", "order_digest", "domain"),
)


@dataclass(frozen=True, slots=True)
class Figures:
    """Medians of some runs: requests and server CPU (µs) a request, and the slow answers (ms)."""

    rate: float
    cpu: float
    p99: float
    others: float


@dataclass(frozen=True, slots=True)
class Ground:
    """What every run stands on."""

    folder: Path
    url: str
    tools: Path
    seconds: float

    def environment(self, port: int) -> dict[str, str]:
        """Settings with which `web` starts and asks nobody."""
        return {
            "DATABASE_URL": self.url,
            "ENCRYPTION_KEYS": generated_keys(self.folder),
            "LICENSE_PEPPER": PEPPER,
            "LICENSE_SIGNING_KEY": kept_secret(self.folder / "license-signing-key"),
            "ADMIN_API_KEY": ADMIN,
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "SLACK_BOT_TOKEN": "xoxb-bench",
            "SLACK_SIGNING_SECRET": "bench-signing-secret",
            "SLACK_API_URL": "http://127.0.0.1:9/",
            "ANTHROPIC_API_KEY": "bench",
            "LOG_LEVEL": "ERROR",
        }


def main() -> int:
    """Measure, print, and say by the exit code whether the gates are passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--tools", type=Path, default=HERE.parents[1] / "shared" / "bench")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seguito-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        server = Postgres(folder)
        url = plain(server.start())
        ground = Ground(folder, url, asked.tools, asked.seconds)
        asyncio.run(upgrade(url))
        keys = asyncio.run(licenses(url))
        (folder / "ours.txt").write_text("\n".join(keys))
        seed = ["seed", "--dsn", url, "--n", str(KEYS), "--keys-file", str(folder / "floor.txt")]
        tool(asked.tools, "floor_servers.py", *seed)
        found = {kind: measured(ground, kind, asked.repeat) for kind in GATES}
        heard = revocation(ground, keys[:TRIES])
        server.stop()
    return report(found, heard)


async def licenses(url: str) -> list[str]:
    """Write licenses as the product keeps them; returns their keys."""
    keys = [new_key() for _ in range(KEYS)]
    now = datetime.now(UTC)
    connection = await asyncpg.connect(url)
    await connection.execute(
        "INSERT INTO customers (id, email, name, status, notes, created_at, updated_at)"
        " VALUES ('cus_bench', 'bench@shop.example', 'Bench', 'active', '', now(), now())"
    )
    rows = [
        (
            *(f"lic_{number}", "cus_bench", "pro", 1, digest(PEPPER.encode(), key), b"", key[-4:]),
            *("active", "", now + timedelta(days=365), now, f"bench:{number}", "", ""),
        )
        for number, key in enumerate(keys)
    ]
    await connection.copy_records_to_table("licenses", records=rows, columns=COLUMNS)
    await connection.execute("ANALYZE")
    await connection.close()
    return keys


def measured(ground: Ground, kind: str, repeat: int) -> tuple[Figures, Figures]:
    """Product and floor in turns, each started anew so that cold is cold."""
    runs: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
    for _ in range(repeat):
        with product(ground) as (base, pid):
            runs[0].append(load(ground, f"{base}/api/validate", pid, kind, "ours.txt"))
        with floor(ground, kind) as (base, pid):
            runs[1].append(load(ground, f"{base}/api/validate", pid, kind, "floor.txt"))
    return figures(runs[0]), figures(runs[1])


@contextmanager
def product(ground: Ground, core: int = SERVER_CORE) -> Iterator[tuple[str, int]]:
    """One process of the product; its address and process id."""
    port = free_port()
    command = [sys.executable, "-m", "bot", "web"]
    with running(command, HERE.parent, ground.environment(port)) as pid:
        wait_for(f"http://127.0.0.1:{port}/health/ready")
        pin(pid, core)
        yield f"http://127.0.0.1:{port}", pid


@contextmanager
def floor(ground: Ground, kind: str) -> Iterator[tuple[str, int]]:
    """aiohttp and asyncpg, one SELECT by primary key, with a cache in front of it when warm."""
    port = free_port()
    serve = ["validate", "--port", str(port), "--dsn", ground.url, "--uvloop"]
    pinned = ["--cpu", str(SERVER_CORE), *(["--cache"] if kind == "warm" else [])]
    with running([sys.executable, "floor_servers.py", *serve, *pinned], ground.tools) as pid:
        wait_for(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}", pid


def load(ground: Ground, url: str, pid: int, kind: str, keys: str) -> dict[str, Any]:
    """One run; what validate_load.py found. Every answer is checked by status and content."""
    result = ground.folder / "result.json"
    options = [
        "--keys-file",
        str(ground.folder / keys),
        "--mode",
        "closed",
        "--cpu",
        str(LOAD_CORE),
    ]
    options += ["-d", str(ground.seconds), "--pid", str(pid), "--json", str(result)]
    options += ["--warmup", str(WARM_UP if kind == "warm" else COLD_WARM_UP)]
    options += ["--n", str(WARM_KEYS)] if kind == "warm" else []
    tool(ground.tools, "validate_load.py", url, *options)
    run: dict[str, Any] = json.loads(result.read_text())["runs"][0]
    counted = run["kinds"]["ALL"]
    if counted["ok"] != counted["n"]:
        raise SystemExit(f"{counted['n'] - counted['ok']} wrong answers from {url}: {counted}")
    if kind == "cold" and counted["n"] > KEYS * 0.9:
        raise SystemExit(f"{counted['n']} requests of {KEYS} keys are not all cold")
    return run


def figures(runs: Sequence[dict[str, Any]]) -> Figures:
    """Their medians."""

    def middle(*path: str) -> float:
        values = []
        for run in runs:
            value: Any = run
            for name in path:
                value = value[name]
            values.append(float(value or 0))
        return statistics.median(values)

    return Figures(
        rate=middle("kinds", "ALL", "rps"),
        cpu=middle("cpu", "us_per_req"),
        p99=middle("kinds", "ALL", "p99"),
        others=middle("cpu", "other_cores"),
    )


def revocation(ground: Ground, keys: Sequence[str]) -> list[float]:
    """Seconds from each suspension in one process to the first refusal in another."""
    with product(ground) as (one, _), product(ground, LOAD_CORE) as (other, _):
        if not all(asked_for(base, key)["valid"] for base in (one, other) for key in keys):
            raise SystemExit("a license of the bench is not valid")
        return [suspended(one, other, number, key) for number, key in enumerate(keys)]


def suspended(one: str, other: str, number: int, key: str) -> float:
    """Suspend by the API of `one`, then ask `other` until it knows."""
    path, body = f"/api/licenses/lic_{number}/suspend", {"reason": "bench"}
    post(f"{one}{path}", {"X-Admin-Key": ADMIN}, body)
    begun = time.perf_counter()
    while asked_for(other, key)["code"] != "SUSPENDED":
        if time.perf_counter() - begun > TRIES:
            raise SystemExit("a suspension was never heard of")
    return time.perf_counter() - begun


def asked_for(base: str, key: str) -> Any:
    """The answer of /api/validate."""
    return post(f"{base}/api/validate", {"X-License-Key": key}, {})


def post(url: str, headers: dict[str, str], body: dict[str, str]) -> Any:
    """A JSON answer."""
    given = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(url, json.dumps(body).encode(), given)  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
        return json.load(answer)


def tool(tools: Path, script: str, *options: str) -> None:
    """Run one of the shared tools to its end."""
    command = [sys.executable, script, *options]
    subprocess.run(command, cwd=tools, check=True, stdout=subprocess.DEVNULL, env={**os.environ})


def report(found: dict[str, tuple[Figures, Figures]], heard: Sequence[float]) -> int:
    """Print medians and ratios; 1 when a gate is missed."""
    passed = True
    print(f"{'':6}{'':10}{'requests/s':>12}{'CPU µs':>9}{'p99 ms':>9}")
    for kind, (ours, theirs) in found.items():
        for name, one in (("product", ours), ("floor", theirs)):
            print(f"{kind:6}{name:10}{one.rate:12,.0f}{one.cpu:9.0f}{one.p99:9.1f}")
        ratio = ours.rate / theirs.rate
        gate = ratio >= GATES[kind]
        passed = passed and gate
        says = f"gate ≥ {GATES[kind]}: {'yes' if gate else 'NO'}"
        print(f"{kind:6}{'ratio':10}{ratio:12.2f}{theirs.cpu / ours.cpu:9.2f}   {says}")
    others = max(one.others for pair in found.values() for one in pair)
    print(f"other programs used up to {others:.2f} cores meanwhile (PostgreSQL is one of them)")
    middle, slowest = statistics.median(heard) * 1000, max(heard) * 1000
    passed = passed and slowest <= REVOCATION_SECONDS * 1000
    print(f"a suspension reached the other process after {middle:.0f} ms, at most {slowest:.0f} ms")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
