"""Bolt's listener runner, woken by ack() itself where Bolt's own looks every 10 ms."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.error import BoltError
from slack_bolt.listener.async_listener import AsyncListener
from slack_bolt.listener.asyncio_runner import AsyncioListenerRunner
from slack_bolt.logger.messages import warning_did_not_call_ack
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

# From the answer to aiohttp's write it takes the loop three turns; one more does not matter.
TURNS_TO_THE_WIRE = 4


class WakingAck(AsyncAck):
    """Bolt's ack(), whose first answer stands and wakes whoever waits for it."""

    def __init__(self, given: BoltResponse | None = None) -> None:
        self.answered: asyncio.Future[BoltResponse] = asyncio.get_running_loop().create_future()
        # slack_bolt left this constructor without types.
        super().__init__()  # type: ignore[no-untyped-call]
        self.response = given

    async def __call__(self, *args: Any, **kwargs: Any) -> BoltResponse:
        """Answer, then stand aside until the answer is on the wire.

        Without this the listener would go on at once, and the few milliseconds it takes to draw a
        modal would be added to the ack of its own request.
        """
        if (answered := self.response) is not None:
            return answered
        response: BoltResponse = await super().__call__(*args, **kwargs)
        for _ in range(TURNS_TO_THE_WIRE):
            await asyncio.sleep(0)
        return response

    # A property, because ack() and Bolt's error path both answer by assigning `response`.
    @property
    def response(self) -> BoltResponse | None:
        """The answer for Slack, once there is one."""
        return self.answered.result() if self.answered.done() else None

    @response.setter
    def response(self, value: BoltResponse | None) -> None:
        if value is not None and not self.answered.done():
            self.answered.set_result(value)


class EventRunner(AsyncioListenerRunner):
    """Answers the moment ack() is called; keeps hold of what still runs after that.

    Semantics are Bolt's: events are acknowledged before their listener runs, others have the
    listener's `ack_timeout` (3 s), and an error reaches the error handler whenever it comes.
    Lazy listeners are refused: Bolt runs them on a deep copy that loses what was injected.
    """

    def __init__(self, bolts: AsyncioListenerRunner) -> None:
        """Takes over the collaborators of Bolt's own runner."""
        super().__init__(
            logger=bolts.logger,
            process_before_response=False,
            listener_error_handler=bolts.listener_error_handler,
            listener_start_handler=bolts.listener_start_handler,
            listener_completion_handler=bolts.listener_completion_handler,
            lazy_listener_runner=bolts.lazy_listener_runner,
        )
        # The loop itself holds tasks weakly: one that nobody references may vanish half-way.
        self.running: set[asyncio.Task[None]] = set()

    async def run(
        self,
        request: AsyncBoltRequest,
        response: BoltResponse,
        listener_name: str,
        listener: AsyncListener,
        starting_time: float | None = None,
    ) -> BoltResponse | None:
        """Start the listener and wait for its ack; None when it did not ack in time."""
        if listener.lazy_functions:
            raise BoltError(f"{listener_name} is a lazy listener, which this app does not run")
        ack = WakingAck(request.context.ack.response)
        request.context["ack"] = ack
        if listener.auto_acknowledgement:
            await ack()
        task = asyncio.create_task(self._listen(request, response, listener))
        self.running.add(task)
        task.add_done_callback(partial(self._listened, request))
        if not ack.answered.done():
            # wait() leaves the future alone at the deadline: a late ack finds it as it was.
            await asyncio.wait((ack.answered,), timeout=listener.ack_timeout)
        if ack.response is None:
            self.logger.warning(warning_did_not_call_ack(listener_name))
        return ack.response

    async def drain(self, within: timedelta) -> int:
        """Let running listeners finish, then cancel those that took longer; how many those were."""
        deadline = asyncio.get_running_loop().time() + within.total_seconds()
        # A listener that fails while we wait starts its error handler: wait for that as well.
        while self.running:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                break
            await asyncio.wait(self.running, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        cut = list(self.running)
        for task in cut:
            task.cancel()
        await asyncio.gather(*cut, return_exceptions=True)
        return len(cut)

    async def _listen(
        self, request: AsyncBoltRequest, response: BoltResponse, listener: AsyncListener
    ) -> None:
        try:
            await self.listener_start_handler.handle(request=request, response=response)
            await listener.run_ack_function(request=request, response=response)
        finally:
            await self.listener_completion_handler.handle(request=request, response=response)

    def _listened(self, request: AsyncBoltRequest, task: asyncio.Task[None]) -> None:
        self.running.discard(task)
        if task.cancelled():
            return
        if isinstance(error := task.exception(), Exception):
            failing = asyncio.create_task(self._failed(request, error))
            self.running.add(failing)
            failing.add_done_callback(self._told)

    async def _failed(self, request: AsyncBoltRequest, error: Exception) -> None:
        ack = request.context.ack
        response = BoltResponse(status=500) if ack.response is None else None
        try:
            await self.listener_error_handler.handle(
                error=error,
                request=request,
                response=response,
            )
        finally:
            ack.response = response

    def _told(self, task: asyncio.Task[None]) -> None:
        self.running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.logger.error("The error handler failed itself", exc_info=error)


def install(app: AsyncApp) -> EventRunner:
    """Replace Bolt's runner in `app`, before its listeners and error handler are registered.

    The attribute is private, which is why slack_bolt is pinned and a test watches the effect.
    """
    runner = EventRunner(app.listener_runner)
    app._async_listener_runner = runner
    return runner
