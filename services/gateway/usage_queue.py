"""Outcomes of calls on their way into PostgreSQL: queued, sent in batches, with backoff."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from time import monotonic
from typing import NamedTuple
from uuid import UUID

import structlog
from cachetools import FIFOCache

from db.gateway.ledger import CallOutcome, HoldRequest, LimitState, Refused, Rows
from db.store.reach import DatabaseUnavailable

BATCH = 128
KEPT = timedelta(minutes=10)
CLOSING = timedelta(seconds=10)
FIRST_PAUSE_SECONDS = 0.05
# Nobody waits for it: what ends meanwhile goes along.
TOGETHER_SECONDS = 0.01
LONGEST_PAUSE_SECONDS = 2.0
# More calls than can be in flight: what is beyond was never ended, and its hold expires.
REMEMBERED = 50_000

log = structlog.get_logger(__name__)


class Reservation(NamedTuple):
    """What the end of a call says of its hold; empty when that is not known here."""

    license_id: str | None = None
    held_at: datetime | None = None
    estimate_micro: int = 0


UNKNOWN = Reservation()


class _Waiting(NamedTuple):
    """An end, and by the process's own clock when it came."""

    since: float
    end: CallOutcome


class UsageWriteQueue:
    """A queue with one worker, which exists only while there is something to send."""

    def __init__(self, rows: Rows, *, kept: timedelta = KEPT) -> None:
        """`kept` is how long an end waits for PostgreSQL before it is given up."""
        self._rows = rows
        self._kept = kept.total_seconds()
        self._held: FIFOCache[UUID, Reservation] = FIFOCache(REMEMBERED)
        self._queue: dict[UUID, _Waiting] = {}
        self._begun: dict[UUID, CallOutcome] = {}
        self._pause_seconds = FIRST_PAUSE_SECONDS
        self._soon: asyncio.TimerHandle | None = None
        self._worker: asyncio.Task[None] | None = None

    def remember(self, asks: Sequence[HoldRequest], found: Sequence[LimitState]) -> None:
        """Whose call was held, when, and for how much, until it ends."""
        for ask, state in zip(asks, found, strict=True):
            if not state.code:
                self._held[ask.id] = Reservation(ask.license_id, state.at, ask.estimate_micro)

    def holds(self, request_id: UUID) -> bool:
        """Whether the call is known here to be held."""
        return request_id in self._held

    def known(self, request_id: UUID) -> Reservation:
        """The hold of a call as it is known here, UNKNOWN where it is not."""
        return self._held.get(request_id, UNKNOWN)

    def whose(self, request_id: UUID) -> Reservation:
        """The hold of a call as it is known here; told once, for its end."""
        return self._held.pop(request_id, UNKNOWN)

    def begin(self, estimate: CallOutcome) -> None:
        """Send soon how a call is to end whose process dies: its answer has begun."""
        self._begun[estimate.id] = estimate
        self._start_soon()

    def put(self, end: CallOutcome) -> None:
        """Send the end soon; of several of one call the first counts."""
        if end.id in self._queue:
            return
        if end.license_id is None:
            end = end._replace(**self.whose(end.id)._asdict())
        self._begun.pop(end.id, None)
        self._queue[end.id] = _Waiting(monotonic(), end)
        self._start_soon()

    def _start_soon(self) -> None:
        if self._worker is None and self._soon is None:
            loop = asyncio.get_running_loop()
            self._soon = loop.call_later(TOGETHER_SECONDS, self._begin)

    async def empty(self, within: timedelta) -> None:
        """Wait until everything is sent, but not longer than `within`."""
        if self._soon is not None:
            self._soon.cancel()
            self._begin()
        if self._worker is not None:
            await asyncio.wait({self._worker}, timeout=within.total_seconds())

    async def close(self, within: timedelta = CLOSING) -> None:
        """Send what is left, for as long as `within`; says what had to be left behind."""
        await self.empty(within)
        if self._worker is not None:
            self._worker.cancel()
            with suppress(asyncio.CancelledError):
                await self._worker
        if self._queue:
            log.error("ledger.settles_lost", count=len(self._queue), reason="closing")

    def _begin(self) -> None:
        self._soon = None
        self._worker = asyncio.create_task(self._work())

    async def _work(self) -> None:
        try:
            while self._queue or self._begun:
                if self._begun:
                    await self._send_begun()
                if self._queue:
                    await self._send(list(islice(self._queue.values(), BATCH)))
                if self._queue or self._begun:
                    await asyncio.sleep(TOGETHER_SECONDS)
        finally:
            self._worker = None

    async def _send_begun(self) -> None:
        # Before the ends: an end that comes meanwhile goes after it.
        begun, self._begun = self._begun, {}
        # Without it a call is free only if its process dies as well.
        with suppress(DatabaseUnavailable, Refused):
            await self._rows.begin(list(begun.values()))

    async def _send(self, waiting: Sequence[_Waiting]) -> None:
        try:
            await self._rows.settle([one.end for one in waiting])
        except DatabaseUnavailable:
            await self._pause(waiting)
            return
        except Refused as error:
            if len(waiting) > 1:
                # One of them is unfit: the others must not wait for it.
                for one in waiting:
                    await self._send([one])
                return
            log.error("ledger.settles_lost", count=1, reason=str(error))
        self._pause_seconds = FIRST_PAUSE_SECONDS
        for one in waiting:
            self._queue.pop(one.end.id, None)

    async def _pause(self, waiting: Sequence[_Waiting]) -> None:
        log.warning("ledger.settles_wait", count=len(self._queue), seconds=self._pause_seconds)
        await asyncio.sleep(self._pause_seconds)
        self._pause_seconds = min(2 * self._pause_seconds, LONGEST_PAUSE_SECONDS)
        old = [one for one in waiting if one.since < monotonic() - self._kept]
        for one in old:
            del self._queue[one.end.id]
        if old:
            log.error("ledger.settles_lost", count=len(old), reason="database_away")
