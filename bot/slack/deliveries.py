"""What Slack delivers, by HTTP or socket: counted, handed to Bolt once, answered every time."""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from structlog import get_logger
from structlog.contextvars import bound_contextvars

from bot.process.metrics import Metrics
from handlers.slack.kit.wire import Body, kind_of, plausible

# Slack delivers an event again at once, after one minute and after five; a click never, but a
# signed request could be replayed for as long as its timestamp is accepted.
WINDOW_SECONDS = 600.0
EVENTS_KEPT = 20_000
CLICKS_KEPT = 2_000
SLOW_SECONDS = 1.0
OK, UNHANDLED, FAILED = 200, 404, 500
INTERACTIONS = ("block_actions", "block_suggestion", "view_closed", "view_submission")
KINDS = frozenset((*INTERACTIONS, "command", "event", "message_action", "shortcut"))

# Whoever else works in this process stands aside while somebody waits inside the block.
Priority = Callable[[], AbstractContextManager[None]]

log = get_logger("slack.deliveries")


class Malformed(Exception):
    """The body is not what Slack sends."""


@dataclass(frozen=True, slots=True)
class DeliveryReply:
    """What goes back: a body of JSON, of text, or none."""

    status: int = OK
    body: str = ""

    @property
    def is_json(self) -> bool:
        """Whether the body is a JSON object."""
        return self.body.startswith("{")


class Window:
    """Answers by key, for WINDOW_SECONDS and so many keys; one still being made counts too."""

    def __init__(self, size: int, clock: Callable[[], float] = monotonic) -> None:
        self._size = size
        self._clock = clock
        self._answers: OrderedDict[str, tuple[float, asyncio.Future[DeliveryReply]]] = OrderedDict()

    def get(self, key: str) -> asyncio.Future[DeliveryReply] | None:
        """The answer given, or being made, to an earlier delivery."""
        at, answer = self._answers.get(key, (0.0, None))
        return answer if answer is not None and self._clock() - at <= WINDOW_SECONDS else None

    def begin(self, key: str) -> asyncio.Future[DeliveryReply]:
        """A place for the answer to the first delivery."""
        answer: asyncio.Future[DeliveryReply] = asyncio.get_running_loop().create_future()
        self._answers[key] = (self._clock(), answer)
        self._answers.move_to_end(key)
        while len(self._answers) > self._size:
            self._answers.popitem(last=False)
        return answer

    def forget(self, key: str) -> None:
        """The next delivery is a first one again."""
        self._answers.pop(key, None)


class Deliveries:
    """The way to Bolt, whichever door was used."""

    def __init__(self, app: AsyncApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._events = Window(EVENTS_KEPT)
        self._clicks = Window(CLICKS_KEPT)
        # Whether a listener has nothing to say in its answer, by kind of request and body.
        self.at_once: Callable[[str, Body], bool] = lambda kind, body: False
        self.priority: Priority = nullcontext
        self._running: set[asyncio.Task[None]] = set()

    async def deliver(self, body: Body, headers: Mapping[str, str] | None = None) -> DeliveryReply:
        """Run the listener of a verified body once; a second delivery gets the first's answer.

        Raises Malformed when the body cannot be from Slack.
        """
        if not plausible(body):
            raise Malformed
        kind = kind_of(body)
        window, key = self._once(kind, body)
        if key and (earlier := window.get(key)) is not None:
            log.info("slack.delivered_again", kind=kind)
            return await asyncio.shield(earlier)
        request = _request(body, headers)
        if self.at_once(kind, body):
            self._go_on(kind, request)
            if key:
                window.begin(key).set_result(DeliveryReply())
            return DeliveryReply()
        if not key:
            return await self._answered(kind, request)
        place = window.begin(key)
        answer = DeliveryReply(FAILED)
        try:
            answer = await self._answered(kind, request)
        finally:
            if answer.status >= FAILED:
                window.forget(key)
            place.set_result(answer)
        return answer

    @property
    def going_on(self) -> int:
        """How many were answered already and are on their way to a listener."""
        return len(self._running)

    async def drain(self, within: timedelta) -> None:
        """Hand what was answered already to its listeners."""
        if self._running:
            await asyncio.wait(self._running, timeout=within.total_seconds())

    def _go_on(self, kind: str, request: AsyncBoltRequest) -> None:
        """Answer first: the task starts with the loop's next turn, when the answer is written."""
        with self.priority(), self._metrics.ack(_label(kind)):
            request.context.ack.response = BoltResponse(status=OK)
        task = asyncio.create_task(self._dispatched(request))
        self._running.add(task)
        task.add_done_callback(self._gone_on)

    async def _dispatched(self, request: AsyncBoltRequest) -> None:
        with bound_contextvars(request_id=secrets.token_hex(4)):
            await self._app.async_dispatch(request)

    def _gone_on(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("slack.not_dispatched", exc_info=error)

    async def _answered(self, kind: str, request: AsyncBoltRequest) -> DeliveryReply:
        began = monotonic()
        label = _label(kind)
        with bound_contextvars(request_id=secrets.token_hex(4)), self._metrics.ack(label):
            with self.priority():
                response = await self._app.async_dispatch(request)
            if (took := monotonic() - began) > SLOW_SECONDS:
                log.warning("slack.slow", kind=label, seconds=round(took, 3))
        if response.status == UNHANDLED:
            # Signed, so from Slack, yet nothing of ours: an error would only be shown or repeated.
            return DeliveryReply()
        return DeliveryReply(response.status, response.body or "")

    def _once(self, kind: str, body: Body) -> tuple[Window, str]:
        if kind == "event":
            return self._events, _text(body, "event_id")
        # Options are only read, and asked for again with each letter.
        return self._clicks, "" if kind == "block_suggestion" else _text(body, "trigger_id")


def _label(kind: str) -> str:
    return kind if kind in KINDS else "other"


def _request(body: Body, headers: Mapping[str, str] | None) -> AsyncBoltRequest:
    # "socket_mode" is Bolt's name for a body that is verified and decoded already.
    try:
        return AsyncBoltRequest(
            body=dict(body), headers=dict(headers) if headers else None, mode="socket_mode"
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Malformed(type(error).__name__) from error


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""
