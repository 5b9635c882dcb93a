"""One session to all providers for the life of the process: bytes out, bytes back, metered."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from types import ModuleType

import aiohttp
from yarl import URL

from integrations.errors import IntegrationError, RefusedByVendor, Unreachable
from integrations.http import CONNECT, USER_AGENT, ClientOptions, credential
from integrations.providers import anthropic, anthropic_stream, deepseek, openai
from integrations.providers.errors import NO_SENTENCE, BrokeOff, TimedOut, failure
from integrations.providers.types import ANTHROPIC, DEEPSEEK, OPENAI, Ask, Meter, Reply, Target

OK = 200
KEEP_ALIVE = 75.0  # seconds
LARGEST_ANSWER = 33_554_432  # bytes
LARGE_BODY = 1_048_576  # bytes
LAST_BYTES = timedelta(seconds=1)
LONGEST_COMPLAINT = 65_536  # bytes of an error's body that are read
# Awaited when a request is ready, before a connection is taken for it.
Permit = Callable[[], Awaitable[object]]
WIRES: Mapping[str, ModuleType] = {OPENAI: openai, ANTHROPIC: anthropic, DEEPSEEK: deepseek}


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long a provider may take: to begin a stream, between its chunks, for a whole answer."""

    begin: timedelta = timedelta(seconds=60)
    idle: timedelta = timedelta(seconds=90)
    whole: timedelta = timedelta(minutes=10)


class Models:
    """Asks any model of the three providers; `close()` it at the end.

    Raises Unreachable (of it TimedOut and BrokeOff), RateLimited, AuthExpired, or Refused, whose
    `code` is the provider's sentence, cleaned. Nothing is sent twice.
    """

    def __init__(
        self,
        base_urls: Mapping[str, str],
        *,
        timeouts: Timeouts | None = None,
        options: ClientOptions | None = None,
    ) -> None:
        """`base_urls` by provider, as the vendors' own SDKs take them."""
        self._urls = {name: URL(base_urls[name].rstrip("/") + WIRES[name].PATH) for name in WIRES}
        self._timeouts = timeouts or Timeouts()
        self._observe = (options or ClientOptions()).observe
        whole, connect = self._timeouts.whole.total_seconds(), CONNECT.total_seconds()
        idle = self._timeouts.idle.total_seconds()
        self._timeout = aiohttp.ClientTimeout(whole, sock_connect=connect)
        self._streaming = aiohttp.ClientTimeout(whole, sock_connect=connect, sock_read=idle)
        self._session: aiohttp.ClientSession | None = None

    def unable(self, provider: str, ask: Ask) -> str:
        """The field of the request that this provider cannot serve; "" when there is none."""
        field: str = WIRES[provider].unable(ask)
        return field

    async def reply(self, target: Target, ask: Ask, permit: Permit) -> Reply:
        """The whole answer; what `permit` raises passes unchanged, and nothing has left then."""
        leaving = _Leaving(permit)
        status = 0
        try:
            response = await self._send(target, ask, leaving)
            async with response:
                status = response.status
                raw = await _body(response, target.provider)
        except TimeoutError:
            raise TimedOut(target.provider, "no answer before the deadline") from None
        except (aiohttp.ClientError, OSError) as error:
            # Not chained: the library may quote the request's headers in its message.
            raise Unreachable(target.provider, type(error).__name__) from None
        finally:
            self._tell(target, "chat", status, leaving)
        reply: Reply = WIRES[target.provider].reply(target.provider, raw, ask)
        return reply

    async def stream(self, target: Target, ask: Ask, permit: Permit) -> "Stream":
        """The answer as it is written, once its first bytes are there; `close()` it.

        `permit` as in `reply`.
        """
        leaving = _Leaving(permit)
        response: aiohttp.ClientResponse | None = None
        try:
            async with asyncio.timeout(self._timeouts.begin.total_seconds()):
                response = await self._send(target, ask, leaving)
                if response.status != OK:
                    await _body(response, target.provider)
                stream = Stream(target.provider, response, meter_of(target.provider, ask))
                await stream.begin()
        except asyncio.CancelledError:
            if response:
                response.close()
            raise
        except (aiohttp.ClientError, OSError, IntegrationError) as error:
            if response:
                response.close()
            raise _in_our_words(target.provider, error) from None
        finally:
            self._tell(target, "stream", response.status if response else 0, leaving)
        return stream

    async def close(self) -> None:
        """Close the connections."""
        if self._session:
            await self._session.close()

    def _tell(self, target: Target, operation: str, status: int, leaving: "_Leaving") -> None:
        if leaving.at is not None:
            self._observe(target.provider, operation, status, time.perf_counter() - leaving.at)

    async def _send(self, target: Target, ask: Ask, leaving: "_Leaving") -> aiohttp.ClientResponse:
        if self._session is None:
            self._session = _session(self._timeout)
        try:
            body = WIRES[target.provider].request(ask, target)
        except TypeError:
            # JSON that only Python can read: a number of more than 64 bits, 255 levels deep.
            raise RefusedByVendor(target.provider, NO_SENTENCE) from None
        return await self._session.post(
            self._urls[target.provider],
            # What is large goes out piece by piece: others are heard in between.
            data=body if len(body) < LARGE_BODY else BytesIO(body),
            headers=_headers(target),
            timeout=self._streaming if ask.stream else self._timeout,
            allow_redirects=False,
            middlewares=(leaving,),
        )


