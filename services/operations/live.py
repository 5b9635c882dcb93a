"""An operation drawn while it runs: at most once a second, and its end always."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from services.errors import Temporary
from services.operations.state import Operation

REDRAW_EVERY = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the card is: a channel of a workspace and the message in it, "" before it is there."""

    workspace_id: str
    channel_id: str
    message_ts: str = ""


# An operation that is drawn nowhere.
NOWHERE = Place("", "")


class Display(Protocol):
    """Draws an operation where people see it."""

    async def draw(self, operation: Operation) -> Place | None:
        """Post or update its card; where it is now, None for nowhere. Raises Temporary."""


class LiveCards:
    """Draws operations of this process; the newest state is drawn, those in between are not."""

    def __init__(
        self,
        load: Callable[[str], Awaitable[Operation | None]],
        keep: Callable[[str, Place], Awaitable[None]],
        display: Display,
        every: timedelta = REDRAW_EVERY,
    ) -> None:
        self._load = load
        self._keep = keep
        self._display = display
        self._displays: dict[str, Display] = {}
        self._every = every.total_seconds()
        self._locks: dict[str, asyncio.Lock] = {}
        self._drawn_at: dict[str, float] = {}
        self._planned: dict[str, asyncio.Task[None]] = {}

    def show_with(self, kind: str, display: Display) -> None:
        """Draw the operations of this kind elsewhere than on the usual card."""
        self._displays[kind] = display

    def touch(self, operation_id: str) -> None:
        """Something changed: it is drawn within a second; never waits, never fails."""
        if operation_id not in self._planned:
            self._planned[operation_id] = asyncio.create_task(self._soon(operation_id))

    async def finish(self, operation_id: str) -> None:
        """Draw the end now; raises Temporary when that cannot be, so that the job tries again."""
        planned = self._planned.pop(operation_id, None)
        if planned is not None:
            planned.cancel()
        await self._draw(operation_id)
        self._drawn_at.pop(operation_id, None)
        self._locks.pop(operation_id, None)

    async def start(self) -> None:
        """Nothing to open: a card is drawn when something changes."""

    async def close(self) -> None:
        """Draw nothing any more; ends are drawn by whoever goes on with the job."""
        for task in self._planned.values():
            task.cancel()
        await asyncio.gather(*self._planned.values(), return_exceptions=True)
        self._planned.clear()

    async def _soon(self, operation_id: str) -> None:
        loop = asyncio.get_running_loop()
        wait = self._drawn_at.get(operation_id, -self._every) + self._every - loop.time()
        try:
            if wait > 0:
                await asyncio.sleep(wait)
            await self._draw(operation_id)
        except Temporary:
            # A drawing on the way is no loss: the next one, or the end, shows more.
            pass
        finally:
            self._unplan(operation_id)

    def _unplan(self, operation_id: str) -> None:
        if self._planned.get(operation_id) is asyncio.current_task():
            del self._planned[operation_id]

    async def _draw(self, operation_id: str) -> None:
        # One at a time: an older state never stays over a newer one.
        async with self._locks.setdefault(operation_id, asyncio.Lock()):
            self._drawn_at[operation_id] = asyncio.get_running_loop().time()
            # What changes from now on plans a drawing of its own, counted from this one.
            self._unplan(operation_id)
            operation = await self._load(operation_id)
            if operation is None:
                return
            display = self._displays.get(operation.kind, self._display)
            place = await display.draw(operation)
            if place is not None and place.message_ts != operation.message_ts:
                await self._keep(operation_id, place)
