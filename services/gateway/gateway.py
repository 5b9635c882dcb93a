"""The AI gateway: who may ask which model, and tasks that outlive whoever asked."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import structlog

from db.gateway.ledger import new_call
from integrations.providers.client import Models
from integrations.providers.types import Target
from services.errors import DomainError
from services.gateway.chat_proxy import ChatCall, ChatProxy
from services.gateway.chats import ChatResult, Listener, Question, not_valid, stopping
from services.gateway.ledger import Claim
from services.gateway.prices import Prices
from services.gateway.provider_keys import Keys, ProviderKeys
from services.gateway.targets import askable, targets
from services.licensing import Code, Facts, evaluate
from services.ports import Clock

T = TypeVar("T")
FactsOf = Callable[[str], Awaitable[Facts | None]]
STOP = timedelta(seconds=10)

log = structlog.get_logger(__name__)


class Gateway:
    """Answers questions of license holders, one task each."""

    def __init__(
        self,
        facts: FactsOf,
        proxy: ChatProxy,
        models: Models,
        keys: ProviderKeys,
        prices: Prices,
        clock: Clock,
    ) -> None:
        """`facts` tells what is known of a license key, None for nothing."""
        self._facts = facts
        self._proxy = proxy
        self._models = models
        self._keys = keys
        self._prices = prices
        self._clock = clock
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_stopping = False

    async def answer(self, license_key: str, question: Question) -> ChatResult:
        """The whole answer; raises ChatRefused, or DatabaseUnavailable if nothing is reserved."""
        call = await self._call(license_key, question)
        return await self._detached(call, self._proxy.whole(call))

    async def stream(self, license_key: str, question: Question, listener: Listener) -> None:
        """Tell the answer to the listener as it is written; raises as `answer` does, before."""
        call = await self._call(license_key, question)
        await self._detached(call, self._proxy.stream(call, listener))

    async def models(self, license_key: str) -> Mapping[str, str]:
        """The plan's models in its order, each with its provider; raises ChatRefused."""
        return askable((await self.holder(license_key)).plan, self._prices)

    async def holder(self, license_key: str) -> Facts:
        """Whose license this is, when it stands; raises ChatRefused."""
        facts = await self._facts(license_key)
        judged = evaluate(facts, None, self._clock())
        if facts is None or not judged.valid:
            raise not_valid(judged.code if facts else Code.NOT_FOUND)
        return facts

    async def start(self) -> None:
        """Nothing to begin with: connections are made when they are needed."""

    async def drain(self, within: timedelta) -> None:
        """Take no more, let what runs end; what does not in time is cut off, and metered so."""
        self._is_stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within.total_seconds())
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Drain, and close the connections to the providers."""
        await self.drain(STOP)
        await self._models.close()

    async def _call(self, license_key: str, question: Question) -> ChatCall:
        if self._is_stopping:
            raise stopping()
        await self._proxy.slot()
        facts = await self.holder(license_key)
        keys = await self._keys.keys(facts)
        chosen = targets(question, facts.plan, keys.by_provider, self._prices, self._models.unable)
        plan = facts.plan
        claim = Claim(
            request_id=new_call(),
            license_id=facts.license_id,
            hourly=plan.hourly_requests,
            monthly=plan.monthly_requests,
            budget_micro=facts.budget_micro,
            # Only a budget asks how much it may become.
            estimate_micro=(
                0 if facts.budget_micro is None else self._most(question, chosen, keys)
            ),
        )
        return ChatCall(claim.request_id, self._proxy.hold(claim), question, chosen, keys.own)

    def _most(self, question: Question, chosen: tuple[Target, ...], keys: Keys) -> int:
        """What the dearest of the targets may cost us at most, in micro-dollars."""
        size = question.ask.size
        return max(
            0
            if one.provider in keys.own
            else self._prices.most(one.model, size=size, max_tokens=one.max_tokens)
            for one in chosen
        )

    async def _detached(self, call: ChatCall, work: Coroutine[object, object, T]) -> T:
        # Who asks waits for a future of its own: that one may be cancelled, the task goes on.
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        task = loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(partial(self._ended, call, answer))
        return await answer

    def _ended(self, call: ChatCall, answer: asyncio.Future[T], task: asyncio.Task[T]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            # Perhaps before it began.
            call.holding.give_up()
        error = None if task.cancelled() else task.exception()
        if answer.done():
            if error is not None and not isinstance(error, DomainError):
                # Whoever asked is gone, and nobody else would tell of it.
                log.error("gateway.crashed", exception=type(error).__name__)
        elif task.cancelled():
            answer.cancel()
        elif error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(task.result())
