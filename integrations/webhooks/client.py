"""Posts a message to an address somebody gave us: to the checked address only, nothing followed."""

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import timedelta

import httpx

from integrations.errors import RefusedByVendor
from integrations.http import ClientOptions, client, retry_after
from integrations.json_fields import one_line
from integrations.webhooks.addresses import VENDOR, resolve
from integrations.webhooks.types import AddressPolicy, WebhookReply

DEADLINE = timedelta(seconds=15)
MAX_ANSWER = 1024
EXCERPT = 200
PORTS = {"https": 443, "http": 80}
KEPT = frozenset({"content-type", "retry-after"})


class WebhookClient:
    """Calls receivers; make one and `close` it at the end."""

    def __init__(self, reach: AddressPolicy, options: ClientOptions | None = None) -> None:
        """`options.deadline` ends a whole call; usually 15 seconds."""
        options = options or ClientOptions()
        options = ClientOptions(deadline=options.deadline or DEADLINE, observe=options.observe)
        self._http = client("", VENDOR, options, wire=CheckedTransport(reach))

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> WebhookReply:
        """What the receiver says, whatever it is.

        Raises Unreachable when nobody answers, Refused when the address may not be called or is
        none.
        """
        given = {**headers, "Content-Type": "application/json", "Accept-Encoding": "identity"}
        called = {"operation": "deliver"}
        try:
            response = await self._http.post(url, content=body, headers=given, extensions=called)
        except (httpx.InvalidURL, KeyError):
            # Not chained: the message may quote the address, which may hold a secret.
            raise RefusedByVendor(
                VENDOR, "bad_address", "the address cannot be posted to"
            ) from None
        excerpt = response.content[:EXCERPT].decode(errors="replace")
        return WebhookReply(response.status_code, one_line(excerpt), retry_after(response.headers))

    async def close(self) -> None:
        """Give connections back."""
        await self._http.aclose()


class CheckedTransport(httpx.AsyncBaseTransport):
    """Connects to addresses that were looked up and allowed, and reads no more than a little."""

    def __init__(self, reach: AddressPolicy, wire: httpx.AsyncBaseTransport | None = None) -> None:
        """`wire` makes the connections; by default new ones each time, so that no name uses a
        connection whose certificate was another's."""
        limits = httpx.Limits(max_keepalive_connections=0)
        self._wire = wire or httpx.AsyncHTTPTransport(limits=limits)
        self._reach = reach

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer's head and first kilobyte."""
        host = request.url.host
        port = request.url.port or PORTS[request.url.scheme]
        response = await self._reached(request, await resolve(host, port, self._reach))
        return httpx.Response(
            response.status_code,
            # Never decoded: a small compressed answer may be a very large one.
            headers=[(k, v) for k, v in response.headers.multi_items() if k in KEPT],
            stream=_Beginning(response),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        """Give connections back."""
        await self._wire.aclose()

    async def _reached(self, request: httpx.Request, addresses: tuple[str, ...]) -> httpx.Response:
        *others, last = addresses
        for address in others:
            # A machine without IPv6 gets no further than the next one.
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return await self._wire.handle_async_request(_called(request, address))
        return await self._wire.handle_async_request(_called(request, last))


def _called(request: httpx.Request, address: str) -> httpx.Request:
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        # The Host header still says the name, and the certificate must be the name's.
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )


class _Beginning(httpx.AsyncByteStream):
    def __init__(self, response: httpx.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = MAX_ANSWER
        stream = self._response.stream
        if not isinstance(stream, httpx.AsyncByteStream):
            raise TypeError("an asynchronous transport has asynchronous streams")
        async for part in stream:
            yield part[:left]
            left -= len(part)
            if left <= 0:
                return

    async def aclose(self) -> None:
        await self._response.aclose()
