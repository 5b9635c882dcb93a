"""One chat call from reservation to settlement: asked, passed on, and metered whoever leaves."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple, TypeVar
from uuid import UUID

import structlog

from integrations.errors import AuthExpired, IntegrationError, RateLimited, Unreachable
from integrations.providers.client import Models
from integrations.providers.errors import TimedOut
from integrations.providers.types import TRANSLATED, Ask, Target, Usage
from services.gateway.chats import (
    BROKE_OFF,
    TOO_SLOW,
    ChatRefused,
    ChatResult,
    Counted,
    Listener,
    Question,
    counted,
    limited,
    provider_failed,
)
from services.gateway.ledger import Claim, Holding, Ledger, Metered
from services.gateway.limits import Limits
from services.gateway.prices import Prices, tokens_of
from services.gateway.scheduler import FairScheduler, Paced

T = TypeVar("T")
# Another provider may do better; a request that is wrong in the client's own words is wrong.
ANOTHER_MAY = (RateLimited, Unreachable, AuthExpired)
STOPPED = "stopped"

log = structlog.get_logger(__name__)


class ChatCall(NamedTuple):
    """One question with all that was decided about it; `own` are providers the customer pays.

    `id` is the call's name in the ledger. Its hold is on its way already: meanwhile the request to
    the provider is written down.
    """

    id: UUID
    holding: Holding
    question: Question
    targets: tuple[Target, ...]
    own: frozenset[str]


@dataclass(frozen=True, slots=True)
class ClientTimeouts:
    """How long a client may leave events unread, one that left is metered, a stream may last."""

    unread: timedelta = timedelta(seconds=30)
    abandoned: timedelta = timedelta(seconds=60)
    whole: timedelta = timedelta(minutes=10)


class ChatProxy:
    """Runs chat calls; each ends in exactly one state of the ledger."""

    def __init__(
        self,
        ledger: Ledger,
        models: Models,
        prices: Prices,
        scheduler: FairScheduler,
        timeouts: ClientTimeouts | None = None,
    ) -> None:
        self._ledger = ledger
        self._models = models
        self._prices = prices
        self._scheduler = scheduler
        self._timeouts = timeouts or ClientTimeouts()

    async def slot(self) -> None:
        """Wait while enough other chats are worked on in this turn of the loop."""
        await self._scheduler.slot()

    def hold(self, claim: Claim) -> Holding:
        """See `Ledger.hold`."""
        return self._ledger.hold(claim)

    async def whole(self, call: ChatCall) -> ChatResult:
        """The whole answer; raises ChatRefused when there is none, which costs nothing."""
        ask = call.question.ask
        reservation = _Reservation(call.holding, self._scheduler)
        target, reply = await self._begun(
            call, reservation, lambda one: self._models.reply(one, ask, reservation.held)
        )
        now = await reservation.held()
        tokens = counted(reply.usage, ask, lambda: reply.text_bytes)
        await self._ledger.settle(call.id, self._metered(call, target, tokens))
        model = reply.model or target.model
        return ChatResult(
            reply.content, model, target.provider, tokens, reply.raw, reply.completion, now
        )

    async def stream(self, call: ChatCall, listener: Listener) -> None:
        """Pass the answer on as it is written; what came is metered, whoever leaves.

        Raises ChatRefused while nothing has been passed on, for free; later failures are told to
        the listener.
        """
        ask = call.question.ask
        reservation = _Reservation(call.holding, self._scheduler)
        target, stream = await self._begun(
            call, reservation, lambda one: self._models.stream(one, ask, reservation.held)
        )
        self._ledger.begin(call.id, self._metered(call, target, _at_most(ask, target)))
        delivery = _Delivery(listener, self._timeouts)
        try:
            with self._scheduler.pace(stream) as paced:
                await self._pass_on(paced, delivery, target.provider, await reservation.held())
        finally:
            delivery.close()
            stream.close()
            meter = stream.meter
            tokens = counted(meter.usage(), ask, meter.text_bytes, meter.input_seen())
            metered = self._metered(call, target, tokens)
            await self._ledger.settle(call.id, metered._replace(disconnected=delivery.is_gone))

    async def _begun(
        self, call: ChatCall, reservation: "_Reservation", ask: Callable[[Target], Awaitable[T]]
    ) -> tuple[Target, T]:
        """The first target that answers, and its answer; else the hold is given back."""
        *earlier, last = call.targets
        try:
            for target in earlier:
                if (answer := await _tried(target, ask)) is not None:
                    return target, answer
            return last, await ask(last)
        except IntegrationError as error:
            raise await self._failed(call, reservation, error) from error
        except BaseException:
            await self._give_back(call, reservation, STOPPED)
            raise

    async def _failed(
        self, call: ChatCall, reservation: "_Reservation", error: IntegrationError
    ) -> ChatRefused:
        log.warning("gateway.failed", vendor=error.vendor, detail=error.detail)
        try:
            # What cannot even be written down fails before its hold is there.
            now = await reservation.held()
        finally:
            await self._give_back(call, reservation, type(error).__name__)
        return provider_failed(error, now, own_key=error.vendor in call.own)

    async def _give_back(self, call: ChatCall, reservation: "_Reservation", reason: str) -> None:
        if reservation.is_held:
            await self._ledger.release(call.id, reason)
        else:
            call.holding.give_up()

    async def _pass_on(
        self, stream: Paced, delivery: "_Delivery", provider: str, now: Limits
    ) -> None:
        try:
            async with asyncio.timeout(self._timeouts.whole.total_seconds()) as deadline:
                await delivery.begin(now)
                while events := await stream.read():
                    await delivery.write(events, deadline)
        except (IntegrationError, TimeoutError) as error:
            late = isinstance(error, TimedOut | TimeoutError)
            code, phrase = ("provider_timeout", TOO_SLOW) if late else ("broke_off", BROKE_OFF)
            if not delivery.is_gone:
                log.warning("gateway.broke_off", vendor=provider, detail=str(error))
                status = 504 if late else 502
                await delivery.fail(ChatRefused(status, code, phrase, provider=provider))

    def _metered(self, call: ChatCall, target: Target, tokens: Counted) -> Metered:
        usage = tokens.usage
        is_own = target.provider in call.own
        return Metered(
            provider=target.provider,
            model=target.model,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cached_tokens=usage.cached_tokens,
            cost_micro=0 if is_own else self._prices.cost(target.model, usage),
            price_version=self._prices.version,
            estimated=tokens.estimated,
            streamed=call.question.ask.stream,
        )


class _Reservation:
    """A call's reservation, awaited by its requests to providers: ready to leave, no earlier."""

    def __init__(self, holding: Holding, scheduler: FairScheduler) -> None:
        self._holding = holding
        self._scheduler = scheduler
        self._limits: Limits | None = None

    @property
    def is_held(self) -> bool:
        """Whether the call is held."""
        return self._limits is not None

    async def held(self) -> Limits:
        """Wait until the call is held; raises ChatRefused when the limits do not allow it."""
        if self._limits is None:
            hold = await self._holding
            if hold.code:
                raise limited(hold.code, hold.limits)
            self._limits = hold.limits
            # Many are held at once.
            await self._scheduler.slot()
        return self._limits


