"""What the AI gateway adds: the product beside a bare aiohttp reverse proxy, in one run, as ratios.

    python -m bench.gateway [--seconds 5] [--repeat 5] [--portkey DIR] [--litellm PROGRAM]

Starts an imitated provider, the bare proxy, and `python -m bot web` with key check, hold and
accounting on. The load comes from the shared tools (`--tools`, a directory with proxy_load.py):
whole answers at 50 a second and as many as there can be, then the same as streams. Requests of
the product take turns with 2,000 license keys (200 where they come slowly), each of which may ask
1,000 times an hour here, so that the limits count and refuse nobody.
"""

import argparse
import asyncio
import importlib
import itertools
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from bench.gateway_peers import SERVER_CORE, Target, litellm, portkey
from bench.slack_ack import free_port, pin, running, wait_for
from bot.local.postgres import Postgres
from bot.settings.kept import generated_keys, kept_secret
from db.store.migrate import upgrade
from services.licensing import digest, hint, new_key

HERE = Path(__file__).parent
LOAD_CORE = 1
LICENSES, REGULARS, HOURLY = 2_000, 200, 1_000
KEYS_FILE = "keys.txt"
KEYS, USED = "GATEWAY_BENCH_KEYS", "GATEWAY_BENCH_USED"
COLUMNS = (
    *("id", "customer_id", "plan", "plan_version", "key_digest", "key", "key_hint", "status"),
    *("reason", "expires_at", "issued_at", "request_id", "order_digest", "domain"),
)
MODEL = "gpt-5.4-mini"
CLOSED, OPEN = "closed", "open"
CONNECTIONS, WHOLE_RATE, STREAM_RATE = 32, 50, 30
MOST_P50, LEAST_RATE, MOST_FIRST_TOKEN_MS = 2.0, 0.5, 1.0


@dataclass(frozen=True)
class Run:
    """What is measured, with what, and where."""

    asked: argparse.Namespace
    folder: Path
    upstream: str
    upstream_pid: int
    targets: tuple[Target, ...] = field(default_factory=tuple)


def main() -> int:
    """Measure, print, and say by the exit code whether the gates are passed."""
    asked = arguments()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="seguito-bench-")))
        folder.chmod(0o711)
        port = free_port()
        imitated = ["llm_upstream.py", "--port", str(port), "--cpu", str(LOAD_CORE)]
        pid = stack.enter_context(running([sys.executable, *imitated], asked.tools))
        upstream = f"http://127.0.0.1:{port}"
        wait_for(upstream)
        targets = [stack.enter_context(bare_proxy(asked, upstream))]
        targets.append(stack.enter_context(product(folder, upstream)))
        if asked.portkey:
            targets.append(stack.enter_context(portkey(asked.portkey, upstream)))
        if asked.litellm:
            targets.append(stack.enter_context(litellm(asked.litellm, folder, asked.tools, port)))
        run = Run(asked, folder, upstream, pid, tuple(targets))
        whole, streams = measure(run, WHOLE_RATE), measure(run, STREAM_RATE, "--stream")
    return report(whole, streams)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--tools", type=Path, default=HERE.parents[1] / "shared" / "bench")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--portkey", type=absolute, help="the folder of @portkey-ai/gateway")
    parser.add_argument(
        "--litellm", type=absolute, help="LiteLLM’s program, in its own environment"
    )
    asked = parser.parse_args()
    if not (asked.tools / "proxy_load.py").exists():
        parser.error(f"no proxy_load.py in {asked.tools}: give its directory with --tools")
    return asked


def absolute(path: str) -> Path:
    """A path that holds wherever a peer is started; links stay, or an environment is lost."""
    return Path(path).absolute()


