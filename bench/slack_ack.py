"""How fast Slack gets its ack: the product beside a default Bolt app, in one run, as ratios.

    python -m bench.slack_ack                        starts `python -m bot web` and measures it
    python -m bench.slack_ack --url URL --secret S   measures a server that runs already

The load comes from the shared tools (`--tools`, a directory with slack_load.py), 200 mixed and
signed requests a second, at constant arrivals; latency counts from the scheduled arrival.
"""

import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HERE = Path(__file__).parent
SERVER_CORE, LOAD_CORE = 0, 1
SECRET = "bench-signing-secret"  # noqa: S105 - signs the bench's own requests
TEAM = "T00000000"
START_SECONDS = 90
SLOW_MS = 1_000.0
GATE_P50_MS, GATE_RATIO = 1.0, 10.0
ATTACK_RATIO = 3.0
FAULT = 500

# Options are left out: the product has none yet. One team, and as many people as are at work.
KINDS = "command=3,block_actions=3,view_submission=2,event=1"
TRAFFIC = ("--kinds", KINDS, "--teams", "1", "--users", "50", "--event-type", "app_home_opened")
WARM_SECONDS = 3.0
# Real listeners: the command opens a view, the button only acks, the form reads and writes the
# database before its ack. `--press settings.show_connections` makes the button read it too.
COMMAND = {"command": "/seguito", "text": "settings", "channel_id": "C1", "channel_name": "x"}
PERSON = {"user": {"id": "U1"}, "team": {"id": TEAM}, "is_enterprise_install": False}
VIEW = {
    "id": "V1",
    "type": "modal",
    "hash": "1.a",
    "callback_id": "settings.form",
    "root_view_id": "V1",
    "previous_view_id": None,
    "private_metadata": "",
    "blocks": [{"type": "input", "block_id": "b1"}],
    "state": {"values": {"b1": {"settings.signature": {"type": "plain_text_input", "value": "A"}}}},
}
PRESS = "connections.open_link"


@dataclass(frozen=True)
class Target:
    """A server under load."""

    name: str
    url: str
    secret: str
    pid: int | None
    extra: tuple[str, ...] = ()


def main() -> int:
    """Measure, print, and say by the exit code whether the gates are passed."""
    asked = arguments()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        product = (
            Target("product", asked.url, asked.secret, asked.pid, own_payloads(folder, asked.press))
            if asked.url
            else stack.enter_context(our_server(folder, asked.press))
        )
        default = stack.enter_context(default_bolt(asked.tools))
        runs: dict[str, list[dict[str, Any]]] = {product.name: [], default.name: []}
        # Everybody is met once before it counts, as on any other day.
        load(asked, product, folder, WARM_SECONDS)
        for _ in range(asked.repeat):
            for target in (product, default):
                runs[target.name].append(load(asked, target, folder, asked.seconds))
        refused = bad_requests(asked, product, folder)
        attacked = under_attack(asked, product, folder)
    return report(runs[product.name], runs[default.name], refused, attacked)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--tools", type=Path, default=HERE.parents[1] / "shared" / "bench")
    parser.add_argument("--url", help="POST address of a server that runs already")
    parser.add_argument("--secret", default=SECRET, help="its signing secret")
    parser.add_argument("--pid", type=int, help="its process, for CPU per request")
    parser.add_argument("--press", default=PRESS, help="action id of the button that is pressed")
    parser.add_argument("--rate", type=float, default=200.0)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    if not (asked.tools / "slack_load.py").exists():
        parser.error(f"no slack_load.py in {asked.tools}: give its directory with --tools")
    return asked


def own_payloads(folder: Path, press: str) -> tuple[str, ...]:
    """The options that make slack_load.py speak to the product's own listeners."""
    button = {"type": "button", "action_id": press, "block_id": "b2"}
    payloads: dict[str, dict[str, Any]] = {
        "command": COMMAND,
        "block_actions": {"type": "block_actions", **PERSON, "view": VIEW, "actions": [button]},
        "view_submission": {"type": "view_submission", **PERSON, "view": VIEW},
    }
    options: list[str] = []
    for kind, payload in payloads.items():
        path = folder / f"{kind}.json"
        path.write_text(json.dumps(payload))
        options += ["--payload", f"{kind}={path}"]
    return tuple(options)


@contextmanager
def our_server(folder: Path, press: str) -> Iterator[Target]:
    """`python -m bot web` on core 0, with its own database and a Slack that says ok to all."""
    slack_port, port = free_port(), free_port()
    stub = [sys.executable, "-m", "bench.slack_stub", str(slack_port), TEAM]
    given = {
        "SLACK_API_URL": f"http://127.0.0.1:{slack_port}/api/",
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "ANTHROPIC_API_KEY": "unused",
        "SEGUITO_HOME": str(folder / "home"),
        "LOG_LEVEL": "WARNING",
        "HOST": "127.0.0.1",
        "PORT": str(port),
    }
    with (
        running(stub, HERE.parent) as stub_pid,
        running([sys.executable, "-m", "bot", "web"], HERE.parent, given) as pid,
    ):
        base = f"http://127.0.0.1:{port}"
        wait_for(f"{base}/health/ready")
        pin(pid, SERVER_CORE)
        pin(stub_pid, LOAD_CORE)
        yield Target("product", f"{base}/slack/events", SECRET, pid, own_payloads(folder, press))


