"""What a customer's subscriptions give, why, and what operators do about it."""

from aiohttp import web

from handlers.http.kit.context import operator, services
from handlers.http.kit.endpoints import Endpoint, answer, read, routes_of
from views.api.billing.access import BilledCustomerAnswer, StripeLinkBody, customer_answer

ROOT = "/api/billing/customers/{id}"


async def find_access(request: web.Request) -> web.Response:
    """A customer's access, judged now."""
    await operator(request)
    billing = services(request).billing
    return answer(customer_answer(await billing.explaining.of_customer(request.match_info["id"])))


async def refresh_access(request: web.Request) -> web.Response:
    """Ask Stripe afresh, and judge anew."""
    await operator(request)
    billing, customer_id = services(request).billing, request.match_info["id"]
    await billing.desk.refresh(customer_id)
    return answer(customer_answer(await billing.explaining.of_customer(customer_id)))


async def link_customer(request: web.Request) -> web.Response:
    """Bind a customer of Stripe's to this one."""
    who = await operator(request)
    body, customer_id = await read(request, StripeLinkBody), request.match_info["id"]
    billing = services(request).billing
    await billing.desk.link(who, customer_id, body.stripe_customer_id)
    return answer(customer_answer(await billing.explaining.of_customer(customer_id)))


async def cancel_second(request: web.Request) -> web.Response:
    """Cancel and refund a second subscription."""
    who = await operator(request)
    billing = services(request).billing
    customer_id = await billing.desk.cancel_and_refund(who, request.match_info["id"])
    return answer(customer_answer(await billing.explaining.of_customer(customer_id)))


ENDPOINTS = (
    Endpoint(
        "GET",
        ROOT,
        find_access,
        "Get a customer's access and why",
        "billing",
        "admin",
        answers={200: BilledCustomerAnswer},
        description="The rule that decided, and the subscription, invoices, events and effects "
        "that it stands on; the same as `/seguito why` in Slack.",
    ),
    Endpoint(
        "POST",
        f"{ROOT}/refresh",
        refresh_access,
        "Ask Stripe again",
        "billing",
        "admin",
        answers={200: BilledCustomerAnswer},
        description="Looks at every subscription of the customer and derives the access anew. "
        "409 when Stripe refuses the secret key.",
        errors=(409,),
    ),
    Endpoint(
        "POST",
        f"{ROOT}/link",
        link_customer,
        "Link a customer of Stripe's",
        "billing",
        "admin",
        StripeLinkBody,
        answers={200: BilledCustomerAnswer},
        errors=(409,),
        description="For one that was made elsewhere. Equal e-mail addresses are never enough: an "
        "operator says that it is the same. Events that were parked for it are handled then.",
    ),
    Endpoint(
        "POST",
        "/api/billing/subscriptions/{id}/cancel-and-refund",
        cancel_second,
        "Cancel and refund a second subscription",
        "billing",
        "admin",
        answers={200: BilledCustomerAnswer},
        errors=(409,),
        description="Ends it at Stripe and gives its last payment back. The subscription that "
        "counts is refused.",
    ),
)


def routes() -> list[web.RouteDef]:
    """Access of customers."""
    return routes_of(ENDPOINTS)
