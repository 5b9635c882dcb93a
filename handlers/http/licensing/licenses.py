"""Licenses over HTTP: issued, found, and every verb that changes one."""

from uuid import uuid4

from aiohttp import web

from handlers.http.kit.context import operator, services
from handlers.http.kit.endpoints import answer, read, read_query
from services.actors import Operator
from views.api.licensing.licenses import (
    BudgetBody,
    LicenseQuery,
    OrderBody,
    ReasonBody,
    RenewBody,
    RotateBody,
    TransferBody,
    issued_answer,
    license_answer,
    license_page,
    read_order,
    read_overlap,
    read_search,
)


async def create(request: web.Request) -> web.Response:
    """One license, once per Idempotency-Key."""
    who = await operator(request)
    order = read_order(await read(request, OrderBody))
    issued = await services(request).licensing.licenses.issue(who, order, _request_id(who))
    return answer(issued_answer(issued), 201)


async def search(request: web.Request) -> web.Response:
    """The newest first."""
    await operator(request)
    asked = read_query(request, LicenseQuery)
    found = await services(request).licensing.licenses.search(read_search(asked))
    return answer(license_page(found, asked.limit))


async def find(request: web.Request) -> web.Response:
    """One license."""
    await operator(request)
    return answer(license_answer(await services(request).licensing.licenses.find(_id(request))))


async def renew(request: web.Request) -> web.Response:
    """Add months."""
    who = await operator(request)
    body = await read(request, RenewBody)
    renewed = await services(request).licensing.licenses.renew(who, _id(request), body.months)
    return answer(license_answer(renewed))


async def suspend(request: web.Request) -> web.Response:
    """Stop it until it is reinstated."""
    who = await operator(request)
    body = await read(request, ReasonBody)
    suspended = await services(request).licensing.licenses.suspend(who, _id(request), body.reason)
    return answer(license_answer(suspended))


async def reinstate(request: web.Request) -> web.Response:
    """End a suspension."""
    who = await operator(request)
    return answer(
        license_answer(await services(request).licensing.licenses.reinstate(who, _id(request)))
    )


async def cancel(request: web.Request) -> web.Response:
    """End it for good."""
    who = await operator(request)
    body = await read(request, ReasonBody)
    cancelled = await services(request).licensing.licenses.cancel(who, _id(request), body.reason)
    return answer(license_answer(cancelled))


async def rotate(request: web.Request) -> web.Response:
    """A new key."""
    who = await operator(request)
    overlap = read_overlap(await read(request, RotateBody))
    return answer(
        issued_answer(await services(request).licensing.licenses.rotate(who, _id(request), overlap))
    )


async def transfer(request: web.Request) -> web.Response:
    """Another holder."""
    who = await operator(request)
    body = await read(request, TransferBody)
    moved = await services(request).licensing.licenses.transfer(who, _id(request), body.email)
    return answer(license_answer(moved))


async def deliver(request: web.Request) -> web.Response:
    """E-mail the key."""
    who = await operator(request)
    request_id = _request_id(who) if who.request else ""
    sent = await services(request).licensing.licenses.deliver(
        who, _id(request), request_id=request_id
    )
    return answer(license_answer(sent), 202)


async def limit_budget(request: web.Request) -> web.Response:
    """What its AI requests may cost a month."""
    who = await operator(request)
    body = await read(request, BudgetBody)
    licenses = services(request).licensing.licenses
    limited = await licenses.limit_budget(who, _id(request), body.budget_micro)
    return answer(license_answer(limited))


def _id(request: web.Request) -> str:
    return request.match_info["id"]


def _request_id(who: Operator) -> str:
    """What makes a repeat the same request: the caller's own word, within their own key."""
    return f"http:{who.id}:{who.request}" if who.request else f"http:{uuid4().hex}"
