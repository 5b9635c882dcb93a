"""Reading a transcript of three hours in each format, against `json.loads` of the same words.

python -m bench.transcripts [hours]
"""

import json
import sys
import time
from collections.abc import Callable

from integrations.transcripts.reader import read
from tests.kit.transcript_files import WRITERS, Said

ROUNDS = 5
SPEAKERS = ("Rhea Moss", "Ole Frost", "Zoë d'Arc", "Marta Neri")
# A turn of a meeting has some twenty words, a word takes some 0.4 seconds.
TALK = (
    "well we looked at the offer again and the price is fine for us as long as the dates hold so "
    "please send the plan by Friday with the R&D hours at 10:30 and note: the board decides in May."
)
WORDS = TALK.split()
PACE = 0.4


def call(hours: float) -> tuple[Said, ...]:
    """A conversation of this length: four people in turns of ten to thirty words."""
    said: list[Said] = []
    at = 3.0
    while at < hours * 3600:
        count = 10 + 7 * len(said) % 21
        words = [WORDS[(len(said) + place) % len(WORDS)] for place in range(count)]
        said.append(Said(SPEAKERS[len(said) % len(SPEAKERS)], int(at), " ".join(words)))
        at += count * PACE + 1
    return tuple(said)


def best(work: Callable[[], object]) -> float:
    """Seconds of the fastest round."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def main() -> None:
    """A line per format."""
    hours = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    said = call(hours)
    rows = [{"speaker": one.speaker, "text": one.text, "at": one.at} for one in said]
    document = json.dumps(rows)
    floor = best(lambda: json.loads(document))
    words = sum(len(one.text.split()) for one in said)
    print(f"{hours:g} h, {len(said)} turns, {words} words; json.loads {floor * 1000:.1f} ms")
    for write in WRITERS:
        name, data = write(said)
        found = read(name, data)
        if sum(len(line.text.split()) for line in found.lines) != words:
            raise SystemExit(f"{name}: words were lost")
        taken = best(lambda name=name, data=data: read(name, data))
        print(f"{write.__name__:12} {taken * 1000:6.0f} ms  {taken / floor:5.0f} x")


if __name__ == "__main__":
    main()
