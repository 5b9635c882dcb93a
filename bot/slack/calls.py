"""Calls to Slack's Web API: one session for all, safe retries, and how long they took."""

from time import perf_counter
from types import SimpleNamespace

from aiohttp import (
    ClientSession,
    ClientTimeout,
    TCPConnector,
    TraceConfig,
    TraceRequestEndParams,
    TraceRequestExceptionParams,
    TraceRequestStartParams,
)
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from yarl import URL

from bot.process.metrics import Metrics

CALL_SECONDS = 10
CONNECTIONS = 100
KEEPALIVE_SECONDS = 55


def session(metrics: Metrics) -> ClientSession:
    """The one session; without it slack_sdk shakes hands anew for each call."""
    return ClientSession(
        connector=TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEEPALIVE_SECONDS),
        timeout=ClientTimeout(total=CALL_SECONDS),
        trace_configs=[_trace(metrics)],
    )


def web_client(api_url: str, session: ClientSession, token: str = "") -> AsyncWebClient:
    """A client over `session`; waits once when Slack asks it to slow down."""
    return AsyncWebClient(
        token=token or None,
        base_url=api_url,
        timeout=CALL_SECONDS,
        session=session,
        retry_handlers=[
            AsyncConnectionErrorRetryHandler(),
            AsyncRateLimitErrorRetryHandler(max_retry_count=1),
        ],
    )


async def ask_for_token(
    client: AsyncWebClient, app: tuple[str, str], **asked: str
) -> AsyncSlackResponse:
    """oauth.v2.access as the app with this id and secret; raises as slack_sdk does.

    In the form, which Slack takes as well: the SDK's header is made by a part of aiohttp that goes.
    https://docs.slack.dev/reference/methods/oauth.v2.access
    """
    client_id, client_secret = app
    form = {"client_id": client_id, "client_secret": client_secret, **asked}
    return await client.api_call("oauth.v2.access", data=form)


def _trace(metrics: Metrics) -> TraceConfig:
    async def start(
        _: ClientSession, call: SimpleNamespace, params: TraceRequestStartParams
    ) -> None:
        call.began = perf_counter()

    async def end(_: ClientSession, call: SimpleNamespace, params: TraceRequestEndParams) -> None:
        took = perf_counter() - call.began
        metrics.vendor("slack", _operation(params.url), params.response.status, took)

    async def failed(
        _: ClientSession, call: SimpleNamespace, params: TraceRequestExceptionParams
    ) -> None:
        metrics.vendor("slack", _operation(params.url), 0, perf_counter() - call.began)

    trace = TraceConfig()
    trace.on_request_start.append(start)
    trace.on_request_end.append(end)
    trace.on_request_exception.append(failed)
    return trace


def _operation(url: URL) -> str:
    """The Web API's method; a response_url is secret and different each time."""
    return url.name if "/api/" in url.path else "response_url"
