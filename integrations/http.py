"""How vendors are called: deadlines, retries where they are safe, user agent, log and latency."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
import structlog

from integrations.errors import (
    AuthExpired,
    IntegrationError,
    RateLimited,
    RefusedByVendor,
    Unreachable,
)

T = TypeVar("T")
Observe = Callable[[str, str, int, float], None]

USER_AGENT = "Seguito"
DEADLINE = timedelta(seconds=20)
CONNECT = timedelta(seconds=5)
PAUSES = (0.1, 0.5)  # seconds before the second and the third try
SHORT_WAIT = timedelta(seconds=2)  # a wait the vendor asks for that nobody would notice
USUAL_WAIT = timedelta(seconds=60)  # when the vendor does not say how long
LONGEST_WAIT = timedelta(hours=1)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SAFE = {"safe": True}  # a request extension: this POST only reads, so it may be sent twice
BROKEN = frozenset({500, 502, 503, 504})
NEAREST = {RateLimited: 429, AuthExpired: 401, RefusedByVendor: 400}
SECONDS = re.compile(r"\d{1,9}(\.\d+)?")

log = structlog.get_logger(__name__)


def unobserved(vendor: str, operation: str, status: int, seconds: float) -> None:
    """Told of every request: `status` is 0 when no answer came, `seconds` what it took."""


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """How a vendor is called.

    `deadline` ends a whole call with its retries (None: the vendor's usual one); `observe` hears of
    every request, for the latency metric.
    """

    deadline: timedelta | None = None
    observe: Observe = unobserved


class CallResult:
    """How a request ended, written while it is measured: its HTTP status, 0 for no answer."""

    def __init__(self) -> None:
        self.status = 0


def client(
    base_url: str,
    vendor: str,
    options: ClientOptions | None = None,
    wire: httpx.AsyncBaseTransport | None = None,
) -> httpx.AsyncClient:
    """The one maker of HTTP clients; make one per vendor, keep it, and `aclose()` it at the end.

    Requests name themselves with `extensions={"operation": …}`. A request that gets no answer
    raises Unreachable; every answer is returned, whatever its status.
    """
    options = options or ClientOptions()
    deadline = options.deadline or DEADLINE
    wire = wire or httpx.AsyncHTTPTransport()
    return httpx.AsyncClient(
        base_url=base_url,
        transport=_Patient(wire, vendor, deadline, options.observe),
        timeout=httpx.Timeout(deadline.total_seconds(), connect=CONNECT.total_seconds()),
        headers={"User-Agent": USER_AGENT, "Accept": "application/json"},
    )


@contextmanager
def observed(observe: Observe, vendor: str, operation: str) -> Iterator[CallResult]:
    """Measure one request; whoever makes it writes the status into the outcome.

    Where an SDK hides the status, one is put there that fits our error.
    """
    outcome = CallResult()
    begun = time.perf_counter()
    try:
        yield outcome
    except IntegrationError as error:
        outcome.status = outcome.status or NEAREST.get(type(error), 0)
        raise
    finally:
        seconds = time.perf_counter() - begun
        log.info(
            "vendor.request",
            vendor=vendor,
            operation=operation,
            status=outcome.status,
            ms=round(seconds * 1000),
        )
        observe(vendor, operation, outcome.status, seconds)


async def in_thread(
    executor: Executor, work: Callable[[], T], vendor: str, deadline: timedelta
) -> T:
    """Run a blocking SDK's work; Unreachable when it is not back before the deadline."""
    try:
        async with asyncio.timeout(deadline.total_seconds()):
            return await asyncio.get_running_loop().run_in_executor(executor, work)
    except TimeoutError:
        raise Unreachable(vendor, "no answer before the deadline") from None


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """The Retry-After header (seconds or a date, RFC 9110 §10.2.3), at most an hour."""
    value = headers.get("retry-after", "").strip()
    if SECONDS.fullmatch(value):
        wait = timedelta(seconds=float(value))
    else:
        try:
            date = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
        wait = date.astimezone(UTC) - datetime.now(UTC)
    return min(max(wait, timedelta(0)), LONGEST_WAIT)


def credential(vendor: str, value: str) -> str:
    """The key if a header can carry it; else AuthExpired.

    HTTP libraries name an unfit header value in their errors: a mistyped key must not get there.
    """
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise AuthExpired(vendor, "not a key: empty, or with characters no key has")
    return value


def is_loopback(url: str) -> bool:
    """Whether the URL leads to this very machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


class _Patient(httpx.AsyncBaseTransport):
    """Sends again where nothing can happen twice; gives up when the whole call takes too long."""

    def __init__(
        self, wire: httpx.AsyncBaseTransport, vendor: str, deadline: timedelta, observe: Observe
    ) -> None:
        self._wire = wire
        self._vendor = vendor
        self._deadline = deadline
        self._observe = observe

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            async with asyncio.timeout(self._deadline.total_seconds()):
                return await self._patiently(request)
        except TimeoutError:
            raise Unreachable(self._vendor, "no answer before the deadline") from None

    async def aclose(self) -> None:
        await self._wire.aclose()

    async def _patiently(self, request: httpx.Request) -> httpx.Response:
        pauses = iter(PAUSES)
        while True:
            pause = next(pauses, None)
            try:
                response = await self._once(request)
                pause = _pause_after(request, response, pause)
                if pause is None:
                    return response
            except httpx.TransportError as error:
                if pause is None or not _may_repeat(request, error):
                    # Not chained: the library may quote the request's headers in its message.
                    raise Unreachable(self._vendor, type(error).__name__) from None
            await asyncio.sleep(pause)

    async def _once(self, request: httpx.Request) -> httpx.Response:
        operation = request.extensions.get("operation", request.method)
        with observed(self._observe, self._vendor, operation) as outcome:
            response = await self._wire.handle_async_request(request)
            # Read here, so that the deadline covers the body too.
            await response.aread()
            outcome.status = response.status_code
            return response


def _is_safe(request: httpx.Request) -> bool:
    return request.method in SAFE_METHODS or bool(request.extensions.get("safe"))


def _may_repeat(request: httpx.Request, error: httpx.TransportError) -> bool:
    if isinstance(error, httpx.LocalProtocolError | httpx.UnsupportedProtocol):
        return False
    never_sent = httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout
    return _is_safe(request) or isinstance(error, never_sent)


def _pause_after(
    request: httpx.Request, response: httpx.Response, pause: float | None
) -> float | None:
    """Seconds until the next try, or None when this answer is the one to return."""
    if pause is None or not _is_safe(request):
        return None
    asked = retry_after(response.headers)
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS or asked is not None:
        short = asked is not None and asked <= SHORT_WAIT
        waits = response.status_code in BROKEN | {httpx.codes.TOO_MANY_REQUESTS}
        return asked.total_seconds() if asked is not None and short and waits else None
    return pause if response.status_code in BROKEN else None
