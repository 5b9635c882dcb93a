"""Composes a meeting of some three hours in which no line is said twice."""

import tomllib
from datetime import timedelta
from itertools import cycle
from pathlib import Path

from integrations.sandbox.kit.world import Line

LENGTH = timedelta(hours=3)


def long_lines(path: Path) -> tuple[Line, ...]:
    """Every topic of the file goes through every sentence of it, with numbers of its own.

    The file holds `speakers`, `topics`, `sentences` (with {topic}, {number}, {amount} and {next}),
    and the `opening` and `closing` lines as `[speaker, text]`.
    """
    cast = tomllib.loads(path.read_text(encoding="utf-8"))
    said = [(speaker, text) for speaker, text in cast["opening"]]
    speakers = cycle(cast["speakers"])
    topics: list[str] = cast["topics"]
    for row, topic in enumerate(topics):
        following = topics[(row + 1) % len(topics)]
        for column, sentence in enumerate(cast["sentences"]):
            number = 11 + (row * 37 + column * 13) % 89
            amount = f"€{1 + (row * 7 + column) % 9},{100 + (row * 53 + column * 17) % 899}"
            text = sentence.format(topic=topic, number=number, amount=amount, next=following)
            said.append((next(speakers), text))
    said += [(speaker, text) for speaker, text in cast["closing"]]
    step = LENGTH / len(said)
    return tuple(
        Line(timedelta(seconds=int((step * index).total_seconds())), speaker, text)
        for index, (speaker, text) in enumerate(said)
    )