@contextmanager
def default_bolt(tools: Path) -> Iterator[Target]:
    """Bolt as its tutorial has it, on the same core, one listener a kind."""
    port = free_port()
    serve = ["bolt", "--port", str(port), "--uvloop", "--secret", SECRET, "--cpu", str(SERVER_CORE)]
    with running([sys.executable, "floor_servers.py", *serve], tools) as pid:
        wait_for(f"http://127.0.0.1:{port}/")
        yield Target("default Bolt", f"http://127.0.0.1:{port}/slack/events", SECRET, pid)


def load(asked: argparse.Namespace, target: Target, folder: Path, seconds: float) -> dict[str, Any]:
    """One run of mixed traffic; what slack_load.py found."""
    options = ["--mode", "open", "-r", str(asked.rate), "-d", str(seconds)]
    # The default app knows the tool's own names, its events by the kind of app_mention.
    own = TRAFFIC if target.extra else (*TRAFFIC[:-1], "app_mention")
    return slack_load(asked.tools, target, folder, *options, *own)


def bad_requests(asked: argparse.Namespace, target: Target, folder: Path) -> dict[str, Any]:
    """Statuses of what must be refused, by kind."""
    kinds = slack_load(asked.tools, target, folder, "--bad", "-d", "3")["kinds"]
    return {kind: found["statuses"] for kind, found in kinds.items() if kind != "ALL"}


def under_attack(asked: argparse.Namespace, target: Target, folder: Path) -> list[dict[str, Any]]:
    """The same traffic as in `load`, while others attack without any key."""
    port = str(urlsplit(target.url).port)
    with running([sys.executable, "-m", "bench.slack_attack", port], HERE.parent) as pid:
        pin(pid, LOAD_CORE)
        load(asked, target, folder, WARM_SECONDS)
        return [load(asked, target, folder, asked.seconds) for _ in range(asked.repeat)]


def slack_load(tools: Path, target: Target, folder: Path, *options: str) -> dict[str, Any]:
    result = folder / "result.json"
    pid = ["--pid", str(target.pid)] if target.pid else []
    command = [sys.executable, "slack_load.py", target.url, "--secret", target.secret]
    command += ["--cpu", str(LOAD_CORE), "--json", str(result), *pid, *target.extra, *options]
    subprocess.run(command, cwd=tools, check=True, stdout=subprocess.DEVNULL)
    found: dict[str, Any] = json.loads(result.read_text())["runs"][0]
    return found


def report(
    product: list[dict[str, Any]],
    default: list[dict[str, Any]],
    refused: dict[str, Any],
    attacked: list[dict[str, Any]],
) -> int:
    """Print medians and ratios; 1 when a gate is missed."""
    print(f"{'':24}{'product':>10}{'Bolt':>10}{'ratio':>8}   milliseconds, medians of runs")
    for kind in sorted(product[0]["kinds"], key=lambda kind: (kind != "ALL", kind)):
        for field in ("p50", "p95", "max") if kind == "ALL" else ("p50",):
            ours, theirs = middle(product, kind, field), middle(default, kind, field)
            print(f"{kind + ' ' + field:24}{ours:10.2f}{theirs:10.2f}{theirs / ours:8.1f}")
    print(f"{'CPU µs a request':24}{cpu(product):10.0f}{cpu(default):10.0f}")
    others = statistics.median(run["cpu"]["other_cores"] or 0 for run in product + default)
    print(f"the rest of the machine used {others:.2f} cores meanwhile (read nothing into > 0.2)")
    print("bad requests:", ", ".join(f"{kind} {statuses}" for kind, statuses in refused.items()))
    beside = middle(attacked, "ALL", "p50") / middle(product, "ALL", "p50")
    worst = max(run["kinds"]["ALL"]["max"] for run in attacked)
    print(f"under attack: p50 {beside:.1f} × the ack alone, slowest {worst:.0f} ms")
    gates = {
        f"≤ {ATTACK_RATIO:.0f} × under attack": beside <= ATTACK_RATIO and worst <= SLOW_MS,
        "p50 ≤ 1 ms": middle(product, "ALL", "p50") <= GATE_P50_MS,
        "≥ 10 × Bolt": middle(default, "ALL", "p50") >= GATE_RATIO * middle(product, "ALL", "p50"),
        "no ack over 1 s": all(run["kinds"]["ALL"]["max"] <= SLOW_MS for run in product),
        "all answered": all(
            run["kinds"]["ALL"]["n"] == run["kinds"]["ALL"]["ok"] for run in product
        ),
        "no 5xx": not any(int(s) >= FAULT for statuses in refused.values() for s in statuses),
    }
    print(
        ", ".join(f"{gate}: {'passed' if passed else 'MISSED'}" for gate, passed in gates.items())
    )
    return 0 if all(gates.values()) else 1


def cpu(runs: list[dict[str, Any]]) -> float:
    return statistics.median(run["cpu"]["us_per_req"] or 0 for run in runs)


def middle(runs: list[dict[str, Any]], kind: str, field: str) -> float:
    return statistics.median(run["kinds"][kind][field] for run in runs)


@contextmanager
def running(command: list[str], folder: Path, given: dict[str, str] | None = None) -> Iterator[int]:
    """The process's id; ended as an operator would."""
    environment = {**os.environ, **(given or {})}
    process = subprocess.Popen(command, cwd=folder, env=environment)
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(url, timeout=1).close()  # noqa: S310 - a loopback address
        except urllib.error.HTTPError as answered:
            if answered.code < FAULT:
                return
        except OSError:
            pass
        else:
            return
        if time.monotonic() > deadline:
            raise SystemExit(f"{url} does not answer")
        time.sleep(0.2)


def pin(pid: int, core: int) -> None:
    """Every thread of one process; its children (the database) stay where they were."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(task.name), {core})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
