"""From a delivery of Fathom's to the card in Slack, beside the same follow-up begun by hand.

    python -m bench.arrivals [--times 10] [--burst 500]

Starts the sandbox and `python -m bot web` as `make sandbox` does. A member chooses *draft at once*;
meetings end in the sandbox's panel, whose journal says when the webhook was delivered, when the
card was posted, and what vendors took meanwhile. Then the same by hand. Last a burst: so many
deliveries at once to one who wants to be asked, counted, and Slack's acks beside them.
"""

import argparse
import statistics
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from bench.followup import (
    Json,
    ended,
    get,
    last_entry,
    one_followup,
    post,
    sandbox,
    started,
    top_modal,
    union,
)

MEMBER = "U0ADA"
GOAL = 2.0
WATCHED_SECONDS = 150
CARD_SECONDS = 60
BURST_SECONDS = 900
ACKS = 40


def main() -> int:
    """Measure and print; 1 when a goal is missed."""
    asked = arguments()
    with sandbox() as panel:
        watched(panel)
        by_hand = [one_followup(panel, n)["own_ms"] for n in range(asked.times + 1)][1:]
        choose(panel, "draft")
        by_itself = [one_arrival(panel) for _ in range(asked.times + 1)][1:]
        choose(panel, "ask")
        alone = [ack(panel) for _ in range(ACKS)]
        told, posts, seconds, beside = burst(panel, asked.burst)
    own, hand = statistics.median(by_itself), statistics.median(by_hand)
    acks = statistics.median(beside) / statistics.median(alone)
    print(f"delivery to card, our time, median  {own:.0f} ms")
    print(f"the same begun by hand              {hand:.0f} ms")
    print(f"ratio                               {own / hand:.2f} (goal {GOAL:.0f})")
    print(f"burst of {asked.burst}: delivered {told}, cards {posts}, in {seconds:.0f} s")
    print(f"acks beside the burst, median       {acks:.2f} of alone (goal {GOAL:.0f})")
    whole = told == posts == asked.burst
    return 0 if whole and own <= GOAL * hand and acks <= GOAL else 1


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--burst", type=int, default=500)
    return parser.parse_args()


def watched(panel: str) -> None:
    """Wait until the member's webhook is there."""
    until = time.monotonic() + WATCHED_SECONDS
    while time.monotonic() < until:
        hooks = get(panel, "outside")["fathom"]["hooks"]
        if any(hook["owner"] == MEMBER for hook in hooks):
            return
        time.sleep(0.2)
    raise SystemExit("no webhook was made")


def choose(panel: str, choice: str) -> None:
    """Save in the settings what begins by itself, and no quiet hours."""
    post(panel, "command", {"channel": "C0GENERAL", "text": "/seguito settings"})
    form = top_modal(panel, "settings.form")
    state: Json = {}
    for block in form["blocks"]:
        element = block.get("element", {})
        wanted = {"settings.auto_start": choice, "settings.quiet_from": "follow"}.get(
            element.get("action_id", "").partition("@")[0]
        )
        if wanted is not None:
            option = next(o for o in element["options"] if o["value"] == wanted)
            chosen = {"type": element["type"], "selected_option": option}
            state[block["block_id"]] = {element["action_id"]: chosen}
    post(panel, "submit", {"view_id": form["id"], "state": state})


def one_arrival(panel: str) -> float:
    """A meeting ends; our ms from the delivery to the card."""
    seen = last_entry(panel)
    post(panel, "fathom/end", {"person": MEMBER, "meeting": "customer"})
    until = time.monotonic() + CARD_SECONDS
    while time.monotonic() < until:
        entries: list[Json] = get(panel, f"journal?after={seen}")["entries"]
        cards = [e for e in entries if "/chat.postMessage" in e["path"]]
        if cards:
            begun = min(started(e) for e in entries if e["path"].startswith("webhook to"))
            over = ended(cards[0])
            vendors = [e for e in entries if e["direction"] == "in" and started(e) >= begun]
            spans = [(started(e), min(ended(e), over)) for e in vendors]
            return 1_000 * (over - begun - union([s for s in spans if s[1] > s[0]]))
        time.sleep(0.02)
    raise SystemExit("no card was posted")


def ack(panel: str) -> float:
    """A command; how long the product took to acknowledge it, in ms."""
    seen = last_entry(panel)
    post(panel, "command", {"channel": "C0GENERAL", "text": "/seguito help"})
    entries = get(panel, f"journal?after={seen}")["entries"]
    return float(
        next(e["ms"] for e in entries if e["direction"] == "out" and e["vendor"] == "slack")
    )


def burst(panel: str, size: int) -> tuple[int, int, float, list[float]]:
    """So many meetings end at once: deliveries taken, cards posted, seconds, acks beside them."""
    counted = Counted(panel)
    counting = threading.Thread(target=counted.run, daemon=True)
    counting.start()
    begun = time.monotonic()
    end = {"person": MEMBER, "meeting": "customer"}
    with ThreadPoolExecutor(16) as crowd:
        sent = [crowd.submit(post, panel, "fathom/end", end) for _ in range(size)]
        beside = [ack(panel) for _ in range(ACKS)]
        for one in sent:
            one.result()
    while counted.posts < size and time.monotonic() < begun + BURST_SECONDS:
        time.sleep(0.2)
    seconds = time.monotonic() - begun
    # What is doubled comes later.
    time.sleep(5)
    counted.over = True
    counting.join()
    return len(counted.delivered), counted.posts, seconds, beside


class Counted:
    """Reads the journal along, which keeps its newest lines only."""

    def __init__(self, panel: str) -> None:
        self._panel = panel
        self._seen = last_entry(panel)
        self.posts = 0
        self.delivered: set[int] = set()
        self.over = False

    def run(self) -> None:
        """Until it is over."""
        while not self.over:
            for entry in get(self._panel, f"journal?after={self._seen}")["entries"]:
                self._seen = entry["n"]
                self.posts += "/chat.postMessage" in entry["path"]
                if entry["path"].startswith("webhook to") and entry["status"] == 200:
                    self.delivered.add(entry["request"]["body"]["recording_id"])
            time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
