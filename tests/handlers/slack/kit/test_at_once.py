"""Requests whose receipt is all there is to answer: the door does, before the listener runs."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import cast

import pytest
from slack_bolt.async_app import AsyncApp
from structlog.testing import capture_logs

from bot.process.metrics import Metrics
from bot.slack.deliveries import Deliveries, DeliveryReply
from db.store.session import Database
from handlers.slack.kit.context import Turn
from handlers.slack.kit.payloads import Click, Command
from services.errors import Invalid
from tests.kit.door_listeners import TIRED, failing
from tests.kit.door_stage import click, command_body, on_message, stage


class NoWay:
    """An app that fails before any listener."""

    async def async_dispatch(self, request: object) -> None:
        raise LookupError("no way")


async def test_the_answer_comes_first_and_the_listener_runs_once(database: Database) -> None:
    async with stage(database) as s:
        began: list[str] = []
        finish = asyncio.Event()

        async def go(turn: Turn, command: Command) -> None:
            began.append(command.text)
            await finish.wait()

        s.listeners.command("/go", go, at_once=True)
        raw, content_type = command_body(s, text="now")
        # The second is a replay of the first and gets its answer.
        answers = [await s.signed(raw, content_type) for _ in range(2)]
        assert [(answer.status, answer.text) for answer in answers] == [(200, "")] * 2
        assert "seguito_slack_at_work 1.0" in s.metrics.render().decode()
        finish.set()
        await s.settled()
        assert "seguito_slack_at_work 0.0" in s.metrics.render().decode()
        assert began == ["now"]
        assert 'seguito_slack_ack_seconds_count{kind="command"} 1.0' in s.metrics.render().decode()


async def test_an_id_with_a_suffix_is_answered_like_its_listener(database: Database) -> None:
    async with stage(database) as s:
        pressed: list[str] = []
        finish = asyncio.Event()

        async def press(turn: Turn, click: Click) -> None:
            await finish.wait()
            pressed.append(click.action_id)

        s.listeners.action("press", press, at_once=True)
        assert (await s.interact(click("press:7", **on_message(s)))).status == 200
        finish.set()
        await s.settled()
        assert pressed == ["press:7"]


async def test_what_fails_afterwards_is_told(database: Database) -> None:
    async with stage(database) as s:
        s.listeners.command("/go", failing(Invalid(TIRED)), at_once=True)
        assert (await s.command()).text == ""
        await s.settled()
        assert any("The machine is tired." in str(call) for call in s.fake.calls)


@pytest.mark.parametrize("at_once", [True, False])
async def test_whoever_clicks_goes_ahead_of_the_chats(at_once: bool) -> None:
    deliveries = Deliveries(cast(AsyncApp, NoWay()), Metrics())
    deliveries.at_once = lambda kind, body: at_once
    went: list[str] = []

    @contextmanager
    def priority() -> Iterator[None]:
        went.append("ahead")
        try:
            yield
        finally:
            went.append("answered")

    deliveries.priority = priority
    body = {"command": "/go", "team_id": "T1", "user_id": "U1", "trigger_id": "1.3"}
    with suppress(LookupError):
        await deliveries.deliver(body)
    await deliveries.drain(timedelta(seconds=1))
    assert went == ["ahead", "answered"]


async def test_a_failure_on_the_way_to_a_listener_is_logged() -> None:
    deliveries = Deliveries(cast(AsyncApp, NoWay()), Metrics())
    deliveries.at_once = lambda kind, body: True
    body = {"command": "/go", "team_id": "T1", "user_id": "U1", "trigger_id": "1.2"}
    with capture_logs() as logged:
        assert await deliveries.deliver(body) == DeliveryReply()
        await deliveries.drain(timedelta(seconds=1))
    assert [line["event"] for line in logged] == ["slack.not_dispatched"]
