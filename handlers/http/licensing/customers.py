"""Customers over HTTP."""

from aiohttp import web

from handlers.http.kit.context import operator, services
from handlers.http.kit.endpoints import Endpoint, answer, read, read_query, routes_of
from views.api.licensing.customers import (
    CustomerAnswer,
    CustomerBody,
    CustomerPage,
    CustomerQuery,
    NewCustomerBody,
    customer_answer,
    customer_page,
    read_customer_changes,
    read_new_customer,
)


async def search(request: web.Request) -> web.Response:
    """A page of customers that match, newest first."""
    await operator(request)
    asked = read_query(request, CustomerQuery)
    found = await services(request).licensing.customers.search(
        asked.search, limit=asked.limit + 1, after=asked.cursor
    )
    return answer(customer_page(found, asked.limit))


async def create(request: web.Request) -> web.Response:
    """Create a customer; 201 with it."""
    who = await operator(request)
    new = read_new_customer(await read(request, NewCustomerBody))
    customer = await services(request).licensing.customers.create(who, new)
    return answer(customer_answer(customer), 201)


async def find(request: web.Request) -> web.Response:
    """One customer by id; 404 when there is none."""
    await operator(request)
    customer = await services(request).licensing.customers.find(request.match_info["id"])
    return answer(customer_answer(customer))


async def update(request: web.Request) -> web.Response:
    """Change the fields that are sent, and no others."""
    who = await operator(request)
    changes = read_customer_changes(await read(request, CustomerBody))
    customer_id = request.match_info["id"]
    customer = await services(request).licensing.customers.update(who, customer_id, changes)
    return answer(customer_answer(customer))


async def delete(request: web.Request) -> web.Response:
    """Delete one with everything it owns."""
    who = await operator(request)
    await services(request).billing.desk.delete(who, request.match_info["id"])
    return web.Response(status=204)


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/customer",
        search,
        "List and search customers",
        "customers",
        "admin",
        answers={200: CustomerPage},
        query=CustomerQuery,
    ),
    Endpoint(
        "POST",
        "/api/customer",
        create,
        "Create a customer",
        "customers",
        "admin",
        NewCustomerBody,
        answers={201: CustomerAnswer},
        errors=(409,),
    ),
    Endpoint(
        "GET",
        "/api/customer/{id}",
        find,
        "Get a customer",
        "customers",
        "admin",
        answers={200: CustomerAnswer},
    ),
    Endpoint(
        "PUT",
        "/api/customer/{id}",
        update,
        "Change a customer",
        "customers",
        "admin",
        CustomerBody,
        answers={200: CustomerAnswer},
        errors=(409,),
        description="Blocking a customer suspends all of its licenses at once.",
    ),
    Endpoint(
        "DELETE",
        "/api/customer/{id}",
        delete,
        "Delete a customer and everything it owns",
        "customers",
        "admin",
        answers={204: ""},
        description="Subscriptions are cancelled at Stripe first; licenses, sites, usage and "
        "e-mails go with it, for good. 503 while Stripe is away: nothing was deleted, ask again.",
    ),
)


def routes() -> list[web.RouteDef]:
    """Everything under /api/customer."""
    return routes_of(ENDPOINTS)