class _Delivery:
    """What the client gets of a stream, for as long as it is there and reads.

    One timer looks now and then whether a write waits for too long: one around each of ten
    thousand writes a second would cost more than the writes.
    """

    def __init__(self, listener: Listener, timeouts: ClientTimeouts) -> None:
        self._listener = listener
        self._timeouts = timeouts
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._writing_since: float | None = None
        self._has_given_up = False
        self._timer = self._loop.call_later(self._unread, self._look)
        self.is_gone = False

    async def begin(self, now: Limits) -> None:
        await self._reaching(self._listener.begin(now))

    async def write(self, events: bytes, deadline: asyncio.Timeout) -> None:
        if self.is_gone:
            return
        await self._reaching(self._listener.write(events))
        if self.is_gone:
            # The usage comes at the end: it is worth a while, not a provider's whole patience.
            soon = self._loop.time() + self._timeouts.abandoned.total_seconds()
            deadline.reschedule(min(soon, deadline.when() or soon))

    async def fail(self, error: ChatRefused) -> None:
        await self._reaching(self._listener.fail(error))

    def close(self) -> None:
        self._timer.cancel()

    @property
    def _unread(self) -> float:
        return self._timeouts.unread.total_seconds()

    async def _reaching(self, words: Awaitable[None]) -> None:
        self._writing_since = self._loop.time()
        try:
            await words
        except ConnectionError:
            self.is_gone = True
        except asyncio.CancelledError:
            if self._task is None or not self._has_given_up:
                raise
            self._task.uncancel()
            self.is_gone = True
        finally:
            self._writing_since = None

    def _look(self) -> None:
        now, since = self._loop.time(), self._writing_since
        if since is not None and now - since >= self._unread and self._task is not None:
            self._has_given_up = True
            self._listener.hang_up()
            self._task.cancel()
            return
        self._timer = self._loop.call_at((since or now) + self._unread, self._look)


async def _tried(target: Target, ask: Callable[[Target], Awaitable[T]]) -> T | None:
    """The answer; None when another provider may do better."""
    try:
        return await ask(target)
    except IntegrationError as error:
        if not (isinstance(error, ANOTHER_MAY) or target.provider in TRANSLATED):
            raise
        log.warning("gateway.passed_on", vendor=error.vendor, detail=error.detail)
        return None


def _at_most(ask: Ask, target: Target) -> Counted:
    """What an answer that has begun may become: nobody will know more if this process dies."""
    return Counted(Usage(tokens_of(ask.size), target.max_tokens), estimated=True)
