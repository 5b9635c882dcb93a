"""Fair scheduling of chats: in slots; the more streams, the more of each goes out at once.

Ten thousand events a second, each read, looked into and written by itself, take a core from
everybody else in the process. Nobody sees whether a word came 33 ms later; everybody sees a
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
LONGEST_SECONDS = 0.033
# How many go on in one turn of the loop; whoever else asks is heard in between. The more of them,
# the less each costs: 32 a turn take an eighth less processor than four.
SLOTS = 32
# The same while a site asks about its license, and while somebody clicks.
SLOTS_BESIDE_SITES = 4
SLOTS_BESIDE_CLICKS = 1
# Where one has come, another comes: for how long after it.
BESIDE_SECONDS = 0.1
# How long chats stand aside for a click that is being answered.
ASIDE_SECONDS = 0.005


class Readable(Protocol):
    """A stream that can leave what comes where it is."""

    @property
    def is_over(self) -> bool:
        """Nothing more is to come."""

    async def read(self) -> bytes:
        """What has come, b"" after the last."""

    def rest(self) -> None:
        """Take nothing in until it is read again."""


class FairScheduler:
    """One per process: shared by all chats, and by whoever goes before them."""

    def __init__(self) -> None:
        self.open = 0
        self._taken = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._priorities = 0
        self._aside_until = self._clicks_until = self._beside_until = 0.0
        self._again: asyncio.TimerHandle | None = None

    @contextmanager
    def pace(self, stream: Readable) -> Iterator["Paced"]:
        """Read this stream beside the others."""
        self.open += 1
        try:
            yield Paced(self, stream)
        finally:
            self.open -= 1

    @contextmanager
    def priority(self) -> Iterator[None]:
        """Chats stand aside while the block runs, though for milliseconds only.

        For a while afterwards they go on one by one: whoever clicks, clicks again.
        """
        loop = asyncio.get_running_loop()
        now = loop.time()
        self._clicks_until = self._beside_until = now + BESIDE_SECONDS
        if not self._priorities:
            self._aside_until = now + ASIDE_SECONDS
        self._priorities += 1
        try:
            yield
        finally:
            self._priorities -= 1
            if not self._priorities and self._again is not None:
                self._again.cancel()
                self._next(loop)

    def throttle(self) -> None:
        """A site asks about its license: for a while it and the next ones wait for few chats."""
        self._beside_until = asyncio.get_running_loop().time() + BESIDE_SECONDS

    async def slot(self) -> None:
        """Before some work: wait when enough others work already in this turn of the loop."""
        loop = asyncio.get_running_loop()
        if not self._taken:
            loop.call_soon(self._next, loop)
        self._taken += 1
        if self._taken > self._slots(loop):
            waiter: asyncio.Future[None] = loop.create_future()
            self._waiting.append(waiter)
            await waiter

    def _slots(self, loop: asyncio.AbstractEventLoop) -> int:
        """How many may go on now."""
        if not self._beside_until:
            return SLOTS
        now = loop.time()
        if self._priorities and now < self._aside_until:
            return 0
        if now < self._clicks_until:
            return SLOTS_BESIDE_CLICKS
        if now < self._beside_until:
            return SLOTS_BESIDE_SITES
        self._beside_until = 0.0
        return SLOTS

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        self._again = None
        most = self._slots(loop)
        if self._waiting and not most:
            self._again = loop.call_at(self._aside_until, self._next, loop)
            return
        self._taken = min(len(self._waiting), most)
        for _ in range(self._taken):
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
        if self._taken:
            loop.call_soon(self._next, loop)


class Paced:
    """One stream among the others; its first events never wait, and a slow one never rests."""

    def __init__(self, scheduler: FairScheduler, stream: Readable) -> None:
        self._scheduler = scheduler
        self._stream = stream
        self._loop = asyncio.get_running_loop()
        self._is_brisk = False

    async def read(self) -> bytes:
        """The next events, when it is their turn; b"" after the last."""
        if self._is_brisk:
            await self._rest()
        begun = self._loop.time()
        events = await self._stream.read()
        self._is_brisk = self._loop.time() - begun < LONGEST_SECONDS
        await self._scheduler.slot()
        return events

    async def _rest(self) -> None:
        """Gather what comes, for as long as the others make worth it."""
        seconds = min(self._scheduler.open * STEP_SECONDS, LONGEST_SECONDS)
        if seconds >= SHORTEST_SECONDS and not self._stream.is_over:
            self._stream.rest()
            await asyncio.sleep(seconds)