class _Leaving:
    """aiohttp's middleware: a request that is written down waits for its permit to leave."""

    __slots__ = ("_permit", "at")

    def __init__(self, permit: Permit) -> None:
        self._permit = permit
        # By the clock of `time.perf_counter`; None until it has left.
        self.at: float | None = None

    async def __call__(
        self, request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        await self._permit()
        self.at = time.perf_counter()
        return await send(request)


class Stream:
    """A stream that has begun: what the client may see of it, piece by piece."""

    def __init__(self, provider: str, response: aiohttp.ClientResponse, meter: Meter) -> None:
        self.meter = meter
        self._provider = provider
        self._response = response
        self._first = b""
        self._resting: asyncio.ReadTransport | None = None

    async def begin(self) -> None:
        """Wait for the first bytes; Unreachable when there are none, or only a failure."""
        while not self._first:
            chunk = await self._response.content.readany()
            if not chunk:
                raise Unreachable(self._provider, "an empty stream")
            self._first = self.meter.feed(chunk)
            if self.meter.failure and not self._first:
                raise Unreachable(self._provider, self.meter.failure)

    async def read(self) -> bytes:
        """The next whole events, b"" after the last.

        Raises BrokeOff when the provider says so or its connection ends too early, TimedOut when
        it falls silent.
        """
        if self._first:
            first, self._first = self._first, b""
            return first
        self._wake()
        if self.meter.failure:
            raise BrokeOff(self._provider, self.meter.failure)
        if self.meter.finished:
            await self._rest()
            return b""
        return await self._next()

    @property
    def is_over(self) -> bool:
        """Whether the provider has said all; the last of it may still be to be read."""
        return self.meter.finished or bool(self.meter.failure)

    def rest(self) -> None:
        """Leave what comes to the socket until the next `read`: it is then read at once."""
        connection = self._response.connection
        transport = connection.transport if connection else None
        if transport is not None and not transport.is_closing():
            transport.pause_reading()
            self._resting = transport

    def close(self) -> None:
        """Give the connection back; one that has not been read to its end is closed."""
        if self._response.content.at_eof():
            self._response.release()
        else:
            self._response.close()

    def _wake(self) -> None:
        transport, self._resting = self._resting, None
        if transport is not None and not transport.is_closing():
            transport.resume_reading()

    async def _next(self) -> bytes:
        shown = b""
        while not shown:
            try:
                chunk = await self._response.content.readany()
            except (aiohttp.ClientError, OSError) as error:
                raise _broken(self._provider, error) from None
            shown = self.meter.feed(chunk) if chunk else self.meter.end()
            if self.meter.failure and not shown:
                raise BrokeOff(self._provider, self.meter.failure)
            if not chunk and not self.meter.finished:
                raise BrokeOff(self._provider, "the stream ended without its end")
            if not chunk:
                break
        return shown

    async def _rest(self) -> None:
        """The answer is whole; a connection that ends properly can be used again."""
        with suppress(aiohttp.ClientError, OSError):
            async with asyncio.timeout(LAST_BYTES.total_seconds()):
                while await self._response.content.readany():
                    pass


def meter_of(provider: str, ask: Ask) -> Meter:
    """The provider's way of reading a stream."""
    return (
        anthropic_stream.AnthropicMeter(ask) if provider == ANTHROPIC else openai.OpenAIMeter(ask)
    )


def _session(timeout: aiohttp.ClientTimeout) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE),
        timeout=timeout,
        cookie_jar=aiohttp.DummyCookieJar(),
    )


def _headers(target: Target) -> Mapping[str, str]:
    headers = {
        "Authorization": f"Bearer {credential(target.provider, target.key)}",
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        # What passes through must be what the client can read.
        "Accept-Encoding": "identity",
    }
    if target.provider == ANTHROPIC:
        headers["anthropic-version"] = anthropic.VERSION
    return headers


async def _body(response: aiohttp.ClientResponse, provider: str) -> bytes:
    """The whole body of a success; raises what any other answer means."""
    if response.status != OK:
        complaint = await response.content.read(LONGEST_COMPLAINT)
        raise failure(provider, response.status, response.headers, complaint)
    if (response.content_length or 0) > LARGEST_ANSWER:
        raise Unreachable(provider, "the answer is too large")
    return await response.read()


def _in_our_words(provider: str, error: Exception) -> IntegrationError:
    if isinstance(error, IntegrationError):
        return error
    if isinstance(error, TimeoutError):
        return TimedOut(provider, "no first byte before the deadline")
    return Unreachable(provider, type(error).__name__)


def _broken(provider: str, error: Exception) -> IntegrationError:
    if isinstance(error, TimeoutError):
        return TimedOut(provider, "silent in mid-stream")
    return BrokeOff(provider, type(error).__name__)
