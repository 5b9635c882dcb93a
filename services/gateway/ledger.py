"""The gateway's ledger: a call is reserved before it goes out, and ends in one state."""

import asyncio
from collections.abc import Callable, Generator, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache, partial
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID

from db.gateway.ledger import CallOutcome, HoldRequest, LimitState, Rows
from db.store.reach import DatabaseUnavailable
from services.caching import Batcher
from services.errors import Temporary
from services.gateway.limits import QUOTA_EXCEEDED as QUOTA_EXCEEDED
from services.gateway.limits import RATE_LIMITED as RATE_LIMITED
from services.gateway.limits import Limits as Limits
from services.gateway.usage_queue import UNKNOWN, Reservation, UsageWriteQueue
from services.phrases import Phrase

BUDGET_EXCEEDED = "BUDGET_EXCEEDED"

# Longer than the longest stream and the ten minutes a settle may wait for PostgreSQL together:
# what expires earlier gives its place away and would be counted on top when its settle comes.
KEEP = timedelta(minutes=20)
EXPIRE_BATCH = 500
# A hold may be asked again, for it is counted once: a restart of a second goes unnoticed.
PATIENCE_SECONDS = 2.0
PAUSE_SECONDS = 0.1
# At a thousand calls a second one statement then holds four of them, and nobody notices. With 1 ms
# the slowest validations beside 200 chats took twice as long, with 8 ms a fifth fewer calls passed.
TOGETHER_SECONDS = 0.003
TRY_AGAIN = timedelta(seconds=5)
SETTLED = "settled"
FAILED = "failed"
LARGEST_INT = 2**31 - 1
LARGEST_MICRO = 2**53
WORD_LENGTH = 100

UNCOUNTED = Phrase(
    "Requests cannot be counted right now. Please try again in a few seconds.",
    "In questo momento non è possibile contare le richieste. Riprova tra qualche secondo.",
)


class Claim(NamedTuple):
    """What is asked for: one call of a license, with what its plan and budget allow.

    `request_id` is `db.ledger.new_call()`, and the same when the same call is asked again; amounts
    are micro-dollars, `estimate_micro` is what the call may cost at most; None is no limit.
    """

    request_id: UUID
    license_id: str
    hourly: int
    monthly: int | None = None
    budget_micro: int | None = None
    estimate_micro: int = 0


class Hold(NamedTuple):
    """The answer: `code` is "" when held, else RATE_LIMITED, QUOTA_EXCEEDED or BUDGET_EXCEEDED.

    What was refused left no mark. `limits` are as they stand with this call in them.
    """

    code: str
    limits: Limits


class Holding:
    """A hold that has been asked for: await the answer once, or give the call up.

    Raises Temporary when it cannot be counted. Cancelled meanwhile, nothing stays held.
    """

    __slots__ = ("_answer", "_forsake", "_is_over")

    def __init__(self, answer: asyncio.Future[Hold | None], forsake: Callable[[], None]) -> None:
        """`forsake` takes back what was asked for, and what will be granted."""
        self._answer = answer
        self._forsake = forsake
        self._is_over = False

    def __await__(self) -> Generator[Any, None, Hold]:
        try:
            answer = yield from self._answer
        except asyncio.CancelledError:
            self.give_up()
            raise
        finally:
            self._is_over = True
        if answer is None:
            raise Temporary(UNCOUNTED, retry_after=TRY_AGAIN)
        return answer

    def give_up(self) -> None:
        """Nobody will await it; without effect on one whose answer came, whatever it was."""
        if not self._is_over:
            self._is_over = True
            self._answer.cancel()
            self._forsake()


class Metered(NamedTuple):
    """What a call has used; input includes cached tokens, `cost_micro` is micro-dollars."""

    provider: str
    model: str
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    cost_micro: int
    price_version: str
    estimated: bool = False
    streamed: bool = False
    disconnected: bool = False


