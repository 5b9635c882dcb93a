"""Slack's other door: deliveries over a socket that we open, no public address needed."""

import orjson
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient
from structlog import get_logger

from bot.slack.deliveries import FAILED, Deliveries, DeliveryReply, Malformed
from handlers.slack.outbound.reach import code_of

PING_SECONDS = 10

log = get_logger("slack.socket")


class RefusedSocket(Exception):
    """Slack does not open a socket for this app token; the text names Slack's reason."""


class SocketDoor:
    """One socket to Slack, opened anew whenever it ends; Slack itself vouches for what comes."""

    def __init__(self, deliveries: Deliveries, app_token: str, slack: AsyncWebClient) -> None:
        """`app_token` is the `xapp-` one with the scope connections:write."""
        self._deliveries = deliveries
        self._app_token = app_token
        self._slack = slack
        self._client: SocketModeClient | None = None

    async def connect(self) -> None:
        """Open the socket; raises RefusedSocket for a bad token, keeps trying otherwise."""
        client = SocketModeClient(
            self._app_token, web_client=self._slack, ping_interval=PING_SECONDS
        )
        client.socket_mode_request_listeners.append(self._receive)
        self._client = client
        try:
            # Asked here first: the client's own loop would retry a wrong token for ever.
            client.wss_uri = await client.issue_new_wss_url()
        except SlackApiError as error:
            await self.close()
            raise RefusedSocket(code_of(error)) from error
        except (ClientError, TimeoutError):
            log.warning("slack.socket_waits")
        # slack_sdk left this method without types.
        await client.connect()  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        """Take no more deliveries; Slack gives them to another socket of ours, or repeats them."""
        if self._client is not None:
            # slack_sdk left this method without types.
            await self._client.close()  # type: ignore[no-untyped-call]
            self._client = None

    async def _receive(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        retry = request.retry_attempt or 0
        headers = {"x-slack-retry-num": str(retry)} if retry else {}
        try:
            answer = await self._deliveries.deliver(request.payload, headers)
        except Malformed:
            # Acknowledged all the same: Slack would only send it again.
            answer = DeliveryReply()
            log.warning("slack.malformed", kind=request.type)
        if request.type == "events_api" and answer.status >= FAILED:
            # Not acknowledged, so that Slack delivers the event once more.
            return
        await client.send_socket_mode_response(
            SocketModeResponse(request.envelope_id, _payload(answer))
        )


def _payload(answer: DeliveryReply) -> dict[str, object] | None:
    if answer.is_json:
        payload: dict[str, object] = orjson.loads(answer.body)
        return payload
    return {"text": answer.body} if answer.body else None
