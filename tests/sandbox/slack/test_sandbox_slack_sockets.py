"""Socket Mode, with the real SDK client at the other end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from integrations.sandbox.slack.rules import Rules
from tests.sandbox.slack.slack_stage import GENERAL, HOME, Stage, manifest, modal, section, stage

SOCKETS = manifest(socket_mode_enabled=True)


class Ear:
    """Hears requests on a socket and acknowledges them as told."""

    def __init__(self) -> None:
        self.heard: list[SocketModeRequest] = []
        self.payload: dict | None = None
        self.deaf = False

    async def __call__(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        self.heard.append(request)
        if not self.deaf:
            response = SocketModeResponse(request.envelope_id, self.payload)
            await client.send_socket_mode_response(response)


@asynccontextmanager
async def listening(s: Stage) -> AsyncIterator[Ear]:
    app_token = s.slack.teams[HOME].workspace.app_token
    client = SocketModeClient(app_token, web_client=s.client(), auto_reconnect_enabled=False)
    ear = Ear()
    client.socket_mode_request_listeners.append(ear)
    await client.connect()
    try:
        yield ear
    finally:
        await client.close()


async def test_everything_comes_by_socket_and_nothing_by_http():
    async with stage(SOCKETS) as s, listening(s) as ear:
        assert (await s.ada.command("/go now", GENERAL)).ok
        command = ear.heard[0]
        assert (command.type, command.accepts_response_payload) == ("slash_commands", True)
        assert command.payload["text"] == "now"
        await s.client().views_open(
            trigger_id=command.payload["trigger_id"], view=modal(section("x"))
        )
        ear.payload = {"response_action": "update", "view": modal(section("by socket"))}
        assert (await s.ada.submit()).ok
        assert "by socket" in s.ada.modal
        ear.payload = None
        s.ada.visit("home")
        await s.slack.events.settled()
        assert [r.type for r in ear.heard] == ["slash_commands", "interactive", "events_api"]
        assert s.app.delivered == []


async def test_a_reply_by_socket_is_shown():
    async with stage(SOCKETS) as s, listening(s) as ear:
        ear.payload = {"text": "hello back"}
        await s.ada.command("/go", GENERAL)
        assert "hello back" in s.ada.messages(GENERAL)[-1]


async def test_each_payload_goes_to_one_socket():
    async with stage(SOCKETS) as s, listening(s) as one, listening(s) as two:
        for _ in range(4):
            await s.ada.command("/go", GENERAL)
        assert (len(one.heard), len(two.heard)) == (2, 2)


async def test_silence_is_a_timeout_and_no_socket_a_failed_dispatch():
    rules = Rules(ack_seconds=0.1, retry_delays=(0.0,))
    async with stage(SOCKETS, rules) as s:
        assert (await s.ada.command("/go")).error == "dispatch_failed"
        async with listening(s) as ear:
            ear.deaf = True
            assert (await s.ada.command("/go")).error == "operation_timeout"
            s.ada.visit("home")
            await s.slack.events.settled()
            events = [r for r in ear.heard if r.type == "events_api"]
            assert [(e.retry_attempt, e.retry_reason) for e in events] == [
                (0, ""),
                (1, "http_timeout"),
            ]


async def test_sockets_are_sent_away_on_demand():
    async with stage(SOCKETS) as s:
        url = await socket_url(s)
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
            hello = await socket.receive_json()
            assert hello["type"] == "hello"
            assert hello["connection_info"] == {"app_id": "A0SEGUITO"}
            await s.slack.delivery.sockets.disconnect("warning")
            assert (await socket.receive_json())["reason"] == "warning"
            leaving = asyncio.create_task(s.slack.delivery.sockets.disconnect())
            assert (await socket.receive_json())["reason"] == "refresh_requested"
            assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
            await leaving
        with pytest.raises(aiohttp.WSServerHandshakeError):
            async with aiohttp.ClientSession() as session:
                await session.ws_connect(url)


async def test_an_app_without_socket_mode_is_sent_away_at_once():
    async with stage() as s, aiohttp.ClientSession() as session:
        socket = await session.ws_connect(await socket_url(s))
        assert (await socket.receive_json())["reason"] == "link_disabled"
        await socket.close()


async def test_socket_mode_can_be_switched_on_beside_the_manifest():
    async with stage(rules=Rules(socket_mode=True)) as s, listening(s) as ear:
        await s.ada.command("/go")
        assert len(ear.heard) == 1


async def test_a_bot_token_opens_no_socket():
    async with stage(SOCKETS) as s:
        token = s.slack.teams[HOME].workspace.bot_token
        with pytest.raises(SlackApiError, match="not_allowed_token_type"):
            await s.client().apps_connections_open(app_token=token)


async def socket_url(s: Stage) -> str:
    app_token = s.slack.teams[HOME].workspace.app_token
    return (await s.client().apps_connections_open(app_token=app_token))["url"]