@contextmanager
def bare_proxy(asked: argparse.Namespace, upstream: str) -> Iterator[Target]:
    """The floor: bytes through, as they come."""
    port = free_port()
    serve = ["floor_servers.py", "proxy", "--uvloop", "--port", str(port), "--upstream", upstream]
    with running([sys.executable, *serve], asked.tools) as pid:
        url = f"http://127.0.0.1:{port}/v1/chat/completions"
        wait_for(url)
        pin(pid, SERVER_CORE)
        yield Target("floor", url, pid)


@contextmanager
def product(folder: Path, upstream: str, more: Mapping[str, str] | None = None) -> Iterator[Target]:
    """`python -m bot web` on its own database, with licenses for everybody and `more` settings."""
    home = folder / "home"
    home.mkdir(mode=0o711)
    server, port = Postgres(home), free_port()
    # PostgreSQL inherits it: the server under test has its core to itself.
    os.sched_setaffinity(0, {LOAD_CORE})
    url = server.start()
    asyncio.run(upgrade(url))
    pepper = kept_secret(home / "license-pepper")
    keys = folder / KEYS_FILE
    keys.write_text("\n".join(asyncio.run(issue(url, pepper.encode()))))
    given = {
        "DATABASE_URL": url,
        "ENCRYPTION_KEYS": generated_keys(home),
        "LICENSE_PEPPER": pepper,
        "LICENSE_SIGNING_KEY": kept_secret(home / "license-signing-key"),
        "OPENAI_BASE_URL": f"{upstream}/v1",
        "OPENAI_API_KEY": "sk-upstream",
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": "bench-signing-secret",
        "SLACK_API_URL": "http://127.0.0.1:9/",
        "ANTHROPIC_API_KEY": "bench",
        "LOG_LEVEL": "ERROR",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        **(more or {}),
    }
    os.environ[KEYS] = str(keys)
    try:
        with running([sys.executable, "-m", "bot", "web"], HERE.parent, given) as pid:
            wait_for(f"http://127.0.0.1:{port}/health/ready")
            pin(pid, SERVER_CORE)
            bodies = ("--body-for", f"product={folder / 'body.json'}")
            yield Target("product", f"http://127.0.0.1:{port}/api/chat", pid, bodies)
    finally:
        server.stop()


async def issue(url: str, pepper: bytes) -> list[str]:
    """Licenses of the plan agency, written straight into the tables."""
    keys = [new_key() for _ in range(LICENSES)]
    now = datetime.now(UTC)
    connection = await asyncpg.connect(url)
    await connection.execute("UPDATE plans SET hourly_requests = $1", HOURLY)
    version = await connection.fetchval("SELECT max(version) FROM plans WHERE name = 'agency'")
    await connection.execute(
        "INSERT INTO customers (id, email, name, status, notes, created_at, updated_at) "
        "VALUES ('cus_bench', 'bench@shop.example', 'Bench', 'active', '', $1, $1)",
        now,
    )
    until = now + timedelta(days=30)
    whose = ("cus_bench", "agency", version)
    terms = ("active", "", until, now)
    await connection.copy_records_to_table(
        "licenses",
        columns=COLUMNS,
        records=[
            (f"lic_{n}", *whose, digest(pepper, key), b"", hint(key), *terms, f"bench:{n}", "", "")
            for n, key in enumerate(keys)
        ],
    )
    await connection.close()
    return keys


