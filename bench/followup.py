"""What a follow-up takes beyond the vendors' own time, and what the model is sent.

    python bench/followup.py [--times 15]

Starts the sandbox and `python -m bot web` as `make sandbox` does, submits follow-ups through the
panel's own API, and reads every vendor call's time from the journal. Prints our time from submit to
finished card (all of it, less the time vendors took), the model calls per follow-up, and how much
of the prompt came out of the cache on regenerate.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

Json = dict[str, Any]
PERSON = {"team": "T0HOME", "user": "U0ADA"}
GOAL_MS = 400
READY_SECONDS = 120
FINISH_SECONDS = 30


def main() -> int:
    """Measure and print; 1 when the goal is missed."""
    asked = arguments()
    with sandbox() as panel:
        runs = [one_followup(panel, number) for number in range(asked.times + 1)][1:]
        again = regenerate(panel)
    own = [run["own_ms"] for run in runs]
    median = statistics.median(own)
    print(f"follow-ups measured              {len(runs)} (one more before, not counted)")
    print(
        f"own time, submit to card, median {median:.0f} ms"
        f" (goal {GOAL_MS} ms: {median / GOAL_MS:.2f})"
    )
    print(f"own time, slowest                {max(own):.0f} ms")
    print(f"of all the time, ours            {statistics.median(r['share'] for r in runs):.0%}")
    print(f"model calls per follow-up        {max(run['model_calls'] for run in runs)}")
    print(f"transcript fetched per follow-up {max(run['transcripts'] for run in runs)}")
    print(f"regenerate: prompt from cache    {again:.0%}")
    return 0 if median <= GOAL_MS else 1


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--times", type=int, default=15)
    return parser.parse_args()


@contextmanager
def sandbox() -> Iterator[str]:
    """The whole sandbox in a home of its own; its panel's URL."""
    with tempfile.TemporaryDirectory(prefix="seguito-bench-") as home:
        os.chmod(home, 0o711)  # noqa: S103 - as root, PostgreSQL's own account must get through
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "sandbox", "--port", "0"],
            env={**os.environ, "SEGUITO_HOME": home},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield panel_of(process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def panel_of(process: "subprocess.Popen[str]") -> str:
    """The URL the sandbox prints when it is ready."""
    for line in process.stdout or ():
        if "http://" in line:
            return "http://" + line.split("http://")[1].strip()
    raise SystemExit("the sandbox did not start")


def one_followup(panel: str, number: int) -> Json:
    """Pick a meeting, submit, wait for the card; times in ms."""
    options = open_options(panel, number)
    seen = last_entry(panel)
    before = time.time()
    post(panel, "submit", {"view_id": options["id"], "state": {}})
    top_modal(panel, "followups.editor")
    entries = finished(panel, seen)
    vendors = [e for e in entries if e["direction"] == "in"]
    total = 1_000 * (max(ended(e) for e in vendors) - before)
    spent = union([(started(e), ended(e)) for e in vendors if started(e) >= before])
    post(panel, "close", {"view_id": top_modal(panel, "followups.editor")["id"], "all": True})
    return {
        "own_ms": total - 1_000 * spent,
        "share": 1 - 1_000 * spent / total,
        "model_calls": sum(e["vendor"] == "anthropic" for e in vendors),
        "transcripts": sum("/transcript" in e["path"] for e in vendors),
    }


def regenerate(panel: str) -> float:
    """Regenerate one draft; the share of the prompt that came out of the cache."""
    options = open_options(panel, 0)
    post(panel, "submit", {"view_id": options["id"], "state": {}})
    editor = top_modal(panel, "followups.editor")
    press(panel, editor, "followups.ask_regenerate")
    form = top_modal(panel, "followups.regenerate_form")
    seen = last_entry(panel)
    field = next(b for b in form["blocks"] if b["type"] == "input")
    typed = {"type": "plain_text_input", "value": "shorter"}
    state = {field["block_id"]: {field["element"]["action_id"]: typed}}
    post(panel, "submit", {"view_id": form["id"], "state": state})
    top_modal(panel, "followups.editor")
    call = next(e for e in finished(panel, seen) if e["vendor"] == "anthropic")
    usage = call["response"]["body"]["usage"]
    cached = usage["cache_read_input_tokens"] or 0
    return float(
        cached / (cached + usage["input_tokens"] + (usage["cache_creation_input_tokens"] or 0))
    )


def open_options(panel: str, number: int) -> Json:
    """`/followup`, then the meeting of this number on the first page: its options."""
    post(panel, "command", {"channel": "C0GENERAL", "text": "/followup"})
    picker = top_modal(panel, "followups.picker")
    rows = [b for b in picker["blocks"] if b["type"] == "section" and b.get("accessory")]
    press(panel, picker, "followups.pick", rows[number % len(rows)])
    return top_modal(panel, "followups.options")


def press(panel: str, view: Json, action_id: str, block: Json | None = None) -> None:
    """Press a button of a view."""
    blocks = [block] if block else view["blocks"]
    for one in blocks:
        for element in (*one.get("elements", ()), one.get("accessory") or {}):
            if element.get("action_id") == action_id:
                where = {"container": {"type": "view", "view_id": view["id"]}}
                post(
                    panel,
                    "action",
                    {
                        **where,
                        "block_id": one["block_id"],
                        "action_id": action_id,
                        "element": element,
                        "state": {},
                    },
                )
                return
    raise SystemExit(f"no {action_id} to press")


def top_modal(panel: str, callback_id: str) -> Json:
    """Wait for this modal on top."""
    until = time.monotonic() + FINISH_SECONDS
    while time.monotonic() < until:
        modals = get(panel, f"client?team={PERSON['team']}&user={PERSON['user']}")["modals"]
        if modals and modals[-1].get("callback_id") == callback_id:
            return dict(modals[-1])
        time.sleep(0.01)
    raise SystemExit(f"{callback_id} did not open")


def finished(panel: str, seen: int) -> list[Json]:
    """The journal once the card was drawn."""
    until = time.monotonic() + FINISH_SECONDS
    while time.monotonic() < until:
        entries: list[Json] = get(panel, f"journal?after={seen}")["entries"]
        if any("/chat." in e["path"] for e in entries):
            return entries
        time.sleep(0.02)
    raise SystemExit("no card was drawn")


def last_entry(panel: str) -> int:
    """The number of the journal's newest line."""
    entries = get(panel, "journal?after=0")["entries"]
    return int(entries[-1]["n"]) if entries else 0


def ended(entry: Json) -> float:
    """When the request of a journal line was answered, in seconds since 1970."""
    at = entry["at"]
    return float(at) if isinstance(at, int | float) else datetime.fromisoformat(at).timestamp()


def started(entry: Json) -> float:
    """When it came in."""
    return ended(entry) - float(entry["ms"]) / 1_000


def union(spans: list[tuple[float, float]]) -> float:
    """Seconds covered by at least one span: vendors asked at once count once."""
    covered, until = 0.0, 0.0
    for start, end in sorted(spans):
        covered += max(0.0, end - max(start, until))
        until = max(until, end)
    return covered


def post(panel: str, what: str, body: Json) -> Json:
    """A gesture at the panel; it must be taken."""
    request = urllib.request.Request(  # noqa: S310 - our own sandbox on localhost
        f"{panel}/panel/api/{what}",
        data=json.dumps({**PERSON, **body}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
        outcome: Json = json.load(answer)
    if not outcome.get("ok", True) or outcome.get("errors"):
        raise SystemExit(f"{what}: {outcome}")
    return outcome


def get(panel: str, what: str) -> Json:
    """What the panel shows."""
    with urllib.request.urlopen(f"{panel}/panel/api/{what}", timeout=30) as answer:  # noqa: S310 - ours
        document: Json = json.load(answer)
        return document


if __name__ == "__main__":
    sys.exit(main())
