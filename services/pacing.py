"""Streams beside each other: the more there are, the more of each goes out at once.

Ten thousand events a second, each read, looked into and written by itself, take a core from
everybody else in the process. Nobody sees whether a word came 25 ms later; everybody sees a
button that does not answer.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

# What one more stream adds to how long each of them rests; below the shortest nobody rests.
STEP_SECONDS = 0.0005
SHORTEST_SECONDS = 0.004
LONGEST_SECONDS = 0.025
# How many write in one turn of the loop: whoever else asks then is heard in between.
AT_ONCE = 8


class Restful(Protocol):
    """A stream that can leave what comes where it is."""

    @property
    def is_over(self) -> bool:
        """Nothing more is to come."""

    def rest(self) -> None:
        """Take nothing in until it is read again."""


class Pacing:
    """Shared by all streams of a process; the first events of a stream never wait for it."""

    def __init__(self) -> None:
        self._open = 0
        self._turns = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @contextmanager
    def among(self) -> Iterator[None]:
        """Be one of the streams."""
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1

    async def rest(self, stream: Restful) -> None:
        """Between two reads: gather what comes, for as long as the others make worth it."""
        seconds = min(self._open * STEP_SECONDS, LONGEST_SECONDS)
        if seconds >= SHORTEST_SECONDS and not stream.is_over:
            stream.rest()
            await asyncio.sleep(seconds)

    async def turn(self) -> None:
        """Before a write: wait when enough others write already in this turn of the loop."""
        loop = asyncio.get_running_loop()
        if not self._turns:
            loop.call_soon(self._next, loop)
        self._turns += 1
        if self._turns > AT_ONCE:
            place: asyncio.Future[None] = loop.create_future()
            self._waiting.append(place)
            await place

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        self._turns = min(len(self._waiting), AT_ONCE)
        for _ in range(self._turns):
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
        if self._turns:
            loop.call_soon(self._next, loop)