def measure(run: Run, rate: int, *kind: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Figures by mode and target: open at `rate` a second, closed with 32 connections."""
    body = {"model": MODEL, "messages": [{"role": "user", "content": "lorem " * 100 + "NONCE"}]}
    (run.folder / "body.json").write_text(json.dumps(body | ({"stream": True} if kind else {})))
    figures = {}
    for mode, licenses in ((OPEN, REGULARS), (CLOSED, LICENSES)):
        os.environ[USED] = str(licenses)
        figures[mode] = figures_of(run, "--mode", mode, "-r", str(rate), *kind)
    return figures


def figures_of(run: Run, *how: str) -> dict[str, dict[str, Any]]:
    """One call of the load tool; figures by target."""
    result, asked = run.folder / f"{secrets.token_hex(4)}.json", run.asked
    command = [sys.executable, "-m", "bench.gateway", "--load", str(asked.tools.resolve())]
    command += ["--direct", f"{run.upstream}/v1/chat/completions", *how]
    command += ["-c", str(CONNECTIONS), "-d", str(asked.seconds)]
    command += ["--repeat", str(asked.repeat), "--tries", str(asked.repeat + 3)]
    command += ["--cpu", str(LOAD_CORE), "--json", str(result)]
    command += ["--upstream-pid", str(run.upstream_pid)]
    for one in run.targets:
        command += ["--proxy", f"{one.name}={one.url}", "--pid-for", f"{one.name}={one.pid}"]
        command += one.options
    subprocess.run(command, cwd=HERE.parent, check=True)
    (found,) = json.loads(result.read_text())["modes"].values()
    return {row["what"]: row for row in found["rows"]}


def report(
    whole: dict[str, dict[str, dict[str, Any]]], streams: dict[str, dict[str, dict[str, Any]]]
) -> int:
    """Print ratios to the floor; 1 when a gate is missed."""
    print(f"\n{'beside the bare proxy':32}" + "".join(f"{n:>12}" for n in (*names(whole), "ratio")))
    for title, table, field_name in (
        ("added p50, ms", whole[OPEN], "+p50"),
        ("requests/s", whole[CLOSED], "rps"),
        ("CPU µs a request", whole[CLOSED], "cpu_us"),
        ("added first token p50, ms", streams[OPEN], "+ttft_p50"),
        ("streams/s", streams[CLOSED], "rps"),
        ("CPU µs a stream", streams[CLOSED], "cpu_us"),
    ):
        figures = {n: table[n][field_name] for n in names(whole)}
        figures["ratio"] = figures["product"] / figures["floor"]
        print(f"{title:32}" + "".join(f"{figure:12.2f}" for figure in figures.values()))
    ours, floor = whole[OPEN]["product"], whole[OPEN]["floor"]
    fast, floor_fast = whole[CLOSED]["product"], whole[CLOSED]["floor"]
    tables = (*whole.values(), *streams.values())
    gates = {
        "added p50 ≤ 2 × floor": ours["+p50"] <= MOST_P50 * floor["+p50"],
        "requests/s ≥ 0.5 × floor": fast["rps"] >= LEAST_RATE * floor_fast["rps"],
        "added first token ≤ 1 ms": streams[OPEN]["product"]["+ttft_p50"] <= MOST_FIRST_TOKEN_MS,
        "all answered": all(answered(table["product"]) for table in tables),
    }
    print(", ".join(f"{gate}: {'passed' if kept else 'MISSED'}" for gate, kept in gates.items()))
    return 0 if all(gates.values()) else 1


def names(table: dict[str, dict[str, dict[str, Any]]]) -> list[str]:
    return [name for name in table[CLOSED] if name != "direct"]


def answered(row: dict[str, Any]) -> bool:
    good, _, every = row["ok"].partition("/")
    return bool(good == every)


def load(tools: str) -> None:
    """proxy_load.py, with another license key for every request of the product."""
    sys.path.insert(0, tools)
    tool: Any = importlib.import_module("proxy_load")
    every = Path(os.environ[KEYS]).read_text().split()
    # From another end each time: a license's hour is over soon.
    begin = secrets.randbelow(len(every))
    keys = itertools.cycle((every[begin:] + every[:begin])[: int(os.environ.get(USED, LICENSES))])

    class Rotating(tool.Source):  # type: ignore[misc]  # the tool has no types
        def __call__(self) -> Any:
            if self.name == "product":
                self.headers["X-License-Key"] = next(keys)
            return super().__call__()

    tool.Source = Rotating
    tool.main()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--load"]:
        tools_folder = sys.argv[2]
        del sys.argv[1:3]
        load(tools_folder)
    sys.exit(main())
