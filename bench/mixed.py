"""What AI traffic costs whoever shares the process: acks beside 64 streams, validation beside 200.

    python -m bench.mixed [--seconds 5] [--repeat 3]

One `python -m bot web` on core 0 serves Slack, sites and chats at once; the load and the imitated
providers are on core 1. Each pair of runs is alone and beside, in turns.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.gateway import KEYS_FILE, product
from bench.slack_ack import (
    LOAD_CORE,
    PRESS,
    SECRET,
    TEAM,
    TRAFFIC,
    free_port,
    own_payloads,
    running,
    wait_for,
)

HERE = Path(__file__).parent
ACK_RATE, VALIDATE_RATE = 200, 500
STREAMS, SLOW_CHATS = 64, 200
MOST_ACK_P95 = 2.0
# What p99 differs by between two runs of anything here, in milliseconds (FLOORS.md, method).
NOISE_MS = 3.0
UNDER_WAY_SECONDS = 2.0


@dataclass(frozen=True)
class Ground:
    """What every run stands on: the product and its two imitated providers."""

    asked: argparse.Namespace
    folder: Path
    base: str
    pid: int


def main() -> int:
    """Measure, print, and say by the exit code whether the gates are passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--tools", type=Path, default=HERE.parents[1] / "shared" / "bench")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="seguito-bench-")))
        folder.chmod(0o711)
        brisk = stack.enter_context(provider(asked.tools, 50, 5))
        slow = stack.enter_context(provider(asked.tools, 1_000, 250))
        slack = stack.enter_context(slack_stub())
        given = {"SLACK_API_URL": slack, "SLACK_SIGNING_SECRET": SECRET}
        given |= {"DEEPSEEK_BASE_URL": slow, "DEEPSEEK_API_KEY": "sk-upstream"}
        served = stack.enter_context(product(folder, brisk, given))
        ground = Ground(asked, folder, served.url.removesuffix("/api/chat"), served.pid)
        acks_of(ground)
        acks = beside(ground, acks_of, STREAMS, "gpt-5.4-mini")
        validations = beside(ground, validations_of, SLOW_CHATS, "deepseek-flash")
    return report(acks, validations)


@contextmanager
def provider(tools: Path, latency_ms: int, gap_ms: int) -> Iterator[str]:
    """An imitated provider that takes its time; its base URL."""
    port = free_port()
    serve = ["llm_upstream.py", "--port", str(port), "--cpu", str(LOAD_CORE)]
    serve += ["--latency-ms", str(latency_ms), "--token-gap-ms", str(gap_ms)]
    with running([sys.executable, *serve], tools):
        wait_for(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"


@contextmanager
def slack_stub() -> Iterator[str]:
    """A Slack that says ok to all; its API's address."""
    port = free_port()
    with running([sys.executable, "-m", "bench.slack_stub", str(port), TEAM], HERE.parent):
        yield f"http://127.0.0.1:{port}/api/"


def beside(
    ground: Ground, measure: Any, connections: int, model: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Runs alone, and runs while so many streams of the model are open."""
    alone, together = [], []
    for _ in range(ground.asked.repeat):
        alone.append(measure(ground))
        with chats(ground, connections, model):
            time.sleep(UNDER_WAY_SECONDS)
            together.append(measure(ground))
    return alone, together


@contextmanager
def chats(ground: Ground, connections: int, model: str) -> Iterator[None]:
    """So many streams at a time, for longer than a run; every one must have been answered."""
    body, result = ground.folder / "chat.json", ground.folder / "chats.json"
    asked = {"model": model, "stream": True, "messages": [{"role": "user", "content": "NONCE"}]}
    body.write_text(json.dumps(asked))
    command = [sys.executable, "-m", "bench.gateway", "--load", str(ground.asked.tools)]
    command += ["--proxy", f"product={ground.base}/api/chat", "--body-for", f"product={body}"]
    command += ["--stream", "--mode", "closed", "-c", str(connections), "--warmup", "0"]
    command += ["-d", str(ground.asked.seconds + 2 * UNDER_WAY_SECONDS), "--repeat", "1"]
    command += ["--cpu", str(LOAD_CORE), "--json", str(result)]
    process = subprocess.Popen(command, cwd=HERE.parent, stdout=subprocess.DEVNULL)
    try:
        yield
        if process.wait(120):
            raise SystemExit("the chats failed")
    finally:
        process.kill()
    (row,) = json.loads(result.read_text())["modes"]["closed"]["rows"]
    good, _, every = row["ok"].partition("/")
    if good != every or good == "0":
        raise SystemExit(f"only {row['ok']} chats were answered")


def acks_of(ground: Ground) -> dict[str, Any]:
    """Slack's mixed traffic, signed; what slack_load.py found."""
    url = f"{ground.base}/slack/events"
    options = ["--secret", SECRET, "-r", str(ACK_RATE), *TRAFFIC]
    return tool(ground, "slack_load.py", url, *own_payloads(ground.folder, PRESS), *options)


def validations_of(ground: Ground) -> dict[str, Any]:
    """Keys that are known already; what validate_load.py found."""
    options = ["--keys-file", str(ground.folder / KEYS_FILE), "--n", "500"]
    options += ["-r", str(VALIDATE_RATE), "--warmup", "2"]
    return tool(ground, "validate_load.py", f"{ground.base}/api/validate", *options)


def tool(ground: Ground, script: str, url: str, *options: str) -> dict[str, Any]:
    result = ground.folder / "result.json"
    command = [sys.executable, script, url, "--mode", "open", "-d", str(ground.asked.seconds)]
    command += ["--cpu", str(LOAD_CORE), "--json", str(result), "--pid", str(ground.pid), *options]
    subprocess.run(command, cwd=ground.asked.tools, check=True, stdout=subprocess.DEVNULL)
    counted: dict[str, Any] = json.loads(result.read_text())["runs"][0]["kinds"]["ALL"]
    if counted["ok"] != counted["n"]:
        raise SystemExit(f"{counted['n'] - counted['ok']} wrong answers from {url}")
    return counted


def report(
    acks: tuple[list[dict[str, Any]], list[dict[str, Any]]],
    validations: tuple[list[dict[str, Any]], list[dict[str, Any]]],
) -> int:
    """Print medians; 1 when a gate is missed."""
    print(f"{'milliseconds':34}{'alone':>9}{'beside':>9}{'ratio':>8}")
    named = ((f"ack, {STREAMS} streams", acks), (f"validate, {SLOW_CHATS}", validations))
    for title, pair in named:
        for field in ("p50", "p95", "p99"):
            alone, together = (statistics.median(run[field] for run in runs) for runs in pair)
            print(f"{f'{title}: {field}':34}{alone:9.2f}{together:9.2f}{together / alone:8.2f}")
    ack = [statistics.median(run["p95"] for run in runs) for runs in acks]
    validation = [statistics.median(run["p99"] for run in runs) for runs in validations]
    gates = {
        "ack p95 ≤ 2 × alone": ack[1] <= MOST_ACK_P95 * ack[0],
        "validation p99 within noise": validation[1] - validation[0] <= NOISE_MS,
    }
    print(", ".join(f"{gate}: {'passed' if kept else 'MISSED'}" for gate, kept in gates.items()))
    return 0 if all(gates.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
