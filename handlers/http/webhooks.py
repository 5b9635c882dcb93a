"""Outgoing webhooks over HTTP: endpoints and what became of their messages."""

from aiohttp import web

from handlers.http.kit.context import REPEATS, operator, services
from handlers.http.kit.endpoints import Endpoint, answer, read, read_query, routes_of
from views.api.webhooks import (
    DeliveryAnswer,
    DeliveryPage,
    DeliveryQuery,
    EndpointAnswer,
    EndpointList,
    NewEndpointAnswer,
    NewEndpointBody,
    TestAnswer,
    created_answer,
    delivery_answer,
    delivery_page,
    endpoint_answer,
)


async def list_webhooks(request: web.Request) -> web.Response:
    """Every endpoint."""
    await operator(request)
    found = await services(request).webhooks.endpoints.listed()
    return answer(EndpointList(webhooks=[endpoint_answer(one) for one in found]))


async def create_webhook(request: web.Request) -> web.Response:
    """A new endpoint, and its secret once."""
    who = await operator(request)
    body = await read(request, NewEndpointBody)
    created = await services(request).webhooks.endpoints.create(who, body.url, tuple(body.events))
    return answer(created_answer(created), 201)


async def test_webhook(request: web.Request) -> web.Response:
    """A message only to try it out."""
    who = await operator(request)
    message_id = await services(request).webhooks.endpoints.test(who, request.match_info["id"])
    return answer(TestAnswer(message_id=message_id), 202)


async def enable_webhook(request: web.Request) -> web.Response:
    """On again."""
    who = await operator(request)
    endpoint = await services(request).webhooks.endpoints.enable(who, request.match_info["id"])
    return answer(endpoint_answer(endpoint))


async def delete_webhook(request: web.Request) -> web.Response:
    """Gone, with what was on its way there."""
    who = await operator(request)
    await services(request).webhooks.endpoints.delete(who, request.match_info["id"])
    return web.Response(status=204)


async def list_deliveries(request: web.Request) -> web.Response:
    """What was sent there, the newest first."""
    await operator(request)
    asked = read_query(request, DeliveryQuery)
    found = await services(request).webhooks.endpoints.deliveries(
        request.match_info["id"], before=asked.cursor, limit=asked.limit + 1
    )
    return answer(delivery_page(found, asked.limit))


async def redeliver(request: web.Request) -> web.Response:
    """One message again."""
    who = await operator(request)
    path = request.match_info
    delivery = await services(request).webhooks.endpoints.redeliver(
        who, path["id"], path["message_id"]
    )
    return answer(delivery_answer(delivery), 202)


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/webhooks",
        list_webhooks,
        "List endpoints",
        "webhooks",
        "admin",
        answers={200: EndpointList},
    ),
    Endpoint(
        "POST",
        "/api/webhooks",
        create_webhook,
        "Add an endpoint",
        "webhooks",
        "admin",
        NewEndpointBody,
        answers={201: NewEndpointAnswer},
        errors=(409,),
        description="Messages are signed as Standard Webhooks says; the secret is shown once.",
        headers=REPEATS,
    ),
    Endpoint(
        "POST",
        "/api/webhooks/{id}/test",
        test_webhook,
        "Send a test message",
        "webhooks",
        "admin",
        answers={202: TestAnswer},
        errors=(409,),
        headers=REPEATS,
    ),
    Endpoint(
        "POST",
        "/api/webhooks/{id}/enable",
        enable_webhook,
        "Switch an endpoint on again",
        "webhooks",
        "admin",
        answers={200: EndpointAnswer},
    ),
    Endpoint(
        "DELETE",
        "/api/webhooks/{id}",
        delete_webhook,
        "Delete an endpoint",
        "webhooks",
        "admin",
        answers={204: ""},
    ),
    Endpoint(
        "GET",
        "/api/webhooks/{id}/deliveries",
        list_deliveries,
        "List an endpoint's deliveries",
        "webhooks",
        "admin",
        answers={200: DeliveryPage},
        query=DeliveryQuery,
    ),
    Endpoint(
        "POST",
        "/api/webhooks/{id}/deliveries/{message_id}/redeliver",
        redeliver,
        "Send one message again",
        "webhooks",
        "admin",
        answers={202: DeliveryAnswer},
        errors=(409,),
        headers=REPEATS,
    ),
)


def routes() -> list[web.RouteDef]:
    """Everything under /api/webhooks."""
    return routes_of(ENDPOINTS)
