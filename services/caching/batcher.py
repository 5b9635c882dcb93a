"""Batches look-ups, as a DataLoader does: keys asked for meanwhile go into the next query."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Mapping, Sequence
from functools import partial
from itertools import chain, islice
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

Ask = Callable[[Sequence[K]], Coroutine[Any, Any, Mapping[K, V]]]
Waiting = dict[K, list[asyncio.Future[V | None]]]

AT_ONCE = 2
MOST = 500


class Batcher(Generic[K, V]):
    """Without load a question is asked at once; under load the next ones go together.

    Nobody joins a question that is already under way: its answer may be from before the asking.
    """

    def __init__(self, ask: Ask[K, V], *, pause: float = 0.0) -> None:
        """`ask` gets each key once, at most 500 of them, and answers what it found.

        `pause`: under load so many seconds pass between two of them, so that more go together.
        """
        self._ask = ask
        self._pause = pause
        self._not_before = 0.0
        self._waiting: Waiting[K, V] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self._about_to_go = False

    def get(self, key: K) -> asyncio.Future[V | None]:
        """What will be found, None for nothing, or what `ask` will raise; asked for already."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[V | None] = loop.create_future()
        self._waiting.setdefault(key, []).append(answer)
        self._perhaps_go(loop)
        return answer

    def _perhaps_go(self, loop: asyncio.AbstractEventLoop) -> None:
        if not self._waiting or self._about_to_go or len(self._under_way) >= AT_ONCE:
            return
        self._about_to_go = True
        if self._not_before > loop.time():
            loop.call_at(self._not_before, self._go)
        else:
            self._go()

    def _go(self) -> None:
        asked: Waiting[K, V] = {}
        task = asyncio.create_task(self._round(asked))
        self._under_way.add(task)
        task.add_done_callback(partial(self._end, asked))

    async def _round(self, asked: Waiting[K, V]) -> None:
        # Only now, a turn of the loop later: what it still had in hand then comes along.
        loop = asyncio.get_running_loop()
        self._about_to_go = False
        self._not_before = loop.time() + self._pause
        for key in tuple(islice(self._waiting, MOST)):
            asked[key] = self._waiting.pop(key)
        self._perhaps_go(loop)
        found = await self._ask(tuple(asked))
        for key, answers in asked.items():
            for answer in answers:
                if not answer.done():
                    answer.set_result(found.get(key))

    def _end(self, asked: Waiting[K, V], task: "asyncio.Task[None]") -> None:
        self._under_way.discard(task)
        self._perhaps_go(task.get_loop())
        error = None if task.cancelled() else task.exception()
        for answer in chain.from_iterable(asked.values()):
            # None is left when it went well.
            if answer.done():
                continue
            if error is None:
                answer.cancel()
            else:
                answer.set_exception(error)