class Ledger:
    """Holds, settles and releases; exact across every process on the same PostgreSQL."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._holds = Batcher(self._hold, pause=TOGETHER_SECONDS)
        self._write_queue = UsageWriteQueue(rows)
        self._given_up: set[UUID] = set()

    async def start(self) -> None:
        """Nothing to wait for: connections are made when they are needed."""

    async def close(self) -> None:
        """Wait for the settles in hand, some seconds at most; no hold comes after this."""
        await self._write_queue.close()

    def hold(self, claim: Claim) -> Holding:
        """Count the call in the license's hour, month and budget, or say which is used up."""
        return Holding(self._holds.get(claim), partial(self._give_up, claim.request_id))

    def begin(self, request_id: UUID, estimate: Metered) -> None:
        """The answer has begun: if this process dies, the call is charged so when it expires.

        Queued here and kept within milliseconds; nobody waits for it.
        """
        held = self._write_queue.known(request_id)
        if held is not UNKNOWN:
            self._write_queue.begin(_end(request_id, held, estimate))

    async def settle(self, request_id: UUID, metered: Metered) -> None:
        """The call has used so much: queued here, kept as soon as PostgreSQL takes it.

        Of several ends of one call the first counts.
        """
        self._write_queue.put(_end(request_id, self._write_queue.whose(request_id), metered))

    async def release(self, request_id: UUID, reason: str) -> None:
        """The call failed and costs nothing; only its place in the hour's window stays taken.

        `reason` is a short word of ours for the log (`timeout`, `refused`), no vendor's text.
        """
        self._write_queue.put(CallOutcome(request_id, None, None, 0, FAILED, reason=_word(reason)))

    async def look(self, license_id: str, hourly: int, monthly: int | None) -> Limits:
        """Hour and month as they stand; counts nothing. Raises Temporary."""
        try:
            state = await self._rows.look(license_id, hourly)
        except DatabaseUnavailable as error:
            raise Temporary(UNCOUNTED, retry_after=TRY_AGAIN) from error
        return _limits(hourly, monthly, state)

    async def caught_up(self, within: timedelta = timedelta(seconds=1)) -> None:
        """Wait until what was settled here before is kept, but not longer than `within`."""
        await self._write_queue.empty(within)

    async def expire(self) -> None:
        """End reservations nobody ended in time: `Rows.expire`. Raises DatabaseUnavailable."""
        while await self._rows.expire(EXPIRE_BATCH, KEEP) >= EXPIRE_BATCH:
            pass

    def _give_up(self, request_id: UUID) -> None:
        if self._write_queue.holds(request_id):
            self._write_queue.put(
                CallOutcome(request_id, None, None, 0, FAILED, reason="cancelled")
            )
        else:
            # It is being held just now: see _hold.
            self._given_up.add(request_id)

    async def _hold(self, claims: Sequence[Claim]) -> Mapping[Claim, Hold]:
        try:
            found = await self._count(claims)
        finally:
            gone = {one.request_id for one in claims} & self._given_up
            self._given_up -= gone
            for request_id in filter(self._write_queue.holds, gone):
                self._give_up(request_id)
        return {
            claim: Hold(one.code, _limits(claim.hourly, claim.monthly, one))
            for claim, one in zip(claims, found, strict=True)
        }

    async def _count(self, claims: Sequence[Claim]) -> list[LimitState]:
        asks = [HoldRequest(*claim) for claim in claims]
        until = monotonic() + PATIENCE_SECONDS
        while True:
            try:
                found = await self._rows.hold(asks)
            except DatabaseUnavailable as error:
                if monotonic() > until:
                    raise Temporary(UNCOUNTED, retry_after=TRY_AGAIN) from error
                await asyncio.sleep(PAUSE_SECONDS)
            else:
                self._write_queue.remember(asks, found)
                return found


def _limits(hourly: int, monthly: int | None, state: LimitState) -> Limits:
    return Limits(
        hour_limit=hourly,
        hour_remaining=state.hour_remaining,
        hour_reset_s=state.hour_reset_s,
        month_limit=monthly,
        month_used=state.month_used,
        month_resets_at=state.month_resets_at,
        month_reset_s=state.month_reset_s,
    )


def _end(request_id: UUID, held: Reservation, metered: Metered) -> CallOutcome:
    """As the rows take it: whatever a provider has said fits in."""
    return CallOutcome(
        request_id,
        *held,
        state=SETTLED,
        provider=_word(metered.provider),
        model=_word(metered.model),
        input_tokens=_bounded(metered.input_tokens, LARGEST_INT),
        output_tokens=_bounded(metered.output_tokens, LARGEST_INT),
        cached_tokens=_bounded(metered.cached_tokens, LARGEST_INT),
        cost_micro=_bounded(metered.cost_micro, LARGEST_MICRO),
        price_version=_word(metered.price_version),
        estimated=metered.estimated,
        streamed=metered.streamed,
        disconnected=metered.disconnected,
    )


@lru_cache(maxsize=512)
def _word(text: str) -> str:
    return text[:WORD_LENGTH].replace("\0", "").encode(errors="replace").decode()


def _bounded(count: int, largest: int) -> int:
    return count if 0 <= count <= largest else max(0, min(count, largest))
