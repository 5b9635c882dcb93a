"""The middleware every request to an imitated vendor passes: its journal entry and its faults.

A route belongs to a vendor when it has a name of the form `vendor:operation`. A route with a
`{method}` in its path (Slack's Web API) takes the operation from there.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from aiohttp import web
from aiohttp.typedefs import Middleware

from integrations.sandbox.kit.faults import Fault, Faults
from integrations.sandbox.kit.journal import Exchange, Journal
from integrations.sandbox.kit.masking import Mask
from integrations.sandbox.kit.plugin import Vendor

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

FAULT = web.RequestKey("fault", Fault)
STOPPING = web.AppKey("stopping", asyncio.Event)
NEVER = 900.0  # seconds; longer than any client waits
PEEK = 0.05  # seconds between two looks at whether the client has gone


def operation_of(request: web.Request) -> tuple[str, str] | None:
    """Vendor and operation of a request; None when its route is nobody's (panel, health)."""
    name = request.match_info.route.resource.name if request.match_info.route.resource else None
    vendor, colon, operation = (name or "").partition(":")
    if not colon:
        return None
    return vendor, request.match_info.get("method", operation)


def vendor_middleware(
    journal: Journal, faults: Faults, vendors: Mapping[str, Vendor]
) -> Middleware:
    """Journals and spoils the requests to every vendor; `vendors` are found by their names."""

    @web.middleware
    async def pass_through(request: web.Request, handler: Handler) -> web.StreamResponse:
        target = operation_of(request)
        if target is None:
            return await handler(request)
        begun = time.perf_counter()
        fault = faults.take(*target)
        response: web.StreamResponse | None = None
        try:
            response = await _answer(request, handler, vendors[target[0]], fault)
        except web.HTTPException as error:
            response = error
            raise
        finally:
            elapsed = (time.perf_counter() - begun) * 1000
            seen = await _exchange(request, response, target, fault, journal.mask)
            journal.record(replace(seen, ms=elapsed))
        return response

    return pass_through


async def _answer(
    request: web.Request, handler: Handler, vendor: Vendor, fault: Fault | None
) -> web.StreamResponse:
    if fault is None:
        return await handler(request)
    request[FAULT] = fault
    # What arrived whole is carried out, even if the client is gone by then.
    await request.read()
    if fault.kind == "status":
        return vendor.error_response(fault.status, fault.code, fault.retry_after)
    if fault.kind == "timeout":
        await _never_answer(request)
        return web.Response(status=504)
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    # A stream is on its way before its handler ends: it is spoiled instead of begun.
    begins = not (fault.kind in ("malformed", "lost_reply") and await _asks_for_stream(request))
    response = await handler(request) if begins else web.Response()
    if fault.kind == "error_mid_stream" and isinstance(response, web.Response):
        return vendor.error_response(500)
    if fault.kind == "malformed":
        return web.Response(text='{"data": [', content_type="application/json")
    if fault.kind in ("lost_reply", "cut", "cut_stream"):
        await _cut(request, response, fault.kind)
    return response


async def _asks_for_stream(request: web.Request) -> bool:
    try:
        body = json.loads(await request.read())
    except ValueError:
        return False
    return isinstance(body, dict) and body.get("stream") is True


async def _never_answer(request: web.Request) -> None:
    stopping = request.app.get(STOPPING)
    waited = 0.0
    while waited < NEVER and not _gone(request) and not (stopping and stopping.is_set()):
        await asyncio.sleep(PEEK)
        waited += PEEK


def _gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


async def _cut(request: web.Request, response: web.StreamResponse, kind: str) -> None:
    """Drops the connection after the work was done: with no answer, or in the middle of it."""
    if request.transport is None:
        return
    if kind in ("cut", "cut_stream") and isinstance(response, web.Response):
        body = response.body if isinstance(response.body, bytes) else b""
        head = f"HTTP/1.1 {response.status} OK\r\nContent-Length: {len(body) + 1}\r\n"
        head += f"Content-Type: {response.content_type}\r\n\r\n"
        request.transport.write(head.encode() + body[: len(body) // 2])
        await asyncio.sleep(PEEK)
    request.transport.close()


async def _exchange(
    request: web.Request,
    response: web.StreamResponse | None,
    target: tuple[str, str],
    fault: Fault | None,
    mask: Mask,
) -> Exchange:
    dropped = fault is not None and fault.kind in ("lost_reply", "timeout")
    return Exchange(
        direction="in",
        vendor=target[0],
        method=request.method,
        path=request.path,
        status=0 if response is None or dropped else response.status,
        ms=0.0,
        request=await _seen_request(request, target[1], mask),
        response=_seen_response(response, fault, mask),
    )


async def _seen_request(request: web.Request, operation: str, mask: Mask) -> dict[str, object]:
    body = await request.read() if request.can_read_body or request.body_exists else b""
    return {
        "operation": operation,
        "query": mask.readable(request.query_string.encode(), "application/x-www-form-urlencoded"),
        "headers": mask.headers(request.headers),
        "body": mask.readable(body, request.content_type),
    }


def _seen_response(
    response: web.StreamResponse | None, fault: Fault | None, mask: Mask
) -> dict[str, object]:
    seen: dict[str, object] = {"fault": fault.kind if fault else None}
    if response is not None:
        seen["headers"] = mask.headers(response.headers)
    if isinstance(response, web.Response) and isinstance(response.body, bytes):
        seen["body"] = mask.readable(response.body, response.content_type)
    return seen
