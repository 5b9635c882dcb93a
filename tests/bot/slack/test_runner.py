"""Bolt's runner, replaced: woken by ack(), and otherwise with Bolt's own semantics."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.slack.runner import EventRunner, install

COMMAND = {"command": "/go", "team_id": "T1", "user_id": "U1"}
EVENT = {"type": "event_callback", "team_id": "T1", "event": {"type": "team_join"}}


async def identity(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id=team_id)


def bolts_own() -> AsyncApp:
    secret = "any"
    return AsyncApp(signing_secret=secret, authorize=identity, name="test")


def bolt() -> tuple[AsyncApp, EventRunner]:
    app = bolts_own()
    return app, install(app)


async def dispatch(app: AsyncApp, body: dict[str, Any]) -> BoltResponse:
    return await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))


def quick(app: AsyncApp, seconds: float) -> None:
    for listener in app._async_listeners:
        listener.ack_timeout = seconds


class Turns:
    """Counts what the loop is asked to do later: a poll shows as timers, one per look."""

    def __init__(self) -> None:
        self.timers = 0
        self._loop = asyncio.get_running_loop()
        self._real = self._loop.call_at

    def __enter__(self) -> "Turns":
        self._loop.call_at = self._count  # type: ignore[method-assign] - the loop is not ours
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_at = self._real  # type: ignore[method-assign] - as it was

    def _count(self, *args: Any, **kwargs: Any) -> asyncio.TimerHandle:
        self.timers += 1
        return self._real(*args, **kwargs)


async def _after(turns: int, work: Callable[..., Awaitable[object]]) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)
    await work("done")


@pytest.mark.parametrize("turns", [0, 1, 50])
async def test_an_ack_wakes_the_answer_and_nothing_polls_for_it(turns: int) -> None:
    """Back with Bolt's poll, every wait for an ack is a timer of 10 ms, again and again."""
    app, runner = bolt()

    @app.command("/go")
    async def go(ack: Any) -> None:
        await _after(turns, ack)

    with Turns() as loop:
        response = await dispatch(app, COMMAND)
    assert app.listener_runner is runner
    assert response.body == "done"
    # One timer at most, and that one is the deadline of 3 s.
    assert loop.timers <= 1


async def test_bolts_own_runner_does_poll_so_the_test_above_can_fail() -> None:
    app = bolts_own()

    @app.command("/go")
    async def go(ack: Any) -> None:
        await asyncio.sleep(0.05)
        await ack("done")

    with Turns() as loop:
        await dispatch(app, COMMAND)
    assert loop.timers > 2


async def test_an_event_is_acknowledged_before_its_listener_runs() -> None:
    app, runner = bolt()
    started, finish = asyncio.Event(), asyncio.Event()

    @app.event("team_join")
    async def joined() -> None:
        started.set()
        await finish.wait()

    assert (await dispatch(app, EVENT)).status == 200
    await started.wait()
    assert len(runner.running) == 1
    finish.set()
    assert await runner.drain(timedelta(seconds=1)) == 0
    assert not runner.running


async def test_a_listener_that_never_acks_is_not_waited_for_beyond_its_deadline() -> None:
    app, runner = bolt()

    @app.command("/go")
    async def go() -> None:
        await asyncio.Event().wait()

    quick(app, 0.01)
    assert (await dispatch(app, COMMAND)).status == 404
    assert await runner.drain(timedelta(0)) == 1


async def test_an_error_before_the_ack_is_answered_by_the_error_handler() -> None:
    app, _ = bolt()

    @app.command("/go")
    async def go() -> None:
        raise LookupError("nothing there")

    @app.error
    async def failed(error: Exception) -> BoltResponse:
        return BoltResponse(status=200, body=f"sorry: {error}")

    response = await dispatch(app, COMMAND)
    assert (response.status, response.body) == (200, "sorry: nothing there")


async def test_an_error_after_the_ack_reaches_the_error_handler_and_leaves_the_ack() -> None:
    app, runner = bolt()
    told: list[Exception] = []

    @app.command("/go")
    async def go(ack: Any) -> None:
        await ack("fine")
        raise LookupError("nothing there")

    @app.error
    async def failed(error: Exception, response: BoltResponse | None) -> None:
        assert response is None
        told.append(error)

    assert (await dispatch(app, COMMAND)).body == "fine"
    await runner.drain(timedelta(seconds=1))
    assert [str(error) for error in told] == ["nothing there"]


async def test_an_error_handler_that_fails_is_logged_and_slack_still_gets_an_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app, _ = bolt()

    @app.command("/go")
    async def go() -> None:
        raise LookupError("first")

    @app.error
    async def failed() -> None:
        raise RuntimeError("second")

    assert (await dispatch(app, COMMAND)).status == 500
    assert "The error handler failed itself" in caplog.text


async def test_the_first_answer_stands() -> None:
    app, _ = bolt()

    @app.command("/go")
    async def go(ack: Any) -> None:
        await ack("first")
        await ack("second")

    assert (await dispatch(app, COMMAND)).body == "first"


async def test_draining_cuts_off_what_takes_too_long_and_says_how_much() -> None:
    app, runner = bolt()
    ends: list[str] = []

    @app.event("team_join")
    async def joined() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ends.append("cut")

    await dispatch(app, EVENT)
    await dispatch(app, EVENT)
    assert await runner.drain(timedelta(seconds=0.02)) == 2
    assert ends == ["cut", "cut"]


async def test_draining_waits_for_the_error_handler_too() -> None:
    app, runner = bolt()
    told: list[str] = []

    @app.event("team_join")
    async def joined() -> None:
        raise LookupError("late")

    @app.error
    async def failed(error: Exception) -> None:
        await asyncio.sleep(0.01)
        told.append(str(error))

    await dispatch(app, EVENT)
    assert await runner.drain(timedelta(seconds=1)) == 0
    assert told == ["late"]


async def test_a_lazy_listener_is_refused_rather_than_run_without_its_services() -> None:
    app, _ = bolt()
    told = SimpleNamespace(error=None)

    async def go(ack: Any) -> None:
        await ack()

    app.command("/go")(ack=go, lazy=[go])

    @app.error
    async def failed(error: Exception) -> None:
        told.error = error

    await dispatch(app, COMMAND)
    assert "lazy listener" in str(told.error)
